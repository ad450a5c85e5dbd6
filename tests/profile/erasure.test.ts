import { afterAll, beforeAll, expect, it } from 'vitest';
import { keyedPseudonyms, ProfileErasure } from '#libs/application';
import { PostgresErasureStore, type Database } from '#libs/adapter-postgres';
import { openTestStore, type TestStore } from '#libs/testkit';
import { anEvent, NOW_MS, profileWorld } from './world.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(async () => {
  await store.close();
});

/** Tables of the whole store, the log's topics apart, in which a word is still found. */
async function tablesWith(database: Database, word: string): Promise<string[]> {
  const tables = await database.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'log_%'`,
  );
  const found: string[] = [];
  for (const { name } of tables.rows) {
    const hits = await database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM ${name} t WHERE position($1 IN lower(t::text)) > 0`,
      [word.toLowerCase()],
    );
    if ((hits.rows[0]?.n ?? 0) > 0) found.push(name);
  }
  return found;
}

it('leaves nothing of a person, keeps others, and lets nothing come back', async () => {
  const database = await store.fresh();
  const world = await profileWorld(database);
  const ids = { user_id: 'canary-user', email: 'canary@canary.example' };
  const events = [
    anEvent({ ids: { anonymous_id: 'canary-device' }, properties: { path: '/canary-page' } }),
    anEvent({
      ids,
      verified: ['email'],
      type: 'identify',
      name: 'identify',
      traits: { firstName: 'Canary-name' },
    }),
    anEvent({ ids: { user_id: 'canary-user', anonymous_id: 'canary-device' } }),
    anEvent({ ids, name: 'order_completed', properties: { total: 3, note: 'canary-note' } }),
    anEvent({
      ids,
      name: 'consent_changed',
      properties: {
        channel: 'email',
        purpose: 'marketing',
        status: 'granted',
        proof: 'canary-proof',
      },
    }),
    anEvent({ ids, name: 'consent_changed', properties: { channel: 'email', note: 'canary-bad' } }),
  ];
  const other = anEvent({ ids: { user_id: 'somebody' }, name: 'order_completed' });
  await world.append(events.slice(0, 2));
  await world.drain();
  await world.append([...events.slice(2), other]);
  await world.drain();
  // A letter that named nobody until somebody corrected it.
  const nameless = anEvent({ ids: { nonsense: 'x' } });
  await world.append([nameless]);
  await world.drain();
  const [letter] = await world.deadLetters.list({ limit: 1, code: 'no_identity' });
  const message = { ...nameless, ids: { user_id: 'canary-user' } };
  await world.deadLetters.replayCorrected(letter?.id ?? '', { message, by: 'ada' });
  await world.drain();
  expect(await tablesWith(database, 'canary')).toContain('dead_letter');
  const found = await database.query<{ profile_id: string }>(
    `SELECT n.profile_id FROM profile_identity i JOIN node n USING (node_id)
     WHERE i.value_norm = 'canary-user'`,
  );
  const pseudonyms = keyedPseudonyms('test');
  const erasure = new ProfileErasure({
    store: new PostgresErasureStore(pseudonyms),
    unitOfWork: database,
    clock: world.clock,
  });
  const id = found.rows[0]?.profile_id ?? '';
  const report = await erasure.erase(id);
  expect(report?.profileIds).toHaveLength(2);
  expect(report?.rows).toMatchObject({
    event: 7,
    consent_event: 1,
    dead_letter: 2,
    profile: 2,
  });
  expect(await tablesWith(database, 'canary')).toEqual([]);
  expect(await erasure.erase(id)).toBeNull();
  const kept = await database.query<{ channel: string; address_hash: string }>(
    'SELECT channel, address_hash FROM suppression',
  );
  expect(kept.rows).toEqual([
    { channel: 'email', address_hash: pseudonyms.hash('email', 'canary@canary.example') },
  ]);
  // The whole log again: nothing of the person comes back, and the other is there once.
  await world.append([...events, other]);
  expect(await world.drain()).toMatchObject({ fresh: 0, suppressed: 6, duplicates: 1 });
  expect(await tablesWith(database, 'canary')).toEqual([]);
  expect(await world.portrait()).toHaveLength(1);
  // Who comes again of their own accord is somebody new.
  const later = NOW_MS + 1_000;
  await world.append([
    anEvent({ ids: { user_id: 'canary-user' }, atMs: later, receivedAtMs: later }),
  ]);
  expect(await world.drain()).toMatchObject({ fresh: 1, suppressed: 0 });
});
