import { z } from 'zod';
import { epochMs, sample } from '../facts/common.js';

/**
 * What the topic `profile.changes` carries, keyed by profile id: one record for every fresh event,
 * and records without an event (`eventKey` null) for changes by time, merge or mastership. The only
 * thing the router reads; it dedupes by `eventKey`, never by `version`.
 */
export const profileChangeSchema = z.strictObject({
  profileId: z.string().min(1),
  /** Version of the profile once the transaction of the change has committed. */
  version: z.int().positive(),
  /** `msgKeyOf` the message, or hash(segment, profile, version); null without an event. */
  eventKey: z.string().nullable(),
  messageId: z.string().nullable(),
  /** Folded name of the event; null without one. */
  name: z.string().nullable(),
  /** Of the event. A historical record carries its short members only: it wakes nothing. */
  properties: z.record(z.string(), z.unknown()),
  /** The event's own time; the engine's clock where there is none. */
  atMs: epochMs,
  receivedAtMs: epochMs,
  historical: z.boolean(),
  /**
   * What the transaction changed, `country`, `aggregates.orders_30d`, `segments.dormant`,
   * `consents.email:marketing`, `account`; may be empty.
   */
  changed: z.array(z.string()),
  source: z.string(),
  /** On a merge record: the id that now redirects to `profileId`. Precedes the event records. */
  mergedFrom: z.string().optional(),
  sample: sample.optional(),
});

/** A change of a profile, as the router reads it. */
export type ProfileChange = z.infer<typeof profileChangeSchema>;

/** Name of the event that tells of entering a segment; its property `segment` names it. */
export const SEGMENT_ENTERED = 'relance_segment_entered';
/** Name of the event that tells of leaving a segment; its property `segment` names it. */
export const SEGMENT_LEFT = 'relance_segment_left';
