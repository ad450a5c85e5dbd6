import type { Locale } from '#libs/kernel';
import type { ProblemDocument } from './shared.js';

interface RefusalEntry {
  readonly code: string;
  readonly status: number;
  /** `{name}` is filled in. */
  readonly detail: { readonly fr: string; readonly en: string };
  readonly hint?: { readonly fr: string; readonly en: string };
}

const entry = (
  code: string,
  status: number,
  detail: RefusalEntry['detail'],
  hint?: RefusalEntry['hint'],
): RefusalEntry => ({ code, status, detail, ...(hint === undefined ? {} : { hint }) });

/** Every refusal of `/api`, by name. A code is never given to another refusal. */
export const API_REFUSALS = {
  not_signed_in: entry(
    'RLN-2101',
    401,
    { fr: 'Vous n’êtes pas connecté.', en: 'You are not signed in.' },
    {
      fr: 'Connectez-vous, ou donnez une clé : « Authorization: Bearer … ».',
      en: 'Sign in, or give a key: "Authorization: Bearer …".',
    },
  ),
  not_allowed: entry(
    'RLN-2102',
    403,
    { fr: 'Votre rôle ne permet pas cela.', en: 'Your role does not allow this.' },
    {
      fr: 'Demandez à un administrateur ; il faut : {roles}.',
      en: 'Ask an administrator; it takes: {roles}.',
    },
  ),
  not_found: entry(
    'RLN-2103',
    404,
    { fr: 'Ceci n’existe pas ici, ou plus.', en: 'This does not exist here, or no longer.' },
    { fr: 'Vérifiez l’adresse ou l’identifiant.', en: 'Check the address or the id.' },
  ),
  malformed: entry(
    'RLN-2104',
    400,
    { fr: 'La demande est mal formée.', en: 'The request is malformed.' },
    {
      fr: 'Voyez « issues » et /api/openapi.json.',
      en: 'See "issues" and /api/openapi.json.',
    },
  ),
  wrong_origin: entry(
    'RLN-2105',
    403,
    {
      fr: 'La demande vient d’un autre site que la console.',
      en: 'The request comes from another site than the console.',
    },
    {
      fr: 'Agissez depuis la console ; un programme prend une clé.',
      en: 'Act from the console; a program takes a key.',
    },
  ),
  wrong_password: entry(
    'RLN-2106',
    401,
    { fr: 'L’adresse ou le mot de passe est faux.', en: 'The e-mail or the password is wrong.' },
    {
      fr: 'Vérifiez la saisie ; un administrateur peut vous donner un lien de connexion.',
      en: 'Check what you typed; an administrator can give you a sign-in link.',
    },
  ),
  too_many_tries: entry(
    'RLN-2107',
    429,
    { fr: 'Trop d’essais.', en: 'Too many tries.' },
    { fr: 'Réessayez dans {seconds} s.', en: 'Try again in {seconds} s.' },
  ),
  link_used: entry(
    'RLN-2108',
    410,
    {
      fr: 'Ce lien a servi ou n’est plus valable.',
      en: 'This link was used or is no longer valid.',
    },
    {
      fr: 'Demandez un autre lien ; chacun ne sert qu’une fois.',
      en: 'Ask for another link; each works once.',
    },
  ),
  user_exists: entry(
    'RLN-2109',
    409,
    { fr: 'Cette adresse a déjà un compte.', en: 'This e-mail has a user already.' },
    { fr: 'Prenez une autre adresse.', en: 'Take another e-mail.' },
  ),
  too_large: entry(
    'RLN-2110',
    413,
    { fr: 'La demande est trop grosse.', en: 'The request is too large.' },
    { fr: 'La limite est {limit}.', en: 'The limit is {limit}.' },
  ),
  nothing_published: entry(
    'RLN-2111',
    409,
    { fr: 'Rien n’est encore publié ici.', en: 'Nothing is published here yet.' },
    { fr: 'Publiez un espace : « relance apply ».', en: 'Publish a workspace: "relance apply".' },
  ),
  has_problems: entry(
    'RLN-2112',
    422,
    {
      fr: 'L’espace de travail a des erreurs ; rien n’est publié.',
      en: 'The workspace has errors; nothing was published.',
    },
    { fr: 'Corrigez-les, puis recommencez.', en: 'Correct them, then try again.' },
  ),
  task_closed: entry(
    'RLN-2113',
    409,
    { fr: 'Cette tâche est close déjà.', en: 'This task is closed already.' },
    { fr: 'Rechargez la liste des tâches.', en: 'Reload the list of tasks.' },
  ),
  reserved_name: entry(
    'RLN-2114',
    400,
    {
      fr: 'Les noms « relance_… » sont ceux du moteur.',
      en: 'Names "relance_…" are the engine’s own.',
    },
    { fr: 'Donnez un autre nom à l’évènement.', en: 'Give the event another name.' },
  ),
  unknown_scenario: entry(
    'RLN-2040',
    404,
    { fr: 'Il n’y a pas de scénario « {scenario} ».', en: 'There is no scenario "{scenario}".' },
    {
      fr: 'Ceux en vigueur, le plus proche d’abord : {known}.',
      en: 'Those in force, the nearest first: {known}.',
    },
  ),
  nothing_named: entry(
    'RLN-2041',
    400,
    {
      fr: 'Rien ne dit sur quels parcours agir.',
      en: 'Nothing says which enrolments to act on.',
    },
    {
      fr: 'Donnez « ids », ou un filtre avec un scénario, une étape ou un souci.',
      en: 'Give "ids", or a filter with a scenario, a step or a trouble.',
    },
  ),
  draft_changed: entry(
    'RLN-2070',
    409,
    {
      fr: 'Quelqu’un a changé ce brouillon entre-temps ; rien n’est enregistré.',
      en: 'Somebody changed this draft meanwhile; nothing was saved.',
    },
    {
      fr: 'Rechargez le fichier, puis reprenez votre changement.',
      en: 'Reload the file, then make your change again.',
    },
  ),
  draft_behind: entry(
    'RLN-2071',
    409,
    {
      fr: 'Ce fichier a été publié autrement depuis : « {path} ».',
      en: 'This file was published otherwise since: "{path}".',
    },
    {
      fr: 'Comparez les deux textes, puis gardez le vôtre ou abandonnez-le.',
      en: 'Compare both texts, then keep yours or discard it.',
    },
  ),
  draft_path: entry(
    'RLN-2072',
    400,
    {
      fr: 'L’espace de travail n’a pas de fichier de ce nom : « {path} ».',
      en: 'A workspace has no file of this name: "{path}".',
    },
    {
      fr: 'Un scénario se trouve à la racine, « panier.yaml » ; voyez le guide pour les autres.',
      en: 'A scenario lies at the root, "cart.yaml"; see the guide for the others.',
    },
  ),
  scenario_exists: entry(
    'RLN-2073',
    409,
    { fr: 'Ce nom de scénario est pris : « {id} ».', en: 'This scenario’s id is taken: "{id}".' },
    { fr: 'Prenez un autre nom court.', en: 'Take another short name.' },
  ),
  draft_full: entry(
    'RLN-2074',
    409,
    {
      fr: 'Le brouillon tient déjà {limit} fichiers.',
      en: 'The draft holds {limit} files already.',
    },
    { fr: 'Publiez-en ou abandonnez-en.', en: 'Publish some of them, or discard some.' },
  ),
  store_away: entry(
    'RLN-2120',
    503,
    { fr: 'Le stockage ne répond pas.', en: 'The store does not answer.' },
    {
      fr: 'Rien n’est perdu : réessayez dans un instant. Voyez « relance doctor ».',
      en: 'Nothing is lost: try again in a moment. See "relance doctor".',
    },
  ),
  analytics_away: entry(
    'RLN-2121',
    503,
    { fr: 'ClickHouse ne répond pas.', en: 'ClickHouse does not answer.' },
    {
      fr: 'Le moteur continue ; réessayez dans un instant. Voyez « relance doctor ».',
      en: 'The engine goes on; try again in a moment. See "relance doctor".',
    },
  ),
  fault: entry(
    'RLN-2199',
    500,
    { fr: 'Une erreur de notre fait.', en: 'A fault of ours.' },
    {
      fr: 'Réessayez ; si cela dure, donnez le numéro {instance} à qui tient l’installation.',
      en: 'Try again; if it lasts, give the number {instance} to whoever runs the installation.',
    },
  ),
} as const satisfies Record<string, RefusalEntry>;

/** Name of a refusal. */
export type ApiRefusalName = keyof typeof API_REFUSALS;

/** A refusal with what its texts need. */
export interface ApiRefusal {
  readonly refusal: ApiRefusalName;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly extra?: Partial<Pick<ProblemDocument, 'problems' | 'issues' | 'instance'>>;
}

function filled(text: string, params: ApiRefusal['params'] = {}): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));
}

/** The document of a refusal in the caller's language. */
export function problemDocumentOf(refused: ApiRefusal, locale: Locale): ProblemDocument {
  const known: RefusalEntry = API_REFUSALS[refused.refusal];
  const { code, status, detail, hint } = known;
  return {
    type: `urn:relance:problem:${code.toLowerCase()}`,
    title: detail[locale],
    status,
    code,
    detail: filled(detail[locale], refused.params),
    ...(hint === undefined ? {} : { hint: filled(hint[locale], refused.params) }),
    ...refused.extra,
  };
}
