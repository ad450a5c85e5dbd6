import type { Database } from '../base/database.js';
import { TOPIC_TABLE } from './topics.js';

const DAY_MS = 86_400_000;
const DAYS_AHEAD = 2;

/** What keeping the log within bounds did. */
export interface LogUpkeep {
  readonly made: number;
  readonly dropped: number;
}

/**
 * Makes the tables of the coming days and drops those of days gone by that every consumer has read,
 * `keepDays` after they were written. Runs at start and once in a while; idempotent. Rows that came
 * before their day had a table lie in the default one and are deleted by the same rule.
 */
export async function keepLog(
  database: Database,
  options: { readonly wallMs: number; readonly keepDays: number },
): Promise<LogUpkeep> {
  const today = Math.floor(options.wallMs / DAY_MS);
  let made = 0;
  let dropped = 0;
  for (const [topic, table] of Object.entries(TOPIC_TABLE)) {
    const days = await daysOf(database, table);
    for (let day = today; day <= today + DAYS_AHEAD; day += 1) {
      if (!days.has(day)) made += await makeDay(database, table, day);
    }
    const lastDay = today - options.keepDays;
    for (const day of [...days].filter((each) => each < lastDay)) {
      if (!(await isRead(database, topic, { table: `${table}_d${day}` }))) continue;
      await database.query(`DROP TABLE IF EXISTS ${table}_d${day}`);
      dropped += 1;
    }
    await trimDefault(database, topic, { table: `${table}_default`, lastDay });
  }
  return { made, dropped };
}

async function daysOf(database: Database, table: string): Promise<ReadonlySet<number>> {
  const rows = await database.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = $1::regclass`,
    [table],
  );
  const days = rows.rows.map((row) => /_d(\d+)$/.exec(row.name)?.[1]);
  return new Set(days.flatMap((day) => (day === undefined ? [] : [Number(day)])));
}

/** A day whose rows lie in the default table already stays there; 0 then. */
async function makeDay(database: Database, table: string, day: number): Promise<number> {
  const present = await database.query(`SELECT 1 FROM ${table}_default WHERE day = $1 LIMIT 1`, [
    day,
  ]);
  if ((present.rowCount ?? 0) > 0) return 0;
  try {
    await database.query(
      `CREATE TABLE IF NOT EXISTS ${table}_d${day} PARTITION OF ${table}
       FOR VALUES FROM (${day}) TO (${day + 1})`,
    );
    return 1;
  } catch (error) {
    if (isTakenByDefault(error)) return 0;
    throw error;
  }
}

/** A row of the day came into the default table between the look and the making. */
function isTakenByDefault(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: string } };
  return cause?.code === '23514';
}

/** Whether every consumer of the topic is past every row of the table. */
async function isRead(
  database: Database,
  topic: string,
  given: { readonly table: string },
): Promise<boolean> {
  const behind = await database.query(
    `SELECT 1 FROM (SELECT part, max("offset") AS last FROM ${given.table} GROUP BY part) t
     JOIN log_offset o ON o.topic = $1 AND o.part = t.part AND o.next_offset <= t.last LIMIT 1`,
    [topic],
  );
  return (behind.rowCount ?? 0) === 0;
}

async function trimDefault(
  database: Database,
  topic: string,
  given: { readonly table: string; readonly lastDay: number },
): Promise<void> {
  await database.query(
    `DELETE FROM ${given.table} l WHERE l.day < $2 AND NOT EXISTS (
       SELECT 1 FROM log_offset o
       WHERE o.topic = $1 AND o.part = l.part AND o.next_offset <= l."offset")`,
    [topic, given.lastDay],
  );
}
