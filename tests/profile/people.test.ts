import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineEvents, ProfilePeople, ProfileReader } from '#libs/application';
import { PostgresEventHistory, PostgresProfileReadStore } from '#libs/adapter-postgres';
import { factSchema, profileChangeSchema } from '#libs/contracts';
import type { ProfileId } from '#libs/kernel';
import { openTestStore, type TestStore } from '#libs/testkit';
import {
  anEvent,
  DAY_MS,
  NOW_MS,
  profileWorld,
  RULES,
  settingsOf,
  type ProfileWorld,
} from './world.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(async () => {
  await store.close();
});

async function aWorld() {
  const world = await profileWorld(await store.fresh());
  const reads = new PostgresProfileReadStore(world.database);
  const source = { current: () => world.settings.value };
  return {
    world,
    reads,
    people: new ProfilePeople(reads, source),
    reader: new ProfileReader(reads, source),
  };
}

async function onlyId({ database }: ProfileWorld): Promise<ProfileId> {
  const found = await database.query<{ profile_id: ProfileId }>(
    'SELECT profile_id FROM profile WHERE merged_into IS NULL',
  );
  return found.rows[0]?.profile_id ?? ('' as ProfileId);
}

describe('people', () => {
  it('are read with traits, aggregates, segments, consents, channels and account', async () => {
    const { world, people, reader } = await aWorld();
    const ids = { user_id: 'u' };
    const address = { street: '1 rue X', city: 'Lyon' };
    const consent = { channel: 'email', purpose: 'marketing', status: 'granted', basis: 'opt_in' };
    await world.append([
      anEvent({
        ids: { ...ids, email: 'a@b.fr' },
        type: 'identify',
        name: 'identify',
        traits: { firstName: 'Ada', timezone: 'Europe/Paris', locale: 'fr', address },
      }),
      anEvent({ ids, name: 'order_completed', properties: { total: 10 } }),
      anEvent({ ids, name: 'consent_changed', properties: { ...consent, proof: 'form' } }),
      anEvent({
        ids,
        type: 'group',
        name: 'group',
        source: 'crm',
        account: {
          ids: { group_id: 'g', siren: '732829320' },
          traits: { name: 'Lumen', owner: 'Rep@Shop.example', country: 'FR' },
        },
      }),
    ]);
    await world.drain();
    const id = await onlyId(world);
    const all = await world.database.transaction((tx) => people.load(tx, [id, 'x' as ProfileId]));
    expect([...all.keys()]).toEqual([id]);
    expect(all.get(id)).toMatchObject({
      profileId: id,
      timezone: 'Europe/Paris',
      locale: 'fr',
      groupUnit: id,
      segments: ['buyers'],
      account: { name: 'Lumen', owner: 'Rep@Shop.example', siren: '732829320' },
      profile: {
        firstName: 'Ada',
        city: 'Lyon',
        address,
        aggregates: { orders_30d: 1, revenue_365d: 10 },
        consents: { 'email:marketing': 'granted' },
        channels: { email: { address: 'a@b.fr' } },
      },
    });
    const facts = await world.facts();
    for (const fact of facts) factSchema.parse(fact);
    for (const change of await world.changes()) profileChangeSchema.parse(change);
    const account = facts.filter(({ kind }) => kind === 'account').at(-1);
    expect(account?.body).toMatchObject({
      name: 'Lumen',
      owner: 'rep@shop.example',
      people: 1,
      revenue365d: '10.00',
      currency: 'EUR',
    });
    const state = facts.filter(({ kind }) => kind === 'profile').at(-1);
    expect(JSON.stringify(facts)).not.toContain('a@b.fr');
    expect(state?.body).toMatchObject({ emailDomain: 'b.fr', owner: 'rep@shop.example' });
    const explained = await reader.explain(id);
    expect(explained?.traits.every(({ provenance }) => provenance.source === 'web')).toBe(true);
    expect(explained?.consents).toHaveLength(1);
    expect((await reader.byIdentity([{ ns: 'user_id', value: 'u' }]))?.read.profileId).toBe(id);
    const page = await reader.timeline({ profileId: id, limit: 2 });
    expect(page).toHaveLength(2);
    const last = page[1];
    if (last === undefined) throw new Error('no event');
    const more = await reader.timeline({ profileId: id, limit: 10, before: last });
    expect(more).toHaveLength(3);
  });

  it('are found under the id they had before a merge, in the group of the earliest', async () => {
    const { world, people } = await aWorld();
    const early = NOW_MS - 3 * DAY_MS;
    await world.append([anEvent({ ids: { anonymous_id: 'a' }, atMs: early, receivedAtMs: early })]);
    await world.drain();
    const before = await onlyId(world);
    await world.append([anEvent({ ids: { user_id: 'u' } })]);
    await world.append([anEvent({ ids: { user_id: 'u', anonymous_id: 'a' } })]);
    await world.drain();
    const after = await onlyId(world);
    expect(after).not.toBe(before);
    const all = await world.database.transaction((tx) => people.load(tx, [before, after]));
    const [one, other] = [all.get(before), all.get(after)];
    expect(one).toEqual(other);
    expect(one?.profile).toEqual(other?.profile);
    expect(all.get(after)).toMatchObject({ profileId: after, groupUnit: before });
    const told = (await world.facts()).find(({ id, version }) => id === before && version === 2);
    expect(told?.body).toMatchObject({ mergedInto: after });
  });

  it('hear what the engine says of them, under any id they had, and never come of it', async () => {
    const { world, reads } = await aWorld();
    await world.append([anEvent({ ids: { anonymous_id: 'a' } })]);
    await world.drain();
    const before = await onlyId(world);
    await world.append([anEvent({ ids: { user_id: 'u' } })]);
    await world.append([anEvent({ ids: { user_id: 'u', anonymous_id: 'a' } })]);
    await world.drain();
    const engine = new EngineEvents(world.log, world.clock);
    const event = { name: 'loyalty_reached', properties: { tier: 'gold' }, isSample: false };
    await world.database.transaction((tx) =>
      engine.emit(tx, [
        { ...event, messageId: 'e1', profileId: before, atMs: NOW_MS, traits: { country: 'DE' } },
      ]),
    );
    expect(await world.drain()).toMatchObject({ fresh: 1 });
    const id = await onlyId(world);
    const history = new PostgresEventHistory();
    const request = { profileId: await onlyId(world), names: ['loyalty_reached'] };
    const found = await world.database.transaction((tx) =>
      history.since(tx, [
        { ...request, mark: { atMs: NOW_MS, eventKey: '' } },
        { ...request, names: ['other'], mark: { atMs: 0, eventKey: '' } },
      ]),
    );
    expect(found.map((some) => some.length)).toEqual([1, 0]);
    expect(found[0]?.[0]).toMatchObject({ name: 'loyalty_reached', properties: { tier: 'gold' } });
    const read = await reads.load(null, [id]);
    expect(read[0]?.document.traits).toMatchObject({ country: 'DE' });
  });

  it('are not fed by bots, nor woken by what is a day late', async () => {
    const { world } = await aWorld();
    const late = NOW_MS - 2 * DAY_MS;
    await world.append([
      anEvent({ ids: { anonymous_id: 'bot' }, isBot: true }),
      anEvent({
        ids: { user_id: 'u' },
        name: 'order_completed',
        properties: { total: 3, note: 'x'.repeat(2_000) },
        atMs: late,
        receivedAtMs: NOW_MS,
      }),
    ]);
    expect(await world.drain()).toMatchObject({ fresh: 2 });
    expect(await world.portrait()).toHaveLength(1);
    const changes = await world.changes();
    expect(changes.map(({ name, historical }) => [name, historical])).toEqual([
      ['order_completed', true],
      ['relance_segment_entered', true],
    ]);
    expect(changes[0]?.properties).toEqual({ total: 3 });
  });

  it('are put into a new segment without a word', async () => {
    const { world } = await aWorld();
    await world.append([anEvent({ ids: { user_id: 'u' } })]);
    await world.drain();
    const settings = world.settings.value;
    const when = '!has(profile.country)';
    const name = { fr: 'x', en: 'x' };
    world.settings.value = {
      ...settings,
      segments: settingsOf(undefined, [{ id: 'stateless', name, when }]).segments,
    };
    const count = (await world.changes()).length;
    const id = await onlyId(world);
    await world.database.transaction((tx) => world.ingest.refresh(tx, [id], 'segments'));
    expect(JSON.parse((await world.portrait())[0] ?? '')[2].segments).toEqual(['stateless']);
    expect((await world.changes()).length).toBe(count);
    // Nor does the first event after a publishing that the job has not come to yet.
    const later = [{ id: 'idle', name, when: 'profile.aggregates.orders_30d < 1' }];
    const { segments } = settingsOf(undefined, later);
    world.settings.value = { ...settings, segments };
    await world.append([anEvent({ ids: { user_id: 'u' } })]);
    await world.drain();
    expect(JSON.parse((await world.portrait())[0] ?? '')[2].segments).toEqual(['idle']);
    expect((await world.changes()).map((change) => change.name)).toEqual([
      'page_viewed',
      'page_viewed',
    ]);
    await world.append([
      anEvent({ ids: { user_id: 'u' }, name: 'order_completed', properties: { total: 1 } }),
    ]);
    await world.drain();
    expect((await world.changes()).at(-1)?.name).toBe('relance_segment_left');
  });

  it('are counted anew for a rule that is newer than their events', async () => {
    const { world } = await aWorld();
    const ids = { user_id: 'u' };
    const cart = (total: number) => anEvent({ ids, name: 'cart_updated', properties: { total } });
    const other = anEvent({
      ids: { anonymous_id: 'a' },
      name: 'cart_updated',
      properties: { total: 8 },
    });
    await world.append([cart(1), cart(2), other]);
    await world.drain();
    const aggregate = {
      name: 'carts',
      operation: 'sum',
      event: 'cart_updated',
      property: 'total',
    } as const;
    world.settings.value = settingsOf({ ...RULES, aggregates: [...RULES.aggregates, aggregate] });
    // One is counted when the next event comes, with a merge; the job finds the others.
    await world.append([cart(4), anEvent({ ids: { ...ids, anonymous_id: 'a' } })]);
    await world.drain();
    const id = await onlyId(world);
    const carts = async () => JSON.parse((await world.portrait())[0] ?? '')[2].aggregates.carts;
    expect(await carts()).toBe(15);
    await world.database.transaction((tx) => world.ingest.refresh(tx, [id], 'segments'));
    expect(await carts()).toBe(15);
    await world.append([cart(16)]);
    await world.drain();
    expect(await carts()).toBe(31);
  });
});
