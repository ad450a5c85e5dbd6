import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoreError, type Tx, type UnitOfWork } from '#libs/application';
import type { Database } from '#libs/adapter-postgres';
import { seededRandom, type Random } from '#libs/kernel';
import type { RfmCuts } from '#libs/profile';
import { openTestStore, type TestStore } from '#libs/testkit';
import { aHistory, shuffled } from './history.js';
import { DAY_MS, NOW_MS, profileWorld, type ProfileWorld } from './world.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(async () => {
  await store.close();
});

/** Through the midst of the orders of a history, so that people fall on all sides of them. */
const CUTS: RfmCuts = {
  recency: [300, 200, 100, 30].map((days) => NOW_MS - days * DAY_MS),
  frequency: [1, 2, 3, 4],
  monetary: [100, 250, 500, 800],
};

/** Drains both topics at once with two consumers that know nothing of one another. */
async function drainBoth(world: ProfileWorld, random: Random, unit?: UnitOfWork): Promise<void> {
  const sizes = () => 1 + Math.floor(random() * 60);
  const run = async (topic: 'events.raw' | 'events.historical'): Promise<void> => {
    const options = { topic, maxRecords: sizes(), ...(unit ? { unitOfWork: unit } : {}) };
    const consumer = await world.consumer(options);
    for (;;) {
      try {
        if ((await consumer.runOnce()).records === 0) return;
      } catch (error) {
        if (!(error instanceof StoreError) || !error.retryable) throw error;
      }
    }
  };
  await Promise.all([run('events.raw'), run('events.historical')]);
}

async function live(seed: string, order: string, unit?: (database: Database) => UnitOfWork) {
  const random = seededRandom('order', order);
  const database = await store.fresh();
  const world = await profileWorld(database, { partitions: 3, cuts: () => CUTS });
  const events = shuffled(aHistory(seed, 12), random);
  for (let at = 0; at < events.length; at += 40) {
    const some = events.slice(at, at + 40);
    const topic = random() < 0.5 ? 'events.raw' : 'events.historical';
    await world.append(some, topic);
    // Some come twice, and by the other way.
    if (random() < 0.3) await world.append(some.slice(0, 10), 'events.raw');
    if (random() < 0.5) await drainBoth(world, random, unit?.(database));
  }
  await drainBoth(world, random, unit?.(database));
  return { world, database, count: events.length };
}

/** Buckets as a plain recount of stored events gives them; all of a day and metric together. */
const RECOUNT = `
WITH orders AS (
  SELECT n.profile_id, e.at_ms, (e.body::jsonb #>> '{properties,total}')::numeric AS total,
    coalesce(e.body::jsonb #>> '{properties,currency}', 'EUR') AS unit
  FROM event e JOIN node n USING (node_id) WHERE e.name = 'order_completed'
), recounted AS (
  SELECT profile_id, unit, count(*) AS n, sum(total) AS total, max(at_ms) AS last_at
  FROM orders GROUP BY 1, 2
), kept AS (
  SELECT n.profile_id, b.unit, sum(b.n) AS n, sum(b.sum_units) / 10000 AS total,
    max(b.last_at_ms) AS last_at
  FROM bucket_day b JOIN node n USING (node_id) WHERE b.metric = 'order_completed.total'
  GROUP BY 1, 2
)
SELECT count(*)::int AS wrong FROM recounted r FULL JOIN kept k USING (profile_id, unit)
WHERE (r.n, r.total, r.last_at) IS DISTINCT FROM (k.n, k.total, k.last_at)`;

describe('whatever the order', () => {
  it('twenty permutations with repeats and two consumers end in the same profiles', async () => {
    const first = await (await live('history', '0')).world.portrait();
    expect(first).toHaveLength(12);
    const scores = new Set(first.flatMap((one) => /"(\d-\d-\d)"\]$/.exec(one)?.[1] ?? []));
    expect(scores.size).toBeGreaterThan(5);
    for (let order = 1; order <= 20; order += 1) {
      const other = await live('history', String(order));
      expect(await other.world.portrait(), `order ${order}`).toEqual(first);
      expect(await other.world.untold(), `order ${order}`).toEqual([]);
      const wrong = await other.database.query<{ wrong: number }>(RECOUNT);
      expect(wrong.rows[0]?.wrong).toBe(0);
    }
  }, 240_000);

  it('transactions that break off anywhere lose and double nothing', async () => {
    const clean = await live('crash', 'a');
    const random = seededRandom('crash');
    let broken = 0;
    const flaky = (database: Database): UnitOfWork => ({
      async transaction<Value>(work: (tx: Tx) => Promise<Value>): Promise<Value> {
        const fails = random() < 0.4;
        let left = Math.floor(random() * 25);
        const value = await database.transaction(async (tx) => {
          const real = tx as unknown as { query: (...args: unknown[]) => Promise<unknown> };
          const query = async (...args: unknown[]): Promise<unknown> => {
            left -= 1;
            if (fails && left < 0) {
              broken += 1;
              throw new StoreError('the connection is gone', true);
            }
            return await real.query(...args);
          };
          return await work(
            Object.assign(Object.create(real) as object, { query }) as unknown as Tx,
          );
        });
        // Committed, but the answer never came: the consumer must not apply it again.
        if (random() < 0.1) throw new StoreError('the answer is lost', true);
        return value;
      },
    });
    const shaken = await live('crash', 'b', flaky);
    expect(broken).toBeGreaterThan(5);
    expect(await shaken.world.portrait()).toEqual(await clean.world.portrait());
    const counted = await shaken.database.query<{ events: number; changes: number; facts: number }>(
      `SELECT (SELECT count(*)::int FROM event WHERE type <> 'engine') AS events,
         (SELECT count(*)::int FROM change_outbox WHERE value::jsonb->>'eventKey' IS NOT NULL
           AND value::jsonb->>'source' <> 'relance') AS changes,
         (SELECT count(*)::int FROM fact_outbox WHERE value::jsonb->>'kind' = 'event'
           AND value::jsonb#>>'{body,source}' <> 'relance') AS facts`,
    );
    const { count } = shaken;
    expect(counted.rows[0]).toEqual({ events: count, changes: count, facts: count });
    const wrong = await shaken.database.query<{ wrong: number }>(RECOUNT);
    expect(wrong.rows[0]?.wrong).toBe(0);
  }, 120_000);
});
