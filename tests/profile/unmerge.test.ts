import { afterAll, beforeAll, expect, it } from 'vitest';
import { ProfileUnmerge } from '#libs/application';
import { PostgresUnmergeStore } from '#libs/adapter-postgres';
import { openTestStore, type TestStore } from '#libs/testkit';
import { anEvent, profileWorld } from './world.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(async () => {
  await store.close();
});

/** Somebody with a bit of everything, known by one id. */
function aLife(ids: Record<string, string>, total: number, group: string) {
  const consent = { channel: 'email', purpose: 'marketing', status: 'granted', basis: 'opt_in' };
  return [
    anEvent({
      ids,
      type: 'identify',
      name: 'identify',
      traits: { country: total > 5 ? 'FR' : 'DE' },
    }),
    anEvent({ ids, name: 'order_completed', properties: { total } }),
    anEvent({ ids, name: 'consent_changed', properties: { ...consent, proof: `${total}` } }),
    anEvent({ ids, type: 'group', name: 'group', account: { ids: { group_id: group } } }),
  ];
}

it('gives each its own again, to the last bit, and never joins them again', async () => {
  const database = await store.fresh();
  const world = await profileWorld(database);
  await world.append([
    ...aLife({ anonymous_id: 'a' }, 3, 'g1'),
    ...aLife({ user_id: 'u' }, 7, 'g2'),
    ...aLife({ email: 'x@y.fr' }, 11, 'g3'),
  ]);
  await world.drain();
  const before = await world.portrait();
  expect(before).toHaveLength(3);
  // Joined by events that leave nothing else behind: one device, one address.
  const times = await database.query<{ at: number }>('SELECT max(at_ms) AS at FROM event');
  const atMs = times.rows[0]?.at ?? 0;
  const join = (ids: Record<string, string>) => anEvent({ ids, verified: ['email'], atMs });
  await world.append([join({ user_id: 'u', anonymous_id: 'a' })]);
  await world.drain();
  await world.append([join({ user_id: 'u', email: 'x@y.fr' })]);
  await world.drain();
  expect(await world.portrait()).toHaveLength(1);
  const unmerge = new ProfileUnmerge({
    store: new PostgresUnmergeStore(),
    ingest: world.ingest,
    unitOfWork: database,
    clock: world.clock,
  });
  const merges = await database.query<{ merge_id: number }>(
    'SELECT merge_id FROM merge_log ORDER BY merge_id DESC',
  );
  const count = (await world.changes()).length;
  for (const { merge_id: id } of merges.rows) expect(await unmerge.undo(id)).not.toBeNull();
  const verified = (portraits: readonly string[]) =>
    portraits.map((portrait) => portrait.replaceAll(/(true|false)"/g, '"'));
  expect(verified(await world.portrait())).toEqual(verified(before));
  expect((await world.changes()).length).toBe(count + 4);
  expect(await unmerge.undo(merges.rows[0]?.merge_id ?? 0)).toBeNull();
  await world.append([join({ user_id: 'u', anonymous_id: 'a' })]);
  await world.append([join({ user_id: 'u', email: 'x@y.fr' })]);
  await world.drain();
  expect(await world.portrait()).toHaveLength(3);
  const state = await database.query<{ account_id: string | null }>(
    'SELECT account_id FROM profile WHERE merged_into IS NULL',
  );
  expect(new Set(state.rows.map((row) => row.account_id)).size).toBe(3);
});
