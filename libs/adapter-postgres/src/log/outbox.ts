import type { Topic, Tx } from '#libs/application';
import { keyHash } from '#libs/kernel';
import { joined, unjoin } from '../base/joined.js';
import { inside, tellAfter, type Database } from '../base/database.js';
import type { EmbeddedLog } from './embedded-log.js';
import { takeOffsetsSql } from './offsets-sql.js';
import { TOPIC_TABLE } from './topics.js';

/** The two outboxes, each the source of one topic. */
export type Outbox = 'change_outbox' | 'fact_outbox';

const OUTBOX_TOPIC: Readonly<Record<Outbox, Topic>> = {
  change_outbox: 'profile.changes',
  fact_outbox: 'facts',
};

/** Writes rows to an outbox in the transaction of their effect; `value` is JSON text. */
export async function writeOutbox(
  tx: Tx,
  outbox: Outbox,
  rows: readonly { readonly key: string; readonly value: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await inside(tx).query(
    `INSERT INTO ${outbox}(key, hash, value)
     SELECT * FROM unnest($1::text[], $2::bigint[], ${unjoin('$3')})`,
    [
      rows.map((row) => row.key),
      rows.map((row) => keyHash(row.key)),
      joined(rows.map((row) => row.value)),
    ],
  );
  tellAfter(tx, outbox);
}

// Only rows of transactions below which all have finished, in the order of `seq`. A row is written
// after its profile is locked: if one change of a profile follows another, it has the greater `seq`,
// and when it is ready the earlier one is ready too. So the order of one profile is kept.
const moveSql = (outbox: Outbox): string => `
WITH taken AS (
  DELETE FROM ${outbox} WHERE seq = ANY(ARRAY(
    SELECT seq FROM ${outbox} WHERE xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY seq LIMIT $1
  )) RETURNING seq, (hash % $2::int)::int AS part, key, value
), ${takeOffsetsSql('taken', '$3')}
INSERT INTO ${TOPIC_TABLE[OUTBOX_TOPIC[outbox]]} (day, part, "offset", key, value, appended_at_ms)
SELECT $4::int, t.part,
       l.next_offset + row_number() OVER (PARTITION BY t.part ORDER BY t.seq) - 1, t.key, t.value,
       $5::bigint
FROM taken t JOIN locked l ON l.part = t.part`;

const MOVE_SQL: Readonly<Record<Outbox, string>> = {
  change_outbox: moveSql('change_outbox'),
  fact_outbox: moveSql('fact_outbox'),
};

/**
 * Moves finished rows of an outbox to the log in one transaction; answers how many. The deletion is
 * the cursor: a row leaves the outbox in the transaction that appends it to the log.
 */
export async function publishOutbox(
  database: Database,
  log: EmbeddedLog,
  options: { readonly outbox: Outbox; readonly maxRows: number },
): Promise<number> {
  const { outbox, maxRows } = options;
  return await database.transaction(async (tx) => {
    const store = inside(tx);
    // Rows only move within the store: a lost move is made again, and whatever waits for the disk
    // after it takes it along. One publisher at a time, or two would append out of order.
    const locked = await store.query<{ free: boolean }>(
      `SELECT pg_try_advisory_xact_lock(7214512, $1) AS free,
         set_config('synchronous_commit', 'off', true)`,
      [outbox === 'fact_outbox' ? 1 : 2],
    );
    if (locked.rows[0]?.free !== true) return 0;
    const topic = OUTBOX_TOPIC[outbox];
    const { day, wallMs } = log.now();
    const moved = await store.query(MOVE_SQL[outbox], [
      maxRows,
      log.partitions,
      topic,
      day,
      wallMs,
    ]);
    if (moved.rowCount) tellAfter(tx, topic);
    return moved.rowCount ?? 0;
  });
}
