import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyedPseudonyms } from '#libs/application';
import { PostgresContactPreferences } from '#libs/adapter-postgres';
import type { RawEvent, SuppressionFact } from '#libs/contracts';
import { openTestStore, type TestStore } from '#libs/testkit';
import { anEvent, NOW_MS, profileWorld, type ProfileWorld } from './world.js';

const MINUTE_MS = 60_000;
const addressOf = (who: string): string => `${who}@shop.example`;
const ADDRESS = addressOf('lea');
/** T1, when the person left; everything else is told by minutes around it. */
const LEFT_MS = NOW_MS - 60 * MINUTE_MS;

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(async () => {
  await store.close();
});

const preferences = new PostgresContactPreferences((channel, address) =>
  keyedPseudonyms('test').hash(channel, address),
);

const known = (who = 'lea'): RawEvent =>
  anEvent({
    ids: { user_id: who, email: addressOf(who) },
    verified: ['email'],
    source: 'form',
    type: 'identify',
    name: 'identify',
    traits: { email: addressOf(who) },
    atMs: LEFT_MS - 30 * MINUTE_MS,
  });

/** A statement of consent, minutes after the person left. */
function said(minutes: number, over: Record<string, unknown> = {}, more: Partial<RawEvent> = {}) {
  const atMs = LEFT_MS + minutes * MINUTE_MS;
  return anEvent({
    ids: { user_id: 'lea' },
    source: 'form',
    name: 'consent_changed',
    properties: {
      channel: 'email',
      purpose: 'marketing',
      status: 'granted',
      basis: 'opt_in',
      proof: 'form of the shop',
      ...over,
    },
    atMs,
    receivedAtMs: Math.max(atMs, NOW_MS),
    ...more,
  });
}

interface Left {
  readonly minutes?: number;
  readonly channel?: 'email' | 'sms';
  readonly purpose?: string | null;
  readonly addresses?: readonly string[];
  readonly profileId?: string;
}

/** What the unsubscribe page does at once, before its event is read. */
async function leave(world: ProfileWorld, over: Left = {}): Promise<readonly SuppressionFact[]> {
  const { minutes = 0, channel = 'email', purpose = 'marketing', addresses = [ADDRESS] } = over;
  const atMs = LEFT_MS + minutes * MINUTE_MS;
  const profileId = (over.profileId ?? null) as null;
  return await world.database.transaction((tx) =>
    preferences.refuse(tx, { channel, purpose, addresses, profileId, atMs, isSample: false }),
  );
}

async function active(world: ProfileWorld): Promise<readonly string[]> {
  const found = await world.database.query<{ reason: string; channel: string }>(
    'SELECT reason, channel FROM suppression WHERE is_active ORDER BY reason, channel',
  );
  return found.rows.map(({ reason, channel }) => `${reason} ${channel}`);
}

const liftings = async (world: ProfileWorld): Promise<readonly SuppressionFact[]> =>
  (await world.facts()).filter((fact): fact is SuppressionFact => fact.kind === 'suppression');

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}

