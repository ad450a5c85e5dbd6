import { afterAll, beforeAll, expect, it } from 'vitest';
import { dropOldEvents } from '#libs/adapter-postgres';
import { openTestStore, type TestStore } from '#libs/testkit';
import { anEvent, DAY_MS, NOW_MS, profileWorld } from './world.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(async () => {
  await store.close();
});

it('drops what is old by its day and by its receipt, and forgets no sum', async () => {
  const database = await store.fresh();
  const world = await profileWorld(database);
  const order = (daysAgo: number, receivedDaysAgo: number) =>
    anEvent({
      ids: { user_id: 'u' },
      name: 'order_completed',
      properties: { total: 1 },
      atMs: NOW_MS - daysAgo * DAY_MS,
      receivedAtMs: NOW_MS - receivedDaysAgo * DAY_MS,
    });
  await world.append([order(1_000, 1_000), order(900, 1), order(900, 700), order(1, 1)]);
  await world.drain();
  const before = await world.portrait();
  const report = await dropOldEvents(database, NOW_MS - 396 * DAY_MS);
  expect(report).toEqual({ months: ['2024-02'], events: 1 });
  const left = await database.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM event WHERE name = 'order_completed'`,
  );
  expect(left.rows[0]?.n).toBe(2);
  expect(await world.portrait()).toEqual(before);
  expect(await dropOldEvents(database, NOW_MS - 396 * DAY_MS)).toEqual({ months: [], events: 0 });
  // An old event that comes late still finds a place.
  await world.append([order(1_000, 0)]);
  expect(await world.drain()).toMatchObject({ fresh: 1, deadLettered: 0 });
});
