import { z } from 'zod';
import { CONSENT_STATES, currency, epochMs, money, reference, sample } from './common.js';

/** An accepted event; fact id: the event's key. Point. */
export const eventBody = z.strictObject({
  /** As the source gave it. */
  messageId: z.string(),
  /** The event's own time, corrected by `sentAt`. */
  occurredAtMs: epochMs,
  receivedAtMs: epochMs,
  accountId: reference,
  source: z.string(),
  /** Folded to snake_case. */
  name: z.string(),
  properties: z.record(z.string(), z.unknown()),
  value: money.nullable(),
  currency,
  /** Updates profiles, never enters or wakes a scenario. */
  historical: z.boolean(),
  sample,
});

/** One trait that changed, for `profile_history`. */
export const traitChange = z.strictObject({
  trait: z.string(),
  /** Text of the value; hashed by the writer where the trait is personal; null: no value any more. */
  value: z.string().nullable(),
  source: z.string(),
  /** Of one trait of one profile it never goes back; of equal ones the last told holds. */
  validFromMs: epochMs,
});

/** A profile after a change; fact id: the profile id; no contact data in clear. State. */
export const profileBody = z.strictObject({
  mergedInto: reference,
  createdAtMs: epochMs,
  updatedAtMs: epochMs,
  country: z.string(),
  locale: z.string(),
  timezone: z.string(),
  /** Keyed hash of the normalised address; empty without one. */
  emailHash: z.string(),
  emailDomain: z.string(),
  segments: z.array(z.string()),
  /** `email:marketing` to granted, denied or unknown. */
  consents: z.record(z.string(), z.enum(CONSENT_STATES)),
  /** Recency, frequency and monetary scores of 1 to 5, as `5-4-3`; empty before any order. */
  rfm: z.string(),
  /** By name; times as epoch ms. */
  aggregates: z.record(z.string(), z.number()),
  accountId: reference,
  /** Lower-cased e-mail of the rep; empty without one. */
  owner: z.string(),
  /** Traits changed by this version; may be empty. */
  changes: z.array(traitChange),
  sample,
});

/** A company or household after a change; fact id: the account id. State. */
export const accountBody = z.strictObject({
  name: z.string(),
  siren: z.string(),
  /** Lower-cased e-mail of the rep; empty without one. */
  owner: z.string(),
  country: z.string(),
  /** Members now. */
  people: z.int().nonnegative(),
  /** Of members' orders in the last 365 days, in `currency` only. */
  revenue365d: money,
  currency,
  updatedAtMs: epochMs,
  sample,
});

/** A statement of consent; fact id: the event's key and purpose. Point. */
export const consentBody = z.strictObject({
  channel: z.string(),
  purpose: z.string(),
  status: z.enum(CONSENT_STATES),
  basis: z.string(),
  source: z.string(),
  /** Where the proof is kept; never the proof itself. */
  proof: z.string(),
  atMs: epochMs,
  sample,
});

/** A suppression set or lifted; fact id: of the entry. State. */
export const suppressionBody = z.strictObject({
  channel: z.string(),
  scope: z.enum(['profile', 'address', 'action']),
  /** Keyed hash of the address where the scope is the address, else empty. */
  addressHash: z.string(),
  reason: z.string(),
  active: z.boolean(),
  fromMs: epochMs,
  untilMs: epochMs.nullable(),
  sample,
});

/**
 * A score given to a profile, for the CRM and analysts; fact id: profile, name and time. The version
 * is the profile's: of two scores within one instant the later one counts.
 */
export const scoreBody = z.strictObject({
  name: z.string(),
  value: z.number(),
  model: z.string(),
  atMs: epochMs,
  sample,
});
