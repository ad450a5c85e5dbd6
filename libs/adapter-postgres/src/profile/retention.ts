import { inside, type Database } from '../base/database.js';

/** What keeping events within bounds removed. */
export interface RetentionReport {
  /** Whole months dropped. */
  readonly months: readonly string[];
  /** Single events deleted from months that hold younger ones too, or from the default. */
  readonly events: number;
}

const ROWS_A_STEP = 20_000;

/**
 * Removes events both whose day and whose receipt lie before an instant: what was imported late is
 * kept as long as what came live. A month that holds nothing younger is dropped whole, which takes
 * no time; else its old rows are deleted in steps. Aggregates keep what they counted.
 */
export async function dropOldEvents(
  database: Database,
  beforeMs: number,
): Promise<RetentionReport> {
  const found = await database.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'event'::regclass ORDER BY c.relname`,
  );
  const months: string[] = [];
  let events = 0;
  for (const { name } of found.rows) {
    const month = /^event_(\d{4})_(\d{2})$/.exec(name);
    if (month === null) {
      events += await deleteOld(database, name, beforeMs);
      continue;
    }
    const [, year = '', number = ''] = month;
    if (Date.UTC(Number(year), Number(number), 1) > beforeMs) continue;
    if (await isOld(database, name, beforeMs)) {
      await drop(database, name);
      months.push(`${year}-${number}`);
    } else {
      events += await deleteOld(database, name, beforeMs);
    }
  }
  return { months, events };
}

async function isOld(database: Database, table: string, beforeMs: number): Promise<boolean> {
  const young = await database.query(`SELECT 1 FROM ${table} WHERE received_at_ms >= $1 LIMIT 1`, [
    beforeMs,
  ]);
  return young.rows.length === 0;
}

async function drop(database: Database, table: string): Promise<void> {
  await database.transaction(async (tx) => {
    // A consumer at work goes first; if it takes long, the month waits for the next upkeep.
    await inside(tx).query(`SET LOCAL lock_timeout = '2s'`);
    await inside(tx).query(`DROP TABLE ${table}`);
  });
}

async function deleteOld(database: Database, table: string, beforeMs: number): Promise<number> {
  const day = new Date(beforeMs).toISOString().slice(0, 10);
  let removed = 0;
  for (;;) {
    const step = await database.query(
      `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
         SELECT ctid FROM ${table}
         WHERE event_day < $1::date AND received_at_ms < $2 LIMIT ${ROWS_A_STEP}))`,
      [day, beforeMs],
    );
    removed += step.rowCount ?? 0;
    if ((step.rowCount ?? 0) < ROWS_A_STEP) return removed;
  }
}
