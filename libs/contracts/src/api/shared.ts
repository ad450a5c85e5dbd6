import { z } from 'zod';
import { currency, epochMs, money } from '../facts/common.js';

export { currency, epochMs };

/** Roles of people; `machine` is an API key. The server checks them on every route. */
export const ROLES = ['marketer', 'sales', 'analyst', 'admin', 'machine'] as const;

/** A role. */
export type Role = (typeof ROLES)[number];

/** Roles a person may be given. */
export const PERSON_ROLES = ['marketer', 'sales', 'analyst', 'admin'] as const;

/** An id of the engine or of the workspace, opaque to callers. */
export const id = z.string().min(1).max(200);

/** An amount with its currency; amounts of several currencies are never added. */
export const amount = z.object({ amount: money, currency });

/** A count of things; never negative. */
export const count = z.int().nonnegative();

/** A local day of the workspace, `2026-11-22`. */
export const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** Text for people in the language of `Accept-Language` (French or English; French without one). */
export const sentence = z.string();

/** Most items a page holds. */
export const MAX_PAGE = 200;

/** Query of every list: how many, and `next` of the page before. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(50),
  cursor: z.string().max(400).optional(),
};

/** A page; `next` is the cursor of the following one, null on the last. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** Where a problem lies in a file: 1-based. */
const place = z.object({ file: z.string(), line: z.int(), column: z.int() });

/** A numbered problem, in both languages. */
export const problem = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.record(z.string(), z.string()),
  hint: z.record(z.string(), z.string()).optional(),
  place: place.optional(),
});

/** RFC 9457: what every refusal and fault answers, as `application/problem+json`. */
export const problemDocument = z.object({
  type: z.string(),
  /** Short, the same for every case of one code. */
  title: sentence,
  status: z.int(),
  /** `RLN-2103`; stable. */
  code: z.string(),
  /** What happened. */
  detail: sentence,
  /** What to do about it. */
  hint: sentence.optional(),
  instance: z.string().optional(),
  /** Of a workspace: every problem found. */
  problems: z.array(problem).optional(),
  /** Of a malformed request: where it is malformed. */
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

/** A refusal or fault, as the API tells it. */
export type ProblemDocument = z.infer<typeof problemDocument>;

/** Nothing to tell beside that it is done. */
export const done = z.object({ done: z.literal(true) });

/** How a person can be reached on a channel, and if not, why. */
export const reach = z.object({
  channel: z.enum(['email', 'sms']),
  /** Null where none is known. */
  address: z.string().nullable(),
  isReachable: z.boolean(),
  /** Of the consent for marketing. */
  consent: z.enum(['granted', 'denied', 'unknown']),
  /** Why not; null where reachable. */
  why: sentence.nullable(),
});

/** A person in a list. */
export const personRef = z.object({ id, name: z.string() });
