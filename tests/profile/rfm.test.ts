import { afterAll, beforeAll, expect, it } from 'vitest';
import { PostgresRfmCuts } from '#libs/adapter-postgres';
import { rfmCuts, rfmText, type RfmInput } from '#libs/profile';
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
  await kept.refresh(NOW_MS, DAY_MS);
  expect(kept.current()).toEqual(rfmCuts(inputs));
  const firsts = inputs.map((input) => rfmText(input, kept.current()).split('-')[0]);
  for (const score of ['1', '2', '3', '4', '5']) expect(firsts).toContain(score);
});
