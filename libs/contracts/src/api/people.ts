import { z } from 'zod';
import { GROUPS } from '../facts/common.js';
import { amount, epochMs, id, paging, reach, sentence } from './shared.js';

/** Query of `GET /api/people`: a name, an e-mail, a phone or an id. */
export const peopleQuery = z.object({ ...paging, query: z.string().trim().max(200).default('') });

/** Somebody found. */
export const personHit = z.object({
  id,
  name: z.string(),
  email: z.string().nullable(),
  country: z.string().nullable(),
  account: z.object({ id, name: z.string() }).nullable(),
  updatedAtMs: epochMs,
});

/** Any JSON: what a source may say is its own affair. */
const json = z.unknown();

/** A value of the golden record with where it comes from. */
const goldenValue = z.object({
  name: z.string(),
  label: sentence,
  value: json,
  /** The value for people. */
  text: z.string(),
  source: z.string(),
  atMs: epochMs,
  /** Why this source won. */
  why: sentence,
});

const segmentOf = z.object({ id, name: z.string(), why: z.array(sentence) });

const consent = z.object({
  channel: z.string(),
  purpose: z.string(),
  status: z.enum(['granted', 'denied', 'unknown']),
  /** Who said so, when, on what ground; null without a statement. */
  source: z.string().nullable(),
  basis: z.string().nullable(),
  proof: z.string().nullable(),
  atMs: epochMs.nullable(),
});

const enrolmentOf = z.object({
  id,
  scenario: id,
  scenarioName: z.string(),
  status: z.enum(['running', 'paused', 'held_out', 'ended']),
  group: z.enum(GROUPS),
  stepLabel: sentence,
  enteredAtMs: epochMs,
  dueAtMs: epochMs.nullable(),
  endedAtMs: epochMs.nullable(),
  endedAs: z.string().nullable(),
});

/** `GET /api/people/:id`; an id that was merged answers the person it became part of. */
export const person = z.object({
  id,
  name: z.string(),
  version: z.int(),
  isSample: z.boolean(),
  firstSeenMs: epochMs,
  updatedAtMs: epochMs,
  locale: z.string().nullable(),
  timezone: z.string().nullable(),
  account: z.object({ id, name: z.string(), role: z.string().nullable() }).nullable(),
  channels: z.array(reach),
  values: z.array(goldenValue),
  aggregates: z.array(z.object({ name: z.string(), label: sentence, text: z.string() })),
  segments: z.array(segmentOf),
  consents: z.array(consent),
  /** Withheld altogether: why, until when. */
  suppressions: z.array(
    z.object({ channel: z.string(), why: sentence, untilMs: epochMs.nullable() }),
  ),
  scores: z.array(z.object({ name: z.string(), text: z.string(), atMs: epochMs })),
  /** Running first, then those that ended last; at most 50. */
  enrolments: z.array(enrolmentOf),
  identities: z.array(z.object({ ns: z.string(), value: z.string(), isVerified: z.boolean() })),
});

/** Kinds of line in a timeline. */
export const TIMELINE_KINDS = [
  'event',
  'enrolment',
  'step',
  'decision',
  'message',
  'withheld',
  'outcome',
  'task',
] as const;

/** Query of `GET /api/people/:id/timeline`; `kinds` separated by commas, all without it. */
export const timelineQuery = z.object({
  ...paging,
  kinds: z
    .string()
    .max(200)
    .transform((text) => text.split(',').filter((kind) => kind !== ''))
    .pipe(z.array(z.enum(TIMELINE_KINDS)))
    .optional(),
});

/** One line of a person's life. */
export const timelineItem = z.object({
  id,
  kind: z.enum(TIMELINE_KINDS),
  atMs: epochMs,
  /** What happened, in one sentence. */
  sentence,
  /** Why, and what else: of a decision, why each candidate won or lost. */
  details: z.array(sentence),
  /** Id of the decision, message, task or enrolment, to open it. */
  refId: id.nullable(),
  scenario: z.object({ id, name: z.string() }).nullable(),
  /** Of an event: who told it. */
  source: z.string().nullable(),
  channel: z.string().nullable(),
  amount: amount.nullable(),
});

/** Newest first. `isPartial`: a store that holds some of it did not answer. */
export const timeline = z.object({
  items: z.array(timelineItem),
  next: z.string().nullable(),
  isPartial: z.boolean(),
});

/** Query of `GET /api/explain`. */
export const explainQuery = z.object({
  /** Id of the profile, or `namespace:value` such as `email:ana@example.test`. */
  profile: z.string().min(1).max(600),
  scenario: z.string().max(64).optional(),
});

/** Why a person is where they are. */
export const explanation = z.object({
  profileId: id,
  name: z.string(),
  /** In general: reachability, segments, group. */
  sentences: z.array(sentence),
  scenarios: z.array(
    z.object({
      scenario: id,
      name: z.string(),
      state: z.enum(['in', 'ended', 'never_entered']),
      sentences: z.array(sentence),
      /** What entering takes, each met or not; null for who is in it just now. */
      entry: z
        .object({
          lastEventAtMs: epochMs.nullable(),
          checks: z.array(
            z.object({
              kind: z.enum([
                'paused',
                'event',
                'time',
                'condition',
                'reentry',
                'holdout',
                'address',
                'consent',
              ]),
              /** Null: it cannot be known now. */
              isMet: z.boolean().nullable(),
              sentence,
            }),
          ),
        })
        .nullable(),
      decisions: z.array(
        z.object({ id, atMs: epochMs, step: z.string(), sentences: z.array(sentence) }),
      ),
    }),
  ),
});
