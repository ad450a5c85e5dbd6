import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestStore, type TestStore } from '#libs/testkit';
import { anEvent, DAY_MS, NOW_MS, profileWorld } from './world.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(async () => {
  await store.close();
});

it('makes a profile, keeps its traits, aggregates and segments, and tells', async () => {
  const world = await profileWorld(await store.fresh());
  const ids = { user_id: 'u1', anonymous_id: 'a1' };
  await world.append([
    anEvent({
      ids,
      type: 'identify',
      name: 'identify',
      traits: { country: 'FR', email: 'A@B.fr ' },
    }),
    anEvent({ ids, name: 'order_completed', properties: { total: 129.9, order_id: 'o1' } }),
    anEvent({ ids, name: 'order_completed', properties: { total: 0.1, order_id: 'o2' } }),
  ]);
  expect(await world.drain()).toMatchObject({
    records: 3,
    fresh: 3,
    duplicates: 0,
    deadLettered: 0,
  });
  const [profile] = await world.portrait();
  const document = JSON.parse(profile ?? '')[2];
  expect(document.traits).toEqual({ country: 'FR', email: 'a@b.fr' });
  expect(document.aggregates).toMatchObject({ orders_30d: 2, revenue_365d: 130, biggest: 129.9 });
  expect(document.segments).toEqual(['buyers']);
  const changes = await world.changes();
  expect(changes.map((change) => change.name)).toEqual([
    'identify',
    'order_completed',
    'order_completed',
    'relance_segment_entered',
  ]);
  const facts = await world.facts();
  expect(facts.map((fact) => fact.kind).sort()).toEqual([
    'event',
    'event',
    'event',
    'event',
    'profile',
  ]);
});

it('counts a repeat once and a second event under the same id not at all', async () => {
  const world = await profileWorld(await store.fresh());
  const ids = { user_id: 'u1' };
  const event = anEvent({ ids, name: 'order_completed', properties: { total: 10 } });
  await world.append([event, event]);
  await world.drain();
  await world.append([event, { ...event, properties: { total: 99 } }]);
  expect(await world.drain()).toMatchObject({ duplicates: 1, deadLettered: 1, fresh: 0 });
  const [letter] = await world.deadLetters.list({ limit: 10 });
  expect(letter?.code).toBe('id_conflict');
  expect(JSON.parse((await world.portrait())[0] ?? '')[2].aggregates.revenue_365d).toBe(10);
});

it('merges an anonymous profile into the one that logs in', async () => {
  const world = await profileWorld(await store.fresh());
  const order = (ids: Record<string, string>, total: number) =>
    anEvent({ ids, name: 'order_completed', properties: { total } });
  await world.append([order({ anonymous_id: 'a1' }, 5), order({ user_id: 'u1' }, 7)]);
  await world.drain();
  expect(await world.portrait()).toHaveLength(2);
  await world.append([order({ user_id: 'u1', anonymous_id: 'a1' }, 11)]);
  await world.drain();
  const profiles = await world.portrait();
  expect(profiles).toHaveLength(1);
  expect(JSON.parse(profiles[0] ?? '')[2].aggregates).toMatchObject({
    revenue_365d: 23,
    orders_30d: 3,
  });
  const changes = (await world.changes()).slice(-2);
  expect(changes[0]).toMatchObject({ mergedFrom: expect.any(String), eventKey: null });
  expect(changes[1]).toMatchObject({ name: 'order_completed', profileId: changes[0]?.profileId });
});

it('lets a window pass without an event', async () => {
  const world = await profileWorld(await store.fresh());
  await world.append([
    anEvent({ ids: { user_id: 'u' }, name: 'order_completed', properties: { total: 5 } }),
  ]);
  await world.drain();
  world.clock.moveTo(NOW_MS + 28 * DAY_MS);
  expect(await world.sweeper.runOnce()).toBe(0);
  world.clock.moveTo(NOW_MS + 30 * DAY_MS);
  expect(await world.sweeper.runOnce()).toBe(1);
  expect(await world.sweeper.runOnce()).toBe(0);
  const changes = (await world.changes()).slice(-2);
  expect(changes[0]).toMatchObject({
    eventKey: null,
    changed: ['aggregates.orders_30d', 'segments.buyers'],
  });
  expect(changes[1]).toMatchObject({
    name: 'relance_segment_left',
    properties: { segment: 'buyers' },
  });
  world.clock.moveTo(NOW_MS + 181 * DAY_MS);
  expect(await world.sweeper.runOnce()).toBe(1);
  expect((await world.changes()).at(-1)).toMatchObject({
    name: 'relance_segment_entered',
    properties: { segment: 'dormant' },
    historical: false,
  });
});
