import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestStore, type TestStore } from '#libs/testkit';
import { anEvent, profileWorld, settingsOf, RULES } from './world.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(async () => {
  await store.close();
});

describe('dead letters', () => {
  it('hold what cannot be applied, each with its reason, and nothing else', async () => {
    const world = await profileWorld(await store.fresh());
    const ids = { user_id: 'u1' };
    const nul = String.fromCharCode(0);
    await world.append([
      anEvent({ ids, name: 'order_completed', properties: { total: 1 } }),
      anEvent({ ids: { anonymous_id: 'null' } }),
      anEvent({ ids: { nonsense: 'x' } }),
      anEvent({ ids, name: 'consent_changed', properties: { channel: 'email', status: 'maybe' } }),
      anEvent({ ids: {}, type: 'engine', profileId: 'nobody' }),
      // PostgreSQL's JSON holds no NUL: found by halving.
      anEvent({ ids, type: 'identify', name: 'identify', traits: { country: `F${nul}R` } }),
      anEvent({ ids, name: 'order_completed', properties: { total: 2 } }),
    ]);
    await world.log.append('events.raw', [{ key: 'k', value: { hello: 'world' } }]);
    const report = await world.drain();
    expect(report).toMatchObject({ records: 8, fresh: 2, duplicates: 0, deadLettered: 6 });
    const letters = await world.deadLetters.list({ limit: 50, state: 'open' });
    expect(letters.map(({ code }) => code).sort()).toEqual([
      'invalid_consent',
      'malformed',
      'no_identity',
      'no_identity',
      'unknown_profile',
      'unstorable',
    ]);
    const [profile] = await world.portrait();
    expect(JSON.parse(profile ?? '')[2].aggregates.revenue_365d).toBe(3);
  });

  it('are applied on replay once the cause is mended, as if nothing had been', async () => {
    const narrow = { ...RULES, identities: RULES.identities.filter(({ ns }) => ns !== 'user_id') };
    const settings = settingsOf(narrow);
    const world = await profileWorld(await store.fresh(), { settings });
    const events = Array.from({ length: 300 }, (_, index) =>
      anEvent({
        ids: { user_id: `u${index % 20}` },
        name: 'order_completed',
        properties: { total: index / 10 },
      }),
    );
    await world.append(events);
    expect(await world.drain()).toMatchObject({ deadLettered: 300, fresh: 0 });
    const letters = await world.deadLetters.list({ limit: 1_000, code: 'no_identity' });
    const ids = letters.map(({ id }) => id);
    // Replayed too early they fail again, and are still there.
    expect(await world.deadLetters.replay(ids)).toBe(300);
    await world.drain();
    expect((await world.deadLetters.list({ limit: 1_000, state: 'open' })).length).toBe(300);
    world.settings.value = settingsOf();
    expect(await world.deadLetters.replay(ids)).toBe(300);
    expect(await world.deadLetters.replay(ids)).toBe(0);
    expect(await world.drain()).toMatchObject({ fresh: 300, deadLettered: 0 });
    const clean = await profileWorld(await store.fresh());
    await clean.append(events);
    await clean.drain();
    expect(await world.portrait()).toEqual(await clean.portrait());
  });

  it('can be let go', async () => {
    const world = await profileWorld(await store.fresh());
    await world.append([anEvent({ ids: { nonsense: 'x' } })]);
    await world.drain();
    const [letter] = await world.deadLetters.list({ limit: 1 });
    expect(await world.deadLetters.dismiss([letter?.id ?? ''])).toBe(1);
    expect(await world.deadLetters.replay([letter?.id ?? ''])).toBe(0);
    expect(await world.deadLetters.list({ limit: 1, state: 'open' })).toEqual([]);
  });
});
