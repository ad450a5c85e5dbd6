/** A cell as trimmed text; empty where it says nothing. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Lower case without accents: how words of files are compared. */
function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

function lookup<Value>(words: Readonly<Record<string, Value>>, text: string): Value | undefined {
  const word = folded(text);
  return Object.hasOwn(words, word) ? words[word] : undefined;
}

const CONSENTS: Readonly<Record<string, 'granted' | 'denied'>> = {
  ...Object.fromEntries(
    ['1', 'true', 'yes', 'y', 'oui', 'o', 'vrai', 'granted', 'opt_in', 'optin', 'accepte'].map(
      (word) => [word, 'granted' as const],
    ),
  ),
  ...Object.fromEntries(
    ['0', 'false', 'no', 'n', 'non', 'faux', 'denied', 'opt_out', 'optout', 'refuse'].map(
      (word) => [word, 'denied' as const],
    ),
  ),
};

/** What a cell says of a consent; undefined where it is no known word. */
export function consentOf(text: string): 'granted' | 'denied' | undefined {
  return lookup(CONSENTS, text);
}

const OPEN = ['open', 'opened', 'new', 'pending', 'in_progress', 'reopened', 'ouvert', 'ouverte'];
const OPEN_FR = ['nouveau', 'nouvelle', 'en_cours', 'a_faire', 'todo', 'planned', 'planifie'];
const CLOSED = ['closed', 'resolved', 'solved', 'done', 'completed', 'clos', 'close', 'cloturee'];
const CLOSED_FR = ['ferme', 'fermee', 'resolu', 'resolue', 'traite', 'traitee', 'termine', 'faite'];
const DECLINED = ['declined', 'refused', 'cancelled', 'canceled', 'rejected', 'annule', 'annulee'];

const STATUSES: Readonly<Record<string, 'open' | 'closed' | 'declined'>> = Object.fromEntries([
  ...[...OPEN, ...OPEN_FR].map((word) => [word, 'open'] as const),
  ...[...CLOSED, ...CLOSED_FR, 'terminee', 'fait', 'cloture'].map(
    (word) => [word, 'closed'] as const,
  ),
  ...[...DECLINED, 'refuse', 'refusee', 'ecarte'].map((word) => [word, 'declined'] as const),
]);

/** Where a complaint or a task stands; undefined where it is no known word. */
export function statusOf(text: string): 'open' | 'closed' | 'declined' | undefined {
  return lookup(STATUSES, text);
}

const OUTCOMES: Readonly<Record<string, string>> = {
  fait: 'done',
  faite: 'done',
  joint: 'reached',
  jointe: 'reached',
  interesse: 'interested',
  interessee: 'interested',
  commande: 'ordered',
  a_commande: 'ordered',
  pas_de_reponse: 'no_answer',
  injoignable: 'no_answer',
  pas_interesse: 'not_interested',
  pas_interessee: 'not_interested',
  refuse: 'declined',
};

/** How a task ended, in the words scenarios wait for where it is one of them. */
export function taskOutcomeOf(text: string): string {
  return (lookup(OUTCOMES, text) ?? folded(text)).slice(0, 60);
}
