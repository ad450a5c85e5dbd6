import type { Database } from '#libs/adapter-postgres';
import { waitUntil } from '#libs/embedded';

/** What is on its way through the engine, seen in one instant of its store. */
export interface Depths {
  /** Entries not read yet, by consumer group. */
  readonly lag: Readonly<Record<string, number>>;
  readonly changeOutbox: number;
  readonly factOutbox: number;
  readonly inbox: number;
  /** Deliveries by state. */
  readonly deliveries: Readonly<Record<string, number>>;
}

interface Row {
  [column: string]: unknown;
  lag: Record<string, number> | null;
  change_outbox: number;
  fact_outbox: number;
  inbox: number;
  deliveries: Record<string, number> | null;
}

// One statement, so one snapshot: whatever has left one place is seen in the next.
const DEPTHS_SQL = `
SELECT
  (SELECT json_object_agg(consumer, lag) FROM (
     SELECT o.consumer, sum(h.next_offset - o.next_offset)::float8 AS lag
     FROM log_offset o JOIN log_head h USING (topic, part)
     WHERE o.consumer NOT LIKE 'bench-%' GROUP BY o.consumer) lags) AS lag,
  (SELECT count(*) FROM change_outbox) AS change_outbox,
  (SELECT count(*) FROM fact_outbox) AS fact_outbox,
  (SELECT count(*) FROM inbox) AS inbox,
  (SELECT json_object_agg(state, n) FROM (
     SELECT state, count(*) AS n FROM delivery GROUP BY state) states) AS deliveries`;

/** Looks into the store once. */
export async function depthsOf(database: Database): Promise<Depths> {
  const { rows } = await database.query<Row>(DEPTHS_SQL);
  const [row] = rows;
  if (row === undefined) throw new Error('the store does not answer');
  return {
    lag: row.lag ?? {},
    changeOutbox: row.change_outbox,
    factOutbox: row.fact_outbox,
    inbox: row.inbox,
    deliveries: row.deliveries ?? {},
  };
}

/** Whether nothing is on its way: every event has had its whole effect, ClickHouse included. */
export function isDrained(depths: Depths): boolean {
  const inHand = (depths.deliveries['intended'] ?? 0) + (depths.deliveries['sending'] ?? 0);
  const outside = depths.changeOutbox + depths.factOutbox + depths.inbox + inHand;
  return outside === 0 && Object.values(depths.lag).every((lag) => lag === 0);
}

/** Waits until nothing is on its way; answers what was left when the time was over, else null. */
export async function drained(database: Database, withinMs: number): Promise<Depths | null> {
  let last: Depths | null = null;
  const isDone = await waitUntil(
    async () => {
      // The store may just be starting again.
      last = await depthsOf(database).catch(() => last);
      return last !== null && isDrained(last);
    },
    withinMs,
    250,
  );
  return isDone ? null : last;
}
