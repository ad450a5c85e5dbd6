import type { Locale } from '#libs/kernel';

/** Where on its way a contact was withheld; a closed list, in the order of the checks. */
export const GATE_STAGES = [
  'request',
  'holdout',
  'address',
  'suppression',
  'consent',
  'holds',
  'caps',
  'quiet_hours',
  'content',
] as const;

/** One stage of the closed list. */
export type GateStage = (typeof GATE_STAGES)[number];

interface ReasonEntry {
  readonly stage: GateStage;
  readonly fr: string;
  readonly en: string;
}

const entry = (stage: GateStage, fr: string, en: string): ReasonEntry => ({ stage, fr, en });

const REASONS = {
  request_invalid: entry(
    'request',
    "La demande d'envoi est incomplète ou illisible",
    'The request to send is incomplete or unreadable',
  ),
  enrolment_ended: entry(
    'request',
    "Le parcours de la personne s'est terminé avant l'envoi",
    "The person's enrolment ended before the send",
  ),
  purpose_unknown: entry(
    'request',
    "La finalité n'est pas déclarée dans policies.yaml",
    'The purpose is not declared in policies.yaml',
  ),
  sector_forbidden: entry(
    'request',
    'La prospection est interdite à ce secteur',
    'Prospecting is forbidden in this sector',
  ),
  holdout: entry(
    'holdout',
    'La personne fait partie du groupe témoin non sollicité',
    'The person is in the holdout group',
  ),
  group_unknown: entry(
    'holdout',
    'Le groupe de la personne est inconnu',
    "The person's group is unknown",
  ),
  no_address: entry(
    'address',
    "Aucune adresse n'est connue pour ce canal",
    'No address is known for this channel',
  ),
  address_invalid: entry(
    'address',
    "L'adresse pour ce canal n'est pas valide",
    'The address for this channel is not valid',
  ),
  no_sender: entry(
    'address',
    "Aucun expéditeur n'est configuré pour cet envoi",
    'No sender is configured for this send',
  ),
  suppression_unknown: entry(
    'suppression',
    "Les exclusions n'ont pas pu être lues",
    'Suppressions could not be read',
  ),
  suppressed_hard_bounce: entry(
    'suppression',
    "L'adresse n'existe pas : un message est revenu en erreur définitive",
    'The address does not exist: a message bounced for good',
  ),
  suppressed_soft_bounces: entry(
    'suppression',
    "L'adresse a refusé trop de messages d'affilée",
    'The address bounced too many messages',
  ),
  suppressed_complaint: entry(
    'suppression',
    'La personne a signalé un message comme indésirable',
    'The person reported a message as spam',
  ),
  suppressed_unsubscribed: entry(
    'suppression',
    "La personne s'est désabonnée",
    'The person has unsubscribed',
  ),
  suppressed_erased: entry(
    'suppression',
    "La personne a demandé l'effacement de ses données",
    'The person asked for their data to be erased',
  ),
  suppressed_manual: entry(
    'suppression',
    'La personne ou son adresse a été exclue à la main',
    'The person or address was suppressed by hand',
  ),
  suppressed_rest: entry(
    'suppression',
    "L'action est au repos pour cette personne, qui l'a ignorée plusieurs fois",
    'The action is at rest for this person, who ignored it several times',
  ),
  consent_unknown: entry(
    'consent',
    "Aucun consentement n'est connu pour ce canal et cette finalité",
    'No consent is known for this channel and purpose',
  ),
  consent_denied: entry(
    'consent',
    'La personne a refusé ce canal ou cette finalité',
    'The person refused this channel or purpose',
  ),
  consent_basis_not_allowed: entry(
    'consent',
    "La base légale du consentement n'est pas admise pour cette finalité",
    'The legal basis of the consent is not allowed for this purpose',
  ),
  consent_proof_missing: entry(
    'consent',
    'Le consentement est sans preuve',
    'The consent comes without proof',
  ),
  consent_no_purchase: entry(
    'consent',
    "L'exception des clients existants demande un achat",
    'The exception for existing customers needs a purchase',
  ),
  consent_not_professional: entry(
    'consent',
    "L'intérêt légitime ne vaut que pour un professionnel et un message lié à son métier",
    'Legitimate interest holds only for a professional and a message about their job',
  ),
  hold_unknown: entry(
    'holds',
    "Une mise en attente n'a pas pu être évaluée",
    'A hold could not be evaluated',
  ),
  held: entry(
    'holds',
    'Les envois à cette personne sont en attente',
    'Messages to this person are on hold',
  ),
  cap: entry('caps', 'La pression commerciale maximale est atteinte', 'The contact cap is reached'),
  cap_unknown: entry(
    'caps',
    "Les contacts déjà comptés n'ont pas pu être lus",
    'Contacts already counted could not be read',
  ),
  cap_invalid: entry(
    'caps',
    'Un plafond de policies.yaml est illisible',
    'A cap of policies.yaml cannot be read',
  ),
  quiet_hours: entry(
    'quiet_hours',
    "L'envoi tombe hors des heures permises",
    'The send falls outside permitted hours',
  ),
  quiet_hours_too_far: entry(
    'quiet_hours',
    'La prochaine heure permise est à plus de 96 heures',
    'The next permitted hour is more than 96 hours away',
  ),
  quiet_hours_unknown: entry(
    'quiet_hours',
    "Les heures permises n'ont pas pu être déterminées",
    'Permitted hours could not be determined',
  ),
  zone_unknown: entry(
    'quiet_hours',
    "Aucun fuseau horaire valable n'est connu",
    'No valid time zone is known',
  ),
  country_unknown: entry(
    'quiet_hours',
    'Les jours fériés du pays sont inconnus',
    'The public holidays of the country are unknown',
  ),
  action_limit: entry(
    'caps',
    "La limite de l'action est atteinte",
    "The action's limit is reached",
  ),
  action_not_valid: entry(
    'content',
    "L'action n'est pas ou plus en vigueur",
    'The action is not in force',
  ),
  no_treatment: entry(
    'content',
    "Aucun traitement de l'action n'est possible",
    'No treatment of the action is possible',
  ),
  content_missing_variable: entry(
    'content',
    'Une variable du modèle manque',
    'A variable of the template is missing',
  ),
  no_owner: entry(
    'address',
    "Le compte n'a pas de responsable à qui confier la tâche",
    'The account has no owner to give the task to',
  ),
} as const satisfies Record<string, ReasonEntry>;

/** Why a contact was withheld; a closed list. */
export type WithheldReason = keyof typeof REASONS;

/** Every reason, for documentation and closed columns. */
export const WITHHELD_REASONS = Object.keys(REASONS) as readonly WithheldReason[];

/** The stage a reason belongs to. */
export function stageOf(reason: WithheldReason): GateStage {
  return REASONS[reason].stage;
}

/** A sentence without its full stop, the detail in brackets: `... atteinte (email 2/2, 7 d)`. */
export function reasonText(reason: WithheldReason, locale: Locale, detail = ''): string {
  const text = REASONS[reason][locale];
  return detail === '' ? text : `${text} (${detail})`;
}
