import type { IdentityRule, ProfileRules } from './rules.js';

/** E.164 of a phone number as written, or null where it is none. Given by the host. */
export type NormalisePhone = (text: string) => string | null;

const MAX_ID_LENGTH = 512;

// Values that stand for nobody. A profile found by one of them would swallow everybody.
const NOBODY = new Set([
  '',
  '-',
  '--',
  '?',
  '0',
  '00000000-0000-0000-0000-000000000000',
  'anon',
  'anonymous',
  'anonyme',
  'deleted',
  'email@example.com',
  'false',
  'guest',
  'id',
  'infinity',
  'invite',
  'inconnu',
  'invité',
  'n/a',
  'na',
  'nan',
  'nil',
  'no-reply',
  'noemail@noemail.com',
  'none',
  'noreply@example.com',
  'not_authenticated',
  'not-authenticated',
  'null',
  'object',
  '[object object]',
  'test',
  'test@example.com',
  'test@test.com',
  'todo',
  'true',
  'undefined',
  'unknown',
  'user',
  'visitor',
]);
const ZEROS = /^[0\s._-]+$/;
// ASCII without blanks on the left, a dotted domain on the right; no quoted local parts.
const EMAIL = /^[^\s@"(),:;<>[\\\]]{1,64}@[^\s@"(),:;<>[\\\]]+\.[^\s@"(),:;<>[\\\].]{2,63}$/u;

/** Whether a value stands for nobody in particular: `null`, `0000`, `test@test.com`. */
export function isBlocked(value: string): boolean {
  return NOBODY.has(value.trim().toLowerCase()) || ZEROS.test(value);
}

/** Lower case, trimmed; null where it is no address. Idempotent. */
export function normaliseEmail(text: string): string | null {
  const email = text.normalize('NFC').trim().toLowerCase();
  if (email.length > 254 || !EMAIL.test(email) || email.includes('..')) return null;
  const [local = ''] = email.split('@');
  return local.startsWith('.') || local.endsWith('.') ? null : email;
}

/** An id ready for look-up. */
export interface UsableId {
  readonly ns: string;
  readonly value: string;
  /** Rank of its namespace: 0 is the strongest. */
  readonly rank: number;
  /** The source vouches for it. */
  readonly isVouched: boolean;
}

/** Why an id was not used. */
export type IdRefusal =
  | 'unknown_namespace'
  | 'source_not_allowed'
  | 'blocked_value'
  | 'not_normalisable'
  | 'unique_violated'
  | 'limit_reached'
  | 'not_mergeable'
  | 'merge_cap'
  | 'identity_cap'
  | 'cannot_link';

/** What the ids of one message amount to. */
export interface ReadIds {
  /** Strongest first. */
  readonly usable: readonly UsableId[];
  readonly refused: readonly { readonly ns: string; readonly reason: IdRefusal }[];
}

/** What `readIds` needs of a message. */
export interface IdsGiven {
  readonly ids: Readonly<Record<string, string>>;
  readonly source: string;
  readonly verified?: readonly string[] | undefined;
}

function normalised(rule: IdentityRule, value: string, phone: NormalisePhone): string | null {
  if (rule.normalise === 'email') return normaliseEmail(value);
  if (rule.normalise === 'phone') return phone(value);
  const text = value.normalize('NFC').trim();
  return text.length === 0 || text.length > MAX_ID_LENGTH ? null : text;
}

/** Reads the ids of a message, strongest first; what cannot be used is told with its reason. */
export function readIds(given: IdsGiven, rules: ProfileRules, phone: NormalisePhone): ReadIds {
  const usable: UsableId[] = [];
  const refused: { ns: string; reason: IdRefusal }[] = [];
  const kind = rules.sources[given.source]?.kind;
  const isTrusted = kind === 'offline' || kind === 'crm' || kind === 'engine';
  for (const [ns, raw] of Object.entries(given.ids)) {
    const rank = rules.identities.findIndex((rule) => rule.ns === ns);
    const rule = rules.identities[rank];
    if (rule === undefined) {
      refused.push({ ns, reason: 'unknown_namespace' });
      continue;
    }
    if (rule.from !== undefined && !rule.from.includes(given.source)) {
      refused.push({ ns, reason: 'source_not_allowed' });
      continue;
    }
    const value = isBlocked(raw) ? undefined : normalised(rule, raw, phone);
    if (value === undefined || value === null) {
      refused.push({ ns, reason: value === undefined ? 'blocked_value' : 'not_normalisable' });
      continue;
    }
    const isVouched = isTrusted || given.verified?.includes(ns) === true;
    usable.push({ ns, value, rank, isVouched });
  }
  usable.sort((left, right) => left.rank - right.rank);
  return { usable, refused };
}
