import { z } from 'zod';
import { TASK_STATES } from '../facts/common.js';
import { amount, count, day, epochMs, id, paging, personRef, reach, sentence } from './shared.js';

/** Query of `GET /api/accounts`; a rep's list holds the accounts they own whatever is asked. */
export const accountsQuery = z.object({
  ...paging,
  query: z.string().trim().max(200).default(''),
  /** Lower-cased e-mail of a rep. */
  owner: z.string().max(254).optional(),
});

/** An account in a list, those with news first. */
export const accountLine = z.object({
  id,
  name: z.string(),
  owner: z.string(),
  country: z.string(),
  people: count,
  revenue365d: amount,
  /** The last thing campaigns did there. */
  lastSentence: sentence.nullable(),
  lastAtMs: epochMs.nullable(),
  openTasks: count,
  overdueTasks: count,
  openComplaints: count,
});

/** Ways a task ends; a scenario may wait for each as `relance_task_closed`. */
export const TASK_OUTCOMES = [
  'done',
  'reached',
  'interested',
  'ordered',
  'no_answer',
  'not_interested',
  'declined',
] as const;

/** A task for a rep. */
export const task = z.object({
  id,
  title: z.string(),
  note: z.string().nullable(),
  /** Why it is asked. */
  reasons: z.array(sentence),
  owner: z.string(),
  person: personRef,
  account: z.object({ id, name: z.string() }).nullable(),
  scenario: z.object({ id, name: z.string() }).nullable(),
  decisionId: id.nullable(),
  dueAtMs: epochMs.nullable(),
  isOverdue: z.boolean(),
  state: z.enum(TASK_STATES),
  outcome: z.string().nullable(),
  createdAtMs: epochMs,
  closedAtMs: epochMs.nullable(),
});

/** Query of `GET /api/tasks`; a rep's list holds their own. */
export const tasksQuery = z.object({
  ...paging,
  state: z.enum(['open', 'closed']).default('open'),
  owner: z.string().max(254).optional(),
});

/** `POST /api/tasks/:id/close`. */
export const closeTaskBody = z.strictObject({
  outcome: z.enum(TASK_OUTCOMES),
  note: z.string().trim().max(1_000).optional(),
});

/** `GET /api/accounts/:id`. */
export const account = z.object({
  id,
  name: z.string(),
  siren: z.string(),
  owner: z.string(),
  country: z.string(),
  revenue365d: amount,
  /** What campaigns did with the people of this account, newest first, at most 100. */
  sentences: z.array(
    z.object({
      id,
      atMs: epochMs,
      kind: z.enum(['message', 'outcome', 'task', 'withheld']),
      sentence,
      person: personRef,
    }),
  ),
  /** Orders by local week of the last 365 days, Monday's day, with the touches to mark. */
  revenue: z.object({
    currency: z.string(),
    weeks: z.array(z.object({ day, amount: z.string(), orders: count })),
    touches: z.array(
      z.object({ atMs: epochMs, channel: z.string(), name: z.string(), person: personRef }),
    ),
  }),
  people: z.array(
    z.object({
      id,
      name: z.string(),
      role: z.string().nullable(),
      channels: z.array(reach),
      lastOrderAtMs: epochMs.nullable(),
    }),
  ),
  /** People beyond the 100 listed. */
  morePeople: count,
  complaints: z.array(z.object({ person: personRef, openedAtMs: epochMs, subject: z.string() })),
  tasks: z.array(task),
  /** Due to go out in the next 7 days. */
  upcoming: z.array(
    z.object({
      atMs: epochMs,
      person: personRef,
      scenario: z.object({ id, name: z.string() }),
      sentence,
    }),
  ),
});
