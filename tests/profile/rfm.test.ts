import { afterAll, beforeAll, expect, it } from 'vitest';
import { PostgresPeopleJobs, PostgresRfmCuts } from '#libs/adapter-postgres';
import { rfmCuts, rfmInputOf, rfmText, type RfmCuts, type RfmInput } from '#libs/profile';
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

it('tells each change of a score once, by dimension: by orders, by cuts, by a merge', async () => {
  const database = await store.fresh();
  let cuts: RfmCuts | null = null;
  const world = await profileWorld(database, { cuts: () => cuts });
  const order = (user: string, over: Partial<Parameters<typeof anEvent>[0]> = {}) =>
    anEvent({
      ids: { user_id: user },
      name: 'order_completed',
      properties: { total: 10 },
      ...over,
    });
  const told = async (): Promise<readonly string[]> => {
    const rows = await database.query<{ name: string; value: number }>(
      `DELETE FROM fact_outbox WHERE value::jsonb->>'kind' = 'score'
       RETURNING value::jsonb#>>'{body,name}' AS name,
         (value::jsonb#>>'{body,value}')::int AS value`,
    );
    return rows.rows.map(({ name, value }) => `${name} ${value}`).sort();
  };
  const even = (at: number): number[] => [at, at + 1, at + 2, at + 3];
  const moved = { recency: even(0), frequency: even(1), monetary: even(15) };

  await world.append([order('u1')]);
  await world.drain();
  expect(await told()).toEqual([]);
  cuts = moved;
  await world.append([order('u1', { atMs: NOW_MS - 1_000 })]);
  await world.drain();
  expect(await told()).toEqual(['rfm_frequency 2', 'rfm_monetary 5', 'rfm_recency 5']);
  // Another event that moves no score tells of none.
  await world.append([anEvent({ ids: { user_id: 'u1' }, traits: { country: 'FR' } })]);
  await world.drain();
  expect(await told()).toEqual([]);
  cuts = { ...moved, frequency: even(10) };
  const one = await database.query<{ id: string }>('SELECT profile_id AS id FROM profile');
  await database.transaction((tx) =>
    world.ingest.refresh(
      tx,
      one.rows.map(({ id }) => id),
      'rfm',
    ),
  );
  expect(await told()).toEqual(['rfm_frequency 1']);
  // Whoever becomes part of another has no score any more; the survivor is scored as both.
  cuts = moved;
  const visitor = { anonymous_id: 'a1' };
  await world.append([order('', { ids: visitor, atMs: NOW_MS - 500 })]);
  await world.drain();
  expect(await told()).toEqual(['rfm_frequency 1', 'rfm_monetary 1', 'rfm_recency 5']);
  await world.append([anEvent({ ids: { ...visitor, user_id: 'u1' } })]);
  await world.drain();
  const gone = ['rfm_frequency 0', 'rfm_monetary 0', 'rfm_recency 0'];
  expect(await told()).toEqual([...gone, 'rfm_frequency 3'].sort());
});