describe('a later grant with proof', () => {
  it('lifts an unsubscription, and nothing else does, in whatever order they are read', async () => {
    type Said = (who: Pick<RawEvent, 'ids'>) => RawEvent;
    const refused: Said = (who) =>
      said(0, { status: 'denied', proof: 'page' }, { source: 'relance', ...who });
    const older: Said = (who) => said(-10, {}, who);
    const unproven: Said = (who) => said(10, { proof: '' }, who);
    const bulk: Said = (who) => said(20, {}, { historical: true, source: 'crm', ...who });
    const groundless: Said = (who) => said(25, { basis: '' }, who);
    const renewed: Said = (who) => said(30, {}, who);
    const weaker: Said = (who) => said(40, { proof: '' }, who);
    const people = [
      ...permutations([refused, older, unproven, bulk]).map((order) => ({ order, lifts: false })),
      ...permutations([refused, older, groundless]).map((order) => ({ order, lifts: false })),
      ...permutations([refused, older, renewed]).map((order) => ({ order, lifts: true })),
      ...permutations([refused, renewed, weaker]).map((order) => ({ order, lifts: true })),
    ].map(({ order, lifts }, index) => {
      const who = `p${index}`;
      return { who, lifts, events: order.map((one) => one({ ids: { user_id: who } })) };
    });
    const world = await profileWorld(await store.fresh());
    await world.append(people.map(({ who }) => known(who)));
    await world.drain();
    await leave(world, { addresses: people.map(({ who }) => addressOf(who)) });
    // One of each person's after another, each in a transaction of its own.
    for (const place of [0, 1, 2, 3]) {
      await world.append(people.flatMap(({ events }) => events[place] ?? []));
      await world.drain();
    }
    const hashOf = (who: string): string => keyedPseudonyms('test').hash('email', addressOf(who));
    const outcome = async () => {
      const rows = await world.database.query<{ hash: string; version: number }>(
        'SELECT address_hash AS hash, version FROM suppression WHERE NOT is_active',
      );
      return rows.rows.map(({ hash, version }) => `${hash} ${version}`).sort();
    };
    const lifted = people.filter(({ lifts }) => lifts).map(({ who }) => hashOf(who));
    expect(lifted).toHaveLength(12);
    expect(await outcome()).toEqual(lifted.map((hash) => `${hash} 2`).sort());
    const told = await liftings(world);
    expect(told.map(({ body }) => body.addressHash).sort()).toEqual(lifted.sort());
    for (const { body, version } of told) {
      expect([body.active, body.untilMs, version]).toEqual([false, LEFT_MS + 30 * MINUTE_MS, 2]);
    }
    // All of it once more changes nothing.
    await world.append(people.flatMap(({ events }) => events));
    await world.drain();
    expect(await liftings(world)).toHaveLength(told.length);
  });

  it('lifts for its own channel and purpose, and what refused every purpose', async () => {
    const world = await profileWorld(await store.fresh());
    await world.append([known()]);
    await world.drain();
    await leave(world);
    await leave(world, { channel: 'sms' });
    await leave(world, { purpose: null });
    await leave(world, { purpose: 'surveys' });
    await world.append([said(5)]);
    await world.drain();
    const left = await world.database.query<{ channel: string; purpose: string | null }>(
      'SELECT channel, purpose FROM suppression WHERE is_active ORDER BY channel',
    );
    expect(left.rows).toEqual([
      { channel: 'email', purpose: 'surveys' },
      { channel: 'sms', purpose: 'marketing' },
    ]);
  });

  it('leaves complaints, bounces and what people set by hand as they are', async () => {
    const world = await profileWorld(await store.fresh());
    await world.append([known()]);
    await world.drain();
    const hash = keyedPseudonyms('test').hash('email', ADDRESS);
    const reasons = ['complaint', 'hard_bounce', 'soft_bounces', 'manual', 'erased'];
    for (const reason of reasons) {
      await world.database.query(
        `INSERT INTO suppression (id, scope, channel, address_hash, reason, is_active, from_ms)
         VALUES ($1, 'address', 'email', $2, $1, true, $3)`,
        [reason, hash, LEFT_MS],
      );
    }
    await leave(world);
    await world.append([said(5)]);
    await world.drain();
    expect(await active(world)).toEqual(reasons.sort().map((reason) => `${reason} email`));
  });

  it('does not lift what was said again after it, though it is read later still', async () => {
    const world = await profileWorld(await store.fresh());
    await world.append([known()]);
    await world.drain();
    expect((await leave(world)).length).toBe(1);
    // The same moment once more is no news; a later one is.
    expect((await leave(world)).length).toBe(0);
    expect((await leave(world, { minutes: 10 })).map(({ body }) => body.fromMs)).toEqual([
      LEFT_MS + 10 * MINUTE_MS,
    ]);
    await world.append([said(5), said(10)]);
    await world.drain();
    expect(await active(world)).toEqual(['unsubscribed email']);
    await world.append([said(11)]);
    await world.drain();
    expect(await active(world)).toEqual([]);
    // And whoever leaves once more has left.
    expect((await leave(world, { minutes: 20 })).map(({ version }) => version)).toEqual([4]);
    expect(await active(world)).toEqual(['unsubscribed email']);
  });

  it('does not lift before its own time', async () => {
    const world = await profileWorld(await store.fresh());
    await world.append([known()]);
    await world.drain();
    await leave(world);
    await world.append([said(65)]);
    await world.drain();
    expect(await active(world)).toEqual(['unsubscribed email']);
  });

  it('of somebody who turns out to be the same person lifts, too', async () => {
    const world = await profileWorld(await store.fresh());
    await world.append([anEvent({ ids: { anonymous_id: 'a' } }), known(), said(5)]);
    await world.drain();
    const node = await world.database.query<{ node_id: string }>(
      `SELECT node_id FROM profile_identity WHERE ns = 'anonymous_id'`,
    );
    const profileId = node.rows[0]?.node_id ?? '';
    await leave(world, { addresses: [], profileId });
    expect(await active(world)).toEqual(['unsubscribed email']);
    await world.append([anEvent({ ids: { user_id: 'lea', anonymous_id: 'a' } })]);
    await world.drain();
    expect(await active(world)).toEqual([]);
  });
});
