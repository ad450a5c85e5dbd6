import { z } from 'zod';
import { epochMs, sample } from '../facts/common.js';

/** The calls of Segment's protocol, and `engine` for what the engine itself tells. */
export const EVENT_TYPES = [
  'track',
  'identify',
  'page',
  'screen',
  'group',
  'alias',
  'engine',
] as const;

/** Ids by namespace, one value each, as given: the profile consumer normalises and may block them. */
export const idsSchema = z.record(z.string().min(1).max(64), z.string().min(1).max(512));

/** The part of a client's context worth keeping; the address is truncated at capture. */
export const eventContext = z.strictObject({
  ip: z.string().max(64).optional(),
  userAgent: z.string().max(512).optional(),
  locale: z.string().max(35).optional(),
  timezone: z.string().max(64).optional(),
  page: z.record(z.string(), z.unknown()).optional(),
  campaign: z.record(z.string(), z.unknown()).optional(),
  library: z.string().max(120).optional(),
  country: z.string().max(2).optional(),
});

/**
 * What the topics `events.raw` and `events.historical` carry: one normalised message. The log key is
 * the anonymous id, else the user id, else the strongest id, so that one device stays in order.
 */
export const rawEventSchema = z.strictObject({
  /** As the client gave it; the same message sent again has the same. */
  messageId: z.string().min(1).max(256),
  type: z.enum(EVENT_TYPES),
  /** Folded to snake_case; `identify`, `group`, `alias` for those calls, `page` and `screen` for views. */
  name: z.string().min(1).max(120),
  /** As the client wrote it, where folding changed it. */
  originalName: z.string().max(256).optional(),
  /** Id of the source in `profile.yaml`. */
  source: z.string().min(1).max(64),
  ids: idsSchema,
  /** Namespaces of `ids` whose value the source vouches for: a confirmed address, a login. */
  verified: z.array(z.string()).optional(),
  /** What the source says of the profile; names as in `profile.yaml`. */
  traits: z.record(z.string(), z.unknown()).optional(),
  /** The account this person belongs to: of a `group` call or an import. */
  account: z
    .strictObject({
      /** `group_id`, `crm_id`, `siren`. */
      ids: idsSchema,
      /** `name`, `country`, `owner` (a rep's e-mail). */
      traits: z.record(z.string(), z.unknown()).optional(),
      role: z.string().max(64).optional(),
      /** The person left the account at the event's time. */
      left: z.boolean().optional(),
    })
    .optional(),
  properties: z.record(z.string(), z.unknown()),
  /** The event's own time, corrected by `sentAt`. */
  atMs: epochMs,
  /** The client's own timestamp, uncorrected; the time of receipt where it gave none. */
  originalAtMs: epochMs,
  receivedAtMs: epochMs,
  /** The client gave a timestamp. */
  hasTimestamp: z.boolean(),
  /** UTC day, `2026-11-22`: of the client's own timestamp, else of the wall's receipt. Dedupes. */
  eventDay: z.iso.date(),
  /** Updates profiles, never enters or wakes a scenario. */
  historical: z.boolean(),
  /** Of engine events only; stripped from public input; resolves through `merged_into`. */
  profileId: z.string().min(1).max(64).optional(),
  /** Stored and flagged; feeds no profile. */
  isBot: z.boolean().optional(),
  context: eventContext.optional(),
  sample: sample.optional(),
});

/** A message as the log carries it. */
export type RawEvent = z.infer<typeof rawEventSchema>;

const TYPES: ReadonlySet<unknown> = new Set(EVENT_TYPES);
const DAY = /^\d{4}-\d{2}-\d{2}$/;

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isIds(value: unknown): boolean {
  return isMap(value) && Object.values(value as object).every((id) => typeof id === 'string');
}

type Members = Partial<Record<keyof RawEvent, unknown>>;

function isTimed({ atMs, originalAtMs, receivedAtMs, eventDay }: Members): boolean {
  const times = [atMs, originalAtMs, receivedAtMs];
  return times.every(Number.isSafeInteger) && typeof eventDay === 'string' && DAY.test(eventDay);
}

function isAccount(account: unknown): boolean {
  if (account === undefined) return true;
  return isMap(account) && isIds((account as { ids?: unknown }).ids);
}

/** Cheap check for the hot path: every member the consumer relies on is there and of its type. */
export function isRawEventShaped(value: unknown): value is RawEvent {
  if (!isMap(value)) return false;
  const event = value as Members;
  return (
    isText(event.messageId) &&
    TYPES.has(event.type) &&
    isText(event.name) &&
    isText(event.source) &&
    isIds(event.ids) &&
    (event.traits === undefined || isMap(event.traits)) &&
    isAccount(event.account) &&
    isMap(event.properties) &&
    isTimed(event)
  );
}

/** Something wrong in a message, by its place in it: `properties.total`; `$` is the whole. */
export interface RawEventIssue {
  readonly path: string;
  readonly message: string;
}

const MOST_ISSUES = 20;

/** What keeps a value from being a message; empty where it is one. For people, not the hot path. */
export function rawEventIssues(value: unknown): readonly RawEventIssue[] {
  const read = rawEventSchema.safeParse(value);
  if (read.success) return [];
  return read.error.issues.slice(0, MOST_ISSUES).map(({ path, message }) => ({
    path: path.length === 0 ? '$' : path.map(String).join('.'),
    message,
  }));
}

/** The key under which a message is appended: one device in order, else one person. */
export function logKeyOf(event: Pick<RawEvent, 'ids' | 'profileId' | 'messageId'>): string {
  const { anonymous_id: anonymousId, user_id: userId } = event.ids;
  return anonymousId ?? userId ?? Object.values(event.ids)[0] ?? event.profileId ?? event.messageId;
}
