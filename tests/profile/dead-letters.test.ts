import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestStore, type TestStore } from '#libs/testkit';
import { keyedPseudonyms, type DeadLetter, type RejectionCode } from '#libs/application';
import type { RawEvent } from '#libs/contracts';
import { canonicalJson, type Json } from '#libs/kernel';
import { anEvent, profileWorld, settingsOf, RULES, type ProfileWorld } from './world.js';

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

  const order = (over: Partial<RawEvent>): RawEvent =>
    anEvent({ ids: { user_id: 'u1' }, name: 'order_completed', properties: { total: 1 }, ...over });
  const nul = String.fromCharCode(0);
  const PROFILE = keyedPseudonyms('test').profileId('user_id', 'u1', 0);
  const asRead = (raw: string) => JSON.parse(raw) as RawEvent;

  interface Case {
    readonly place: string;
    readonly bad: () => readonly unknown[];
    /** Mends what is around the message: it goes in again as it came. */
    readonly around?: (world: ProfileWorld, letter: DeadLetter) => Promise<void>;
    /** Mends the message itself. */
    readonly corrected?: (came: RawEvent) => RawEvent;
    readonly isApplied: (world: ProfileWorld) => Promise<void>;
  }

  /** Each way a message can fail, and what its cause mended means. */
  const cases: Readonly<Record<RejectionCode, Case>> = {
    no_identity: {
      place: 'ids.user_id: unknown_namespace',
      bad: () => [order({})],
      around: async (world) => void (world.settings.value = settingsOf()),
      isApplied: async (world) => expect(await revenue(world)).toBe(1),
    },
    unknown_profile: {
      place: 'profileId',
      bad: () => [
        order({ ids: {}, type: 'engine', name: 'relance_task_closed', profileId: PROFILE }),
      ],
      around: async (world) => {
        await world.append([order({})]);
        await world.drain();
      },
      isApplied: async (world) =>
        expect((await world.changes()).map(({ name }) => name)).toContain('relance_task_closed'),
    },
    invalid_consent: {
      place: 'properties.purpose, properties.status',
      bad: () => [
        order({ name: 'consent_changed', properties: { channel: 'email', status: 'si' } }),
      ],
      corrected: (came) => ({
        ...came,
        properties: { channel: 'email', purpose: 'marketing', status: 'granted' },
      }),
      isApplied: async (world) =>
        expect((await portrait(world))[2].consents).toEqual({ 'email:marketing': 'granted' }),
    },
    malformed: {
      place: 'messageId, name, properties',
      bad: () => {
        const { messageId: _, name: __, properties: ___, ...rest } = order({});
        return [rest];
      },
      corrected: (came) => ({
        ...came,
        messageId: 'm-corrected',
        name: 'order_completed',
        properties: { total: 1 },
      }),
      isApplied: async (world) => expect(await revenue(world)).toBe(1),
    },
    id_conflict: {
      place: 'messageId',
      bad: () => [
        order({ messageId: 'twice' }),
        order({ messageId: 'twice', properties: { total: 20 } }),
      ],
      corrected: (came) => ({ ...came, messageId: 'twice, the second' }),
      isApplied: async (world) => expect(await revenue(world)).toBe(21),
    },
    unstorable: {
      place: 'traits.country',
      bad: () => [order({ type: 'identify', name: 'identify', traits: { country: `F${nul}R` } })],
      corrected: (came) => ({ ...came, traits: { country: 'FR' } }),
      isApplied: async (world) => expect((await portrait(world))[2].traits.country).toBe('FR'),
    },
  };
  async function portrait(world: ProfileWorld) {
    const all = await world.portrait();
    expect(all).toHaveLength(1);
    return JSON.parse(all[0] ?? '');
  }
  async function revenue(world: ProfileWorld): Promise<number> {
    return (await portrait(world))[2].aggregates.revenue_365d;
  }

  it.each(Object.entries(cases))('of %s succeed once mended, exactly once', async (code, one) => {
    const narrow = { ...RULES, identities: RULES.identities.filter(({ ns }) => ns !== 'user_id') };
    const given = code === 'no_identity' ? { settings: settingsOf(narrow) } : {};
    const world = await profileWorld(await store.fresh(), given);
    const records = one.bad().map((value) => ({ key: 'k', value: value as Json }));
    await world.log.append('events.raw', records);
    expect(await world.drain()).toMatchObject({ deadLettered: 1 });
    const [letter, more] = await world.deadLetters.list({ limit: 9, state: 'open' });
    if (letter === undefined) throw new Error('no letter');
    expect([letter.code, letter.detail, more]).toEqual([code, one.place, undefined]);

    await one.around?.(world, letter);
    const message = one.corrected?.(asRead(letter.raw));
    const replay = async (): Promise<boolean> => {
      if (message === undefined) return (await world.deadLetters.replay([letter.id])) === 1;
      const by = { message, by: 'ada@example.test' };
      return (await world.deadLetters.replayCorrected(letter.id, by)).code === 'replayed';
    };
    expect([await replay(), await replay()]).toEqual([true, false]);
    expect(await world.drain()).toMatchObject({ records: 1, fresh: 1, deadLettered: 0 });
    await one.isApplied(world);
    const before = canonicalJson([await world.portrait(), (await world.changes()).length]);
    // Even what comes through the log once more counts once.
    const again = { key: 'k', value: (message ?? asRead(letter.raw)) as Json };
    await world.log.append('events.raw', [again]);
    expect(await world.drain()).toMatchObject({ fresh: 0, duplicates: 1, deadLettered: 0 });
    expect(canonicalJson([await world.portrait(), (await world.changes()).length])).toBe(before);

    const [kept] = await world.deadLetters.list({ limit: 9, state: 'replayed' });
    const correction =
      message === undefined
        ? null
        : { raw: JSON.stringify(message), by: 'ada@example.test', atMs: world.clock.nowMs() };
    expect(kept).toEqual({ ...letter, state: 'replayed', correction });
    expect(await world.deadLetters.list({ limit: 9, state: 'open' })).toEqual([]);
  });

  it('refuse a correction that is no message, or that only the engine may write', async () => {
    const world = await profileWorld(await store.fresh());
    await world.append([order({ ids: { nonsense: 'x' } })]);
    await world.drain();
    const [letter] = await world.deadLetters.list({ limit: 1 });
    const correct = (message: Record<string, unknown>) =>
      world.deadLetters.replayCorrected(letter?.id ?? '', { message, by: 'ada' });
    expect(await correct({ ...order({}), properties: 7, extra: 1 })).toMatchObject({
      code: 'malformed',
      issues: [{ path: 'properties' }, { path: '$' }],
    });
    for (const own of [{ type: 'engine' }, { profileId: 'p' }, { name: 'Relance Message Sent' }]) {
      expect(await correct({ ...order({}), ...own })).toEqual({ code: 'reserved' });
    }
    expect(await world.deadLetters.list({ limit: 9, state: 'open' })).toEqual([letter]);
    expect(await world.drain()).toMatchObject({ records: 0 });
  });

  it('keep a correction that fails in its turn as a letter of its own', async () => {
    const world = await profileWorld(await store.fresh());
    await world.append([order({ ids: { nonsense: 'x' } })]);
    await world.drain();
    const [letter] = await world.deadLetters.list({ limit: 1 });
    const message = { ...asRead(letter?.raw ?? ''), ids: { nonsense: 'y' } };
    await world.deadLetters.replayCorrected(letter?.id ?? '', { message, by: 'ada' });
    expect(await world.drain()).toMatchObject({ deadLettered: 1 });
    const [open, none] = await world.deadLetters.list({ limit: 9, state: 'open' });
    expect([open?.raw, none]).toEqual([JSON.stringify(message), undefined]);
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
