import { afterAll, beforeAll, expect, it } from 'vitest';
import { PostgresPeopleJobs, PostgresRfmCuts } from '#libs/adapter-postgres';
import { rfmCuts, rfmInputOf, rfmText, type RfmInput } from '#libs/profile';
import { openTestStore, type TestStore } from '#libs/testkit';
import { anEvent, DAY_MS, NOW_MS, profileWorld } from './world.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(async () => {
  await store.close();
});

it('cuts in the store where the rule cuts, and scores from one to five', async () => {
  const database = await store.fresh();
  const world = await profileWorld(database);
  const people = 23;
  const inputs: RfmInput[] = [];
  for (let person = 0; person < people; person += 1) {
    const count = 1 + (person % 7);
    const atMs = NOW_MS - (1 + person) * DAY_MS;
    const total = (person * 37) % 50;
    const orders = Array.from({ length: count }, () =>
      anEvent({
        ids: { user_id: `u${person}` },
        name: 'order_completed',
        properties: { total },
        atMs,
        receivedAtMs: NOW_MS,
      }),
    );
    await world.append(orders);
    inputs.push({ lastAtMs: atMs, count, value: total * count });
  }
  await world.append([anEvent({ ids: { user_id: 'looks-only' } })]);
  await world.drain();
  const kept = new PostgresRfmCuts(database);
  await kept.refresh({ nowMs: NOW_MS, maxAgeMs: DAY_MS, historyOffset: null });
  expect(kept.current()).toEqual(rfmCuts(inputs));
  const firsts = inputs.map((input) => rfmText(input, kept.current()).split('-')[0]);
  for (const score of ['1', '2', '3', '4', '5']) expect(firsts).toContain(score);
});

it('tells of those whose score moved with the cuts, and of nobody else', async () => {
  const database = await store.fresh();
  const cuts = new PostgresRfmCuts(database);
  const world = await profileWorld(database, { cuts: () => cuts.current() });
  const jobs = new PostgresPeopleJobs('rfm');
  const order = (person: number, total: number) =>
    anEvent({ ids: { user_id: `u${person}` }, name: 'order_completed', properties: { total } });
  const score = async (): Promise<number> => {
    const nowMs = world.clock.nowMs();
    await cuts.refresh({ nowMs, maxAgeMs: DAY_MS, historyOffset: null });
    let told = 0;
    for (let isLast = false; !isLast;) {
      isLast = await database.transaction(async (tx) => {
        const page = await jobs.next(tx, 4);
        if (page === null) return true;
        const moved = await cuts.moved(tx, page);
        await world.ingest.refresh(tx, moved ?? [], 'rfm');
        await jobs.advance(tx, page, world.clock.nowMs());
        told += moved?.length ?? 0;
        return false;
      });
    }
    return told;
  };
  const wrong = async (): Promise<number> => {
    const rows = await database.query<{ rfm: string; aggregates: Record<string, number> }>(
      `SELECT DISTINCT ON (p.profile_id) f.fact#>>'{body,rfm}' AS rfm, p.doc->'aggregates' AS aggregates
       FROM profile p JOIN (SELECT value::jsonb AS fact FROM fact_outbox) f
         ON f.fact->>'id' = p.profile_id AND f.fact->>'kind' = 'profile'
       ORDER BY p.profile_id, (f.fact->>'version')::int DESC`,
    );
    expect(rows.rows.length).toBe(10);
    return rows.rows.filter(
      (row) => row.rfm !== rfmText(rfmInputOf(row.aggregates), cuts.current()),
    ).length;
  };

  await world.append(Array.from({ length: 10 }, (_, person) => order(person, 10 + person)));
  await world.drain();
  expect(await score()).toBe(10);
  expect(await wrong()).toBe(0);
  // Nothing moved: nobody is told of again.
  world.clock.advance(2 * DAY_MS);
  expect(await score()).toBe(0);
  // One overtakes the others, who did nothing.
  await world.append([order(0, 500)]);
  await world.drain();
  const before = (await world.changes()).length;
  world.clock.advance(2 * DAY_MS);
  expect(await score()).toBeGreaterThan(0);
  expect(await wrong()).toBe(0);
  expect((await world.changes()).length).toBe(before);
});
