import { ownMember, type Json } from '#libs/kernel';
import { normaliseEmail, type NormalisePhone } from './normalise.js';
import { CAPS, type ProfileRules, type TraitRule } from './rules.js';

/** One source's statement of a trait, normalised. */
export interface Claim {
  readonly trait: string;
  readonly source: string;
  /** Never null: a null from a source takes its earlier statement back. */
  readonly value: Json;
  readonly atMs: number;
  /** Key of the event that said so; settles statements of one instant. */
  readonly eventKey: string;
  readonly isVerified: boolean;
}

/** A trait that was not taken over. */
export interface RefusedTrait {
  readonly trait: string;
  readonly reason: 'wrong_type' | 'out_of_range' | 'too_large' | 'reserved';
}

/** What a message says of a profile. */
export interface Statement {
  readonly traits: Readonly<Record<string, unknown>>;
  readonly source: string;
  readonly atMs: number;
  readonly eventKey: string;
  readonly verified: ReadonlySet<string>;
}

const RESERVED = new Set([
  'aggregates',
  'segments',
  'consents',
  'channels',
  'id',
  '__proto__',
  'constructor',
  'prototype',
]);
const ZONE = /^(UTC|[A-Za-z_]+(\/[A-Za-z0-9_+-]+){1,2})$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:T.*)?$/;
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function dateOf(value: unknown): string | undefined {
  const match = typeof value === 'string' ? DATE.exec(value.trim()) : null;
  if (match === null) return undefined;
  const [, year = '', month = '', day = ''] = match;
  const days = MONTH_DAYS[Number(month) - 1];
  if (days === undefined || Number(day) < 1 || Number(day) > days) return undefined;
  return `${year}-${month}-${day}`;
}

function numberOf(value: unknown, rule: TraitRule): number | RefusedTrait['reason'] {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return 'wrong_type';
  const [least, most] = rule.range ?? [-Infinity, Infinity];
  return number < least || number > most ? 'out_of_range' : number;
}

function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 1) return true;
  return value === 'false' || value === 0 ? false : undefined;
}

type Coerced = { readonly value: Json } | { readonly reason: RefusedTrait['reason'] };

function taken(value: Json | undefined | null): Coerced {
  return value === undefined || value === null ? { reason: 'wrong_type' } : { value };
}

type Coercion = (value: unknown, rule: TraitRule, phone: NormalisePhone) => Coerced;

const COERCIONS: Readonly<Record<TraitRule['type'], Coercion>> = {
  string: (value) => taken(isScalar(value) ? String(value).normalize('NFC') : undefined),
  email: (value) => taken(typeof value === 'string' ? normaliseEmail(value) : undefined),
  phone: (value, _rule, phone) => taken(isScalar(value) ? phone(String(value)) : undefined),
  timezone: (value) => taken(typeof value === 'string' && ZONE.test(value) ? value : undefined),
  date: (value) => taken(dateOf(value)),
  number: (value, rule) => {
    const number = numberOf(value, rule);
    return typeof number === 'number' ? { value: number } : { reason: number };
  },
  boolean: (value) => taken(booleanOf(value)),
  list: (value) => taken(Array.isArray(value) ? (value as Json) : undefined),
  group: groupOf,
};

function groupOf(value: unknown, rule: TraitRule): Coerced {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { reason: 'wrong_type' };
  }
  const given = value as Readonly<Record<string, unknown>>;
  const fields: Record<string, Json> = {};
  for (const field of rule.fields ?? []) {
    const member = given[field];
    if (isScalar(member)) fields[field] = member;
  }
  return Object.keys(fields).length === 0 ? { reason: 'wrong_type' } : { value: fields };
}

function undeclared(value: unknown): Coerced {
  return taken(value as Json | undefined);
}

/** Fields given flat join into their group: `city` of an address counts as `address.city`. */
function gathered(
  traits: Readonly<Record<string, unknown>>,
  rules: ProfileRules,
): ReadonlyMap<string, unknown> {
  const given = new Map(Object.entries(traits));
  for (const [trait, rule] of Object.entries(rules.traits)) {
    if (rule.type !== 'group' || given.has(trait)) continue;
    const fields = (rule.fields ?? []).filter(
      (field) => given.has(field) && ownMember(rules.traits, field) === undefined,
    );
    if (fields.length === 0) continue;
    given.set(trait, Object.fromEntries(fields.map((field) => [field, given.get(field)])));
    for (const field of fields) given.delete(field);
  }
  return given;
}

/** A statement's claims, and the traits that a null takes back. */
export interface ReadTraits {
  readonly claims: readonly Claim[];
  readonly refused: readonly RefusedTrait[];
}

/**
 * Reads what a message says of a profile into claims. A value of the wrong type is refused alone; the
 * rest counts. Traits the workspace does not declare are kept as they come, bounded in size.
 */
export function readTraits(
  statement: Statement,
  rules: ProfileRules,
  phone: NormalisePhone,
): ReadTraits {
  const claims: Claim[] = [];
  const refused: RefusedTrait[] = [];
  const { source, atMs, eventKey } = statement;
  for (const [trait, value] of gathered(statement.traits, rules)) {
    if (value === undefined || value === null || value === '') continue;
    if (RESERVED.has(trait) || trait.length > 64) {
      refused.push({ trait: trait.slice(0, 64), reason: 'reserved' });
      continue;
    }
    const rule = ownMember(rules.traits, trait);
    const read = rule === undefined ? undeclared(value) : COERCIONS[rule.type](value, rule, phone);
    if ('reason' in read) {
      refused.push({ trait, reason: read.reason });
    } else if (JSON.stringify(read.value).length > CAPS.traitBytes) {
      refused.push({ trait, reason: 'too_large' });
    } else {
      const isVerified = statement.verified.has(trait);
      claims.push({ trait, source, value: read.value, atMs, eventKey, isVerified });
    }
  }
  return { claims, refused };
}
