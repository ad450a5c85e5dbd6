import { z } from 'zod';
import { count, epochMs, id, MAX_PAGE, pageOf, paging, sentence } from './shared.js';

/** What may be wrong with an enrolment; `any`: whatever stands in a scenario. */
export const TROUBLES = ['stuck', 'overdue', 'failing', 'paused', 'any'] as const;

const hold = z.object({
  /** Null: everything. */
  scenario: id.nullable(),
  name: z.string(),
  sinceMs: epochMs,
  by: z.string(),
});

/** `GET /api/pauses`: what is held just now. */
export const pauses = z.object({ everything: hold.nullable(), scenarios: z.array(hold) });

/** Body of `POST /api/pauses`; without a scenario it is everything. `dryRun` says what it touches. */
export const pauseBody = z.object({
  act: z.enum(['pause', 'resume']),
  scenario: id.optional(),
  dryRun: z.boolean().default(false),
});

/** What a hold touches, and whether it is set or ended now. */
export const pauseResult = z.object({
  /** False of a dry run, and where nothing was to be changed. */
  isDone: z.boolean(),
  people: count,
  /** Intended, and not gone. */
  messages: count,
  /** Handed over just now: these may still leave. */
  inHand: count,
  sentence,
});

/** Which enrolments; the same words in an address of the console, a query and a body. */
export const enrolmentFilter = z.object({
  trouble: z.enum(TROUBLES).default('any'),
  scenario: id.optional(),
  step: id.optional(),
  /** Of `failing`: `failed`, `uncertain`, or the reason of what was withheld. */
  reason: z.string().max(64).optional(),
  /** Of `overdue` and `stuck`: by at least so many minutes; 15 and 60 without. */
  minutes: z.coerce.number().int().min(1).max(100_000).optional(),
});

/** Query of `GET /api/enrolments`. */
export const enrolmentsQuery = enrolmentFilter.extend(paging);

const enrolment = z.object({
  id,
  profileId: id,
  name: z.string(),
  scenario: id,
  scenarioName: z.string(),
  step: z.string(),
  stepLabel: sentence,
  status: z.enum(['running', 'paused', 'held_out', 'ended']),
  /** On the step; null where it is not kept. */
  sinceMs: epochMs.nullable(),
  dueAtMs: epochMs.nullable(),
  /** What is wrong, in one sentence. */
  why: sentence,
});

/** `GET /api/enrolments`. */
export const enrolments = pageOf(enrolment);

/** `GET /api/enrolments/troubles`: counts by scenario and step. */
export const troubles = z.object({
  items: z.array(
    z.object({
      trouble: z.enum(TROUBLES),
      reason: z.string().nullable(),
      /** The reason in words. */
      why: sentence,
      scenario: id,
      scenarioName: z.string(),
      step: z.string(),
      stepLabel: sentence,
      people: count,
    }),
  ),
});

/** Body of `POST /api/enrolments/act`: some by id, or all that a filter names. */
export const actBody = z.object({
  act: z.enum(['pause', 'resume', 'stop']),
  ids: z.array(id).min(1).max(MAX_PAGE).optional(),
  filter: enrolmentFilter.optional(),
  dryRun: z.boolean().default(false),
});

/** What an act touches; `job` is null of a dry run and where it touches nobody. */
export const actResult = z.object({
  enrolments: count,
  people: count,
  messages: count,
  job: id.nullable(),
  sentence,
});

/** `GET /api/operator-acts`: who did what, newest first, with how far it is. */
export const operatorActs = z.object({
  items: z.array(
    z.object({
      atMs: epochMs,
      by: z.string(),
      act: z.enum(['pause', 'resume', 'stop']),
      sentence,
      people: count,
      job: z.object({ id, state: z.string(), done: count, total: count.nullable() }).nullable(),
    }),
  ),
});
