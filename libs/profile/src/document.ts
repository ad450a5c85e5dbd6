import { canonicalJson, ownMember, type Json } from '#libs/kernel';
import type { ConsentStatement } from '#libs/policy';
import type { AggregateValues } from './buckets.js';
import type { ConsentStatus } from './consents.js';
import type { ProfileRules } from './rules.js';
import type { Provenance, Winner } from './survivorship.js';

/** The golden record as kept for reading: small, complete, computed from what is kept elsewhere. */
export interface ProfileDocument {
  readonly traits: Readonly<Record<string, Json>>;
  readonly provenance: Readonly<Record<string, Provenance>>;
  readonly aggregates: Readonly<Record<string, number>>;
  readonly otherCurrencies: AggregateValues['otherCurrencies'];
  /** Local day at which the aggregates hold; null before any. */
  readonly aggregatesDay: number | null;
  /** The next local day at which time alone changes an aggregate; null: never. */
  readonly aggregatesNextDay: number | null;
  /** Marks of the metrics whose days are complete: others are counted anew from the events. */
  readonly metrics: readonly string[];
  /** In the order of their evaluation. */
  readonly segments: readonly string[];
  /** Marks of the segments it was judged by: what a newer one moves, nobody did. */
  readonly segmentMarks: readonly string[];
  /** The next instant at which time alone may change a segment; null: never. */
  readonly segmentsNextMs: number | null;
  /** Of its account: a rep's lower-cased e-mail; empty without one. */
  readonly owner: string;
  /** `email:marketing` to its effective status. */
  readonly consents: Readonly<Record<string, ConsentStatus>>;
  /** The statements behind `consents`. */
  readonly statements: readonly ConsentStatement[];
}

/** The document of somebody of whom nothing is known. */
export const EMPTY_DOCUMENT: ProfileDocument = {
  traits: {},
  provenance: {},
  aggregates: {},
  otherCurrencies: {},
  aggregatesDay: null,
  aggregatesNextDay: null,
  metrics: [],
  segments: [],
  segmentMarks: [],
  segmentsNextMs: null,
  owner: '',
  consents: {},
  statements: [],
};

/** Golden traits and their provenance as the document keeps them. */
export function traitsOf(
  winners: ReadonlyMap<string, Winner>,
): Pick<ProfileDocument, 'traits' | 'provenance'> {
  const traits: Record<string, Json> = {};
  const provenance: Record<string, Provenance> = {};
  for (const [trait, winner] of winners) {
    traits[trait] = winner.value;
    provenance[trait] = winner.provenance;
  }
  return { traits, provenance };
}

function differing(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  if (before === after) return [];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => {
    const [left, right] = [ownMember(before, name), ownMember(after, name)];
    return left !== right && canonicalJson(left) !== canonicalJson(right);
  });
}

/**
 * What changed between two documents, as `ProfileChange.changed` says it: `country`,
 * `aggregates.orders_30d`, `segments.dormant`, `consents.email:marketing`. Sorted; provenance alone
 * is no change that a scenario can see.
 */
export function changedPaths(before: ProfileDocument, after: ProfileDocument): readonly string[] {
  const segments = new Set(before.segments);
  const current = new Set(after.segments);
  return [
    ...differing(before.traits, after.traits),
    ...differing(before.aggregates, after.aggregates).map((name) => `aggregates.${name}`),
    ...differing(before.consents, after.consents).map((name) => `consents.${name}`),
    ...before.segments.filter((name) => !current.has(name)).map((name) => `segments.${name}`),
    ...after.segments.filter((name) => !segments.has(name)).map((name) => `segments.${name}`),
  ].sort();
}

/** How a person can be reached, by channel. */
export interface ContactPoint {
  readonly channel: 'email' | 'sms';
  /** Normalised address: an e-mail, or a phone in E.164. */
  readonly address: string;
  readonly trait: string;
}

/** The contact points of a document: the first declared trait of each kind that has a value. */
export function contactPointsOf(
  traits: ProfileDocument['traits'],
  rules: ProfileRules,
): readonly ContactPoint[] {
  const found: ContactPoint[] = [];
  for (const [trait, rule] of Object.entries(rules.traits)) {
    if (rule.type !== 'email' && rule.type !== 'phone') continue;
    const channel = rule.type === 'email' ? 'email' : 'sms';
    const address = traits[trait];
    if (typeof address !== 'string' || found.some((one) => one.channel === channel)) continue;
    found.push({ channel, address, trait });
  }
  return found;
}

/**
 * What expressions and templates read as `profile`: traits flat, the fields of groups flat beside
 * them, and the reserved names.
 */
export function expressionView(
  document: Pick<ProfileDocument, 'traits' | 'aggregates' | 'segments' | 'consents'>,
  rules: ProfileRules,
): Readonly<Record<string, Json>> {
  const view: Record<string, Json> = {};
  for (const [trait, value] of Object.entries(document.traits)) {
    const isGroup = ownMember(rules.traits, trait)?.type === 'group';
    if (isGroup && typeof value === 'object' && value !== null && !Array.isArray(value)) {
      Object.assign(view, value);
    }
  }
  const channels = Object.fromEntries(
    contactPointsOf(document.traits, rules).map(({ channel, address }) => [channel, { address }]),
  );
  return Object.assign(view, document.traits, {
    aggregates: document.aggregates,
    segments: [...document.segments],
    consents: document.consents,
    channels,
  });
}
