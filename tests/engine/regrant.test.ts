import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyedPseudonyms } from '#libs/application';
import { PostgresContactPreferences } from '#libs/adapter-postgres';
import { openTestStore, type TestStore } from '#libs/testkit';
import { consent, engineWorld, known } from './world.js';

const MONDAY_MS = Date.parse('2026-03-30T10:00:00+02:00');
const DAY_MS = 86_400_000;
const KEY = 'a suppression key';

let testStore: TestStore;
beforeAll(async () => {
  testStore = await openTestStore();
});
afterAll(async () => {
  await testStore.close();
});

test('who left is written to again once they agree anew, with proof', async () => {
  const database = await testStore.fresh();
  const world = await engineWorld(database, {
    workspace: 'tests/workspaces/pipeline',
    startMs: MONDAY_MS,
    suppressionKey: KEY,
  });
  const preferences = new PostgresContactPreferences((channel, address) =>
    keyedPseudonyms(KEY).hash(channel, address),
  );
  const ids = ['u1', 'u2'];
  await world.send(ids.flatMap((id) => known(id)));
  await world.settle();
  world.clock.advance(DAY_MS);
  // As the page does: a suppression at once, and the refusal as an event.
  await database.transaction((tx) =>
    preferences.refuse(tx, {
      channel: 'email',
      purpose: 'marketing',
      addresses: ids.map((id) => `${id}@example.test`),
      profileId: null,
      atMs: world.clock.nowMs(),
      isSample: false,
    }),
  );
  await world.send(ids.map((id) => consent({ user_id: id }, 'denied')));
  await world.settle();
  world.clock.advance(DAY_MS);
  await world.send([consent({ user_id: 'u1' }, 'granted')]);
  await world.settle();
  await world.send(ids.map((id) => ({ name: 'signed_up', ids: { user_id: id } })));
  await world.settle();
  expect(world.mails.flatMap(({ to }) => to)).toEqual(['u1@example.test']);
  await world.close();
});
