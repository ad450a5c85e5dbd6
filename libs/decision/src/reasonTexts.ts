import type { Locale } from '#libs/kernel';
import { reasonText, WITHHELD_REASONS, type WithheldReason } from '#libs/policy';
import type { DECISION_REASONS, Reason } from './stages.js';
import type { FallbackReason } from './types.js';

/** A text in both languages of the interface. */
export type Bilingual = Readonly<Record<Locale, string>>;

const DECISION_TEXTS: Readonly<Record<(typeof DECISION_REASONS)[number], Bilingual>> = {
  inactive: { fr: 'action désactivée', en: 'the action is switched off' },
  not_yet_valid: { fr: 'pas encore valable', en: 'not valid yet' },
  expired: { fr: "n'est plus valable", en: 'no longer valid' },
  paused: { fr: 'action en pause', en: 'the action is paused' },
  channel_unavailable: { fr: 'canal indisponible', en: 'the channel is not available' },
  not_eligible: { fr: 'la personne ne peut pas y prétendre', en: 'the person is not eligible' },
  not_applicable: { fr: 'sans objet en ce moment', en: 'does not apply at the moment' },
  not_suitable: { fr: 'ne convient pas à cette personne', en: 'not right for this person' },
  missing_data: {
    fr: 'données manquantes, donc écartée par prudence',
    en: 'data is missing, so it was ruled out to be safe',
  },
  rule_error: {
    fr: "une règle n'a pas pu être évaluée, donc écartée par prudence",
    en: 'a rule could not be evaluated, so it was ruled out to be safe',
  },
  limit_reached: {
    fr: "limite totale de l'action atteinte",
    en: "the action's total limit is reached",
  },
  budget_spent: { fr: 'budget épuisé', en: 'the budget is spent' },
  model_immature: {
    fr: 'pas encore assez de résultats pour décider',
    en: 'not enough results yet to decide',
  },
  no_value: { fr: 'valeur inconnue', en: 'its value is not known' },
  not_scored: { fr: 'non comparée', en: 'it was not compared' },
  lower_score: { fr: 'gain attendu plus faible', en: 'a lower expected gain' },
  not_drawn: { fr: 'le tirage en a désigné une autre', en: 'the draw picked another' },
  listed_later: { fr: 'placée plus bas dans la liste', en: 'it comes later in the list' },
  not_business_as_usual: {
    fr: "n'est pas l'action habituelle du groupe de comparaison",
    en: 'not the usual action of the comparison group',
  },
  reservation_failed: {
    fr: "n'a pas pu être réservée",
    en: 'it could not be reserved',
  },
  highest_score: { fr: 'meilleur gain attendu au tirage', en: 'the best gain in the draw' },
  drawn: { fr: 'désignée par tirage au sort', en: 'picked by chance' },
  first_listed: { fr: 'première possible de la liste', en: 'the first possible of the list' },
  business_as_usual: {
    fr: 'action habituelle du groupe de comparaison',
    en: 'the usual action of the comparison group',
  },
  only_candidate: { fr: 'seule action possible', en: 'the only possible action' },
  fallback: { fr: 'action de secours', en: 'the fallback action' },
};

function withinSentence(reason: WithheldReason, locale: Locale): string {
  const text = reasonText(reason, locale);
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

const WITHHELD_TEXTS = Object.fromEntries(
  WITHHELD_REASONS.map((reason) => [
    reason,
    { fr: withinSentence(reason, 'fr'), en: withinSentence(reason, 'en') },
  ]),
) as Readonly<Record<WithheldReason, Bilingual>>;

/** Why a candidate lost or won, to be read after its name and a colon. */
export const REASON_TEXTS: Readonly<Record<Reason, Bilingual>> = {
  ...WITHHELD_TEXTS,
  ...DECISION_TEXTS,
};

/** Why the model's choice was not taken, as a sentence. */
export const FALLBACK_TEXTS: Readonly<Record<FallbackReason, Bilingual>> = {
  no_candidate: {
    fr: "Aucune action n'était possible.",
    en: 'No action was possible.',
  },
  holdout: {
    fr: 'La personne fait partie du groupe témoin : rien ne lui est envoyé.',
    en: 'The person is in the holdout: nothing is sent.',
  },
  business_as_usual_unavailable: {
    fr: "L'action habituelle du groupe de comparaison n'était pas possible.",
    en: 'The usual action of the comparison group was not possible.',
  },
  timeout: {
    fr: "La décision a pris trop de temps : l'action de secours s'applique.",
    en: 'The decision took too long: the fallback applies.',
  },
  error: {
    fr: "La décision a rencontré une erreur : l'action de secours s'applique.",
    en: 'The decision met an error: the fallback applies.',
  },
  model_unavailable: {
    fr: "Le modèle était indisponible : l'action de secours s'applique.",
    en: 'The model was not available: the fallback applies.',
  },
  missing_features: {
    fr: "Trop de données manquaient : l'action de secours s'applique.",
    en: 'Too much data was missing: the fallback applies.',
  },
};
