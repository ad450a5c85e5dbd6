import type { Topic } from '#libs/application';
import type { EpochMs } from '#libs/kernel';
import type { Queryable } from '../base/database.js';
import { TOPIC_TABLE } from './topics.js';

/** How far a consumer has come. */
export interface ConsumerProgress {
  /** When the oldest record that it has still to read was appended; null where none is left. */
  readonly unreadSinceMs: EpochMs | null;
}

/** How far a consumer has come with a topic; null for one that never read it. */
export async function consumerProgress(
  store: Queryable,
  consumer: string,
  topic: Topic,
): Promise<ConsumerProgress | null> {
  const found = await store.query<{ parts: number; unread_since_ms: number | null }>(
    `SELECT count(*)::int AS parts, min(r.appended_at_ms) AS unread_since_ms
     FROM log_offset o LEFT JOIN LATERAL (
       SELECT l.appended_at_ms FROM ${TOPIC_TABLE[topic]} l
       WHERE l.part = o.part AND l."offset" >= o.next_offset ORDER BY l."offset" LIMIT 1
     ) r ON true
     WHERE o.consumer = $1 AND o.topic = $2`,
    [consumer, topic],
  );
  const [row] = found.rows;
  if (row === undefined || row.parts === 0) return null;
  return { unreadSinceMs: row.unread_since_ms };
}

/**
 * Where a consumer has come to rest in a topic: the sum of its offsets, the same until something
 * more is appended. Null while it has more to read, or read something younger than `quietSinceMs`
 * (wall time): then more may be on its way. Looks at one row of each partition.
 */
export async function restingOffset(
  store: Queryable,
  consumer: string,
  { topic, quietSinceMs }: { readonly topic: Topic; readonly quietSinceMs: EpochMs },
): Promise<number | null> {
  const found = await store.query<{ position: number | null; rests: boolean | null }>(
    `SELECT sum(o.next_offset)::bigint AS position,
       bool_and(o.next_offset = h.next_offset AND coalesce(r.appended_at_ms < $3, true)) AS rests
     FROM log_offset o JOIN log_head h USING (topic, part)
     LEFT JOIN LATERAL (
       SELECT l.appended_at_ms FROM ${TOPIC_TABLE[topic]} l
       WHERE l.part = o.part AND l."offset" = o.next_offset - 1 LIMIT 1
     ) r ON true
     WHERE o.consumer = $1 AND o.topic = $2`,
    [consumer, topic, quietSinceMs],
  );
  const [row] = found.rows;
  return row?.rests === true ? row.position : null;
}
