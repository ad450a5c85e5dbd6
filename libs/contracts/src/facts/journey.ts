import { z } from 'zod';
import {
  ENROLMENT_STATES,
  GROUPS,
  TASK_STATES,
  currency,
  epochMs,
  money,
  reference,
  sample,
} from './common.js';

/** A run through a scenario after a change of state; fact id: the enrolment id. State. */
export const enrolmentBody = z.strictObject({
  scenario: z.string(),
  /** Content hash of the compiled version. */
  definition: z.string(),
  accountId: reference,
  entryKey: z.string(),
  group: z.enum(GROUPS),
  state: z.enum(ENROLMENT_STATES),
  /** Fixed at entry. */
  enteredAtMs: epochMs,
  endedAtMs: epochMs.nullable(),
  /** An exit's name, or why the engine ended it; null while it runs. */
  endedAs: z.string().nullable(),
  runtime: z.enum(['embedded', 'temporal']),
  /** When the goal's window closes, so that the result is final; null without a goal. */
  maturesAtMs: epochMs.nullable(),
  /** A merge put together people whose groups differed. */
  mixed: z.boolean(),
  sample,
});

/** A step taken; fact id: `enrolmentId/stepId#visit`; version 2 when it is left later. State. */
export const stepBody = z.strictObject({
  enrolmentId: z.string(),
  scenario: z.string(),
  definition: z.string(),
  stepId: z.string(),
  visit: z.int().positive(),
  enteredAtMs: epochMs,
  leftAtMs: epochMs.nullable(),
  result: z.string().nullable(),
  branch: z.string().nullable(),
  sample,
});

/** A task for a rep after a change; fact id: the task id. State. */
export const taskBody = z.strictObject({
  accountId: reference,
  /** Lower-cased e-mail of the rep, or a queue. */
  owner: z.string(),
  scenario: reference,
  enrolmentId: reference,
  decisionId: reference,
  title: z.string(),
  dueAtMs: epochMs.nullable(),
  state: z.enum(TASK_STATES),
  outcome: z.string().nullable(),
  closedAtMs: epochMs.nullable(),
  /** Fixed at the first version. */
  createdAtMs: epochMs,
  sample,
});

/** A scenario version; fact id: `scenario@definition`. State. */
export const scenarioBody = z.strictObject({
  scenario: z.string(),
  definition: z.string(),
  nameFr: z.string(),
  nameEn: z.string(),
  state: z.enum(['draft', 'live', 'paused', 'retired']),
  publishedAtMs: epochMs.nullable(),
  /** Length of the goal's window; null without a goal. */
  goalWithinMs: z.int().positive().nullable(),
  /** Expected share of each group at entry, for the sample-ratio check; empty where unknown. */
  groupShares: z.partialRecord(z.enum(GROUPS), z.number().min(0).max(1)),
  sample,
});

/** An action version; fact id: `action@definition`. State. */
export const actionBody = z.strictObject({
  action: z.string(),
  definition: z.string(),
  nameFr: z.string(),
  nameEn: z.string(),
  issue: z.string(),
  purpose: z.string(),
  value: money.nullable(),
  /** Cost of one message by treatment id. */
  costs: z.record(z.string(), money),
  currency,
  active: z.boolean(),
  publishedAtMs: epochMs.nullable(),
  sample,
});
