import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '#libs/adapter-postgres';
import { rfmInputOf, rfmText, type RfmCuts } from '#libs/profile';
import { openTestStore, type TestStore } from '#libs/testkit';
import { scorePeople } from '../../apps/worker/src/loops.js';
import { engineWorld, ofKind, type EngineWorld } from './world.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const START_MS = Date.parse('2026-11-12T10:00:00+01:00');
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A file's orders: each person has one, of the amount of their number. */
async function importOrders(world: EngineWorld, people: readonly number[]): Promise<void> {
  await world.send(
    people.map((person) => ({
      name: 'order_completed',
      source: 'import',
      historical: true,
      ids: { user_id: `u${person}` },
      properties: { order_id: `o${person}`, total: person, currency: 'EUR' },
      atMs: START_MS - (1 + (person % 80)) * DAY_MS,
    })),
  );
  await world.settle();
}

async function score({ engine, settle }: EngineWorld): Promise<RfmCuts | null> {
  while ((await scorePeople(engine)) > 0);
  await settle();
  return engine.rfm.current();
}

const takenAtMs = async (database: Database): Promise<number | undefined> =>
  (await database.query<{ at: number }>('SELECT max(computed_at_ms) AS at FROM rfm_cut')).rows[0]
    ?.at;

/** People of whom another score was told last than the cuts of now give them. */
async function scoredOtherwise({ engine, facts }: EngineWorld): Promise<number> {
  const told = new Map(ofKind(await facts(), 'profile').map(({ id, body }) => [id, body] as const));
  const cuts = engine.rfm.current();
  const wrong = [...told.values()].filter(
    ({ rfm, aggregates }) => rfm !== rfmText(rfmInputOf(aggregates), cuts),
  );
  return wrong.length;
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, at) => from + at);

it('takes the cuts again once an import has ended, and once only', async () => {
  const database = await store.fresh(10);
  let wallMs = START_MS;
  const options = { workspace: 'scenarios', startMs: START_MS, wallMs: () => wallMs };
  const world = await engineWorld(database, options);
  try {
    await importOrders(world, numbers(1, 21));
    const first = await score(world);
    expect(first).not.toBeNull();

    world.clock.advance(MINUTE_MS);
    await importOrders(world, numbers(21, 121));
    expect(await score(world), 'more may be on its way').toEqual(first);

    wallMs += MINUTE_MS;
    const last = await score(world);
    expect(last?.monetary[3]).toBeGreaterThan(first?.monetary[3] ?? 0);
    expect(await takenAtMs(database)).toBe(world.clock.nowMs());
    expect(await scoredOtherwise(world)).toBe(0);

    const atMs = world.clock.nowMs();
    world.clock.advance(MINUTE_MS);
    wallMs += MINUTE_MS;
    expect(await score(world)).toEqual(last);
    expect(await takenAtMs(database)).toBe(atMs);
  } finally {
    await world.close();
  }
});

it('takes them again on a clock that stands still', async () => {
  const database = await store.fresh(10);
  let wallMs = START_MS;
  const options = { workspace: 'scenarios', startMs: START_MS, wallMs: () => wallMs };
  const world = await engineWorld(database, options);
  try {
    await importOrders(world, numbers(1, 11));
    const first = await score(world);
    await importOrders(world, numbers(11, 61));
    wallMs += MINUTE_MS;
    expect(await score(world)).not.toEqual(first);
    expect(await scoredOtherwise(world)).toBe(0);
  } finally {
    await world.close();
  }
});
