import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Fact } from '#libs/contracts';
import { openTestStore, type TestStore } from '#libs/testkit';
import { contentHash, type DefinitionHash } from '#libs/kernel';
import type { Definition, Step } from '#libs/scenario';
import type { Database } from '#libs/adapter-postgres';
import type { HostLimits } from '#libs/runtime-embedded';
import { hostWorld, type HostWorld } from './world.js';

const SATURDAY_MS = Date.parse('2026-03-28T10:00:00+01:00');
const HOUR_MS = 3_600_000;

let testStore: TestStore;
beforeAll(async () => {
  testStore = await openTestStore();
});
afterAll(async () => {
  await testStore.close();
});

function definition(over: Partial<Definition>, steps: Record<string, Step>): Definition {
  const body = {
    scenario: 'cart',
    name: { fr: 'Panier', en: 'Cart' },
    purpose: 'marketing',
    priority: 50,
    entry: {
      on: ['cart_updated'],
      when: 'event.total >= 30.0',
      key: 'event.cart_id',
      reentry: { afterMs: 7 * 24 * HOUR_MS },
      existing: 'ignore' as const,
    },
    exits: [{ on: ['order_completed'], when: 'event.cart_id == entry.cart_id', as: 'converted' }],
    goal: null,
    holdoutShare: 0,
    maxAgeMs: 30 * 24 * HOUR_MS,
    onChange: { kind: 'pin' as const },
    start: Object.keys(steps)[0] ?? null,
    steps,
    reads: { profile: [], account: [], entry: ['cart_id', 'total'], decision: {}, vars: [] },
    questions: [
      {
        id: 'evening',
        kind: 'next_local_time' as const,
        time: '18:30',
        days: ['mon' as const, 'tue' as const],
        zone: 'profile' as const,
        onGap: 'later' as const,
        onOverlap: 'first' as const,
      },
    ],
    ...over,
  };
  return { ...body, hash: contentHash(body) as DefinitionHash };
}

const cart = definition(
  {},
  {
    'wait-1': {
      type: 'wait',
      duration: { amount: 1, unit: 'h' },
      onResume: 'continue',
      next: 'evening',
    },
    evening: { type: 'wait_until', question: 'evening', onResume: 'continue', next: 'rescue' },
    rescue: {
      type: 'decide',
      actions: ['reminder', 'nothing'],
      model: 'betaTS',
      reward: null,
      timeoutMs: 150,
      fallback: 'reminder',
      businessAsUsual: null,
      next: 'deliver-1',
    },
    'deliver-1': {
      type: 'deliver',
      of: { decision: 'rescue' },
      onWithheld: 'continue',
      next: 'later',
    },
    later: {
      type: 'wait_for',
      triggers: [{ on: ['cart_viewed'], when: 'event.cart_id == entry.cart_id' }],
      upToMs: 24 * HOUR_MS,
      lookback: 'entry',
      then: 'exit-seen',
      else: null,
      onResume: 'continue',
      next: null,
    },
    'exit-seen': { type: 'exit', as: 'seen', next: null },
  },
);

async function facts(database: Database): Promise<readonly Fact[]> {
  const rows = await database.query<{ value: string }>(
    'SELECT value FROM fact_outbox ORDER BY seq',
  );
  return rows.rows.map((row) => JSON.parse(row.value) as Fact);
}

const ends = (all: readonly Fact[]): (string | null)[] =>
  all.flatMap((fact) =>
    fact.kind === 'enrolment' && fact.body.state === 'ended' ? [fact.body.endedAs] : [],
  );

test('a cart of Saturday is answered on Monday at 18:30, across the change of the clocks', async () => {
  const database = await testStore.fresh();
  const world = await hostWorld(database, [cart], { startMs: SATURDAY_MS });
  await world.event('p1', 'cart_updated', { cart_id: 'c1', total: 80 });
  await world.settle();
  world.clock.advance(HOUR_MS);
  await world.settle();
  expect(world.sent).toEqual([]);
  world.clock.moveTo(Date.parse('2026-03-30T18:29:59+02:00'));
  await world.settle();
  expect(world.sent).toEqual([]);
  world.clock.moveTo(Date.parse('2026-03-30T18:30:00+02:00'));
  await world.settle();
  expect(world.sent).toHaveLength(1);
  await world.event('p1', 'order_completed', { cart_id: 'c1', total: 80 });
  await world.settle();
  expect(ends(await facts(database))).toEqual(['converted']);
  const left = await database.query('SELECT 1 FROM enrolment');
  expect(left.rowCount).toBe(0);
  await world.close();
});

test('one enrolment a key and event, refused again until the re-entry time is over', async () => {
  const database = await testStore.fresh();
  const world = await hostWorld(database, [cart], { startMs: SATURDAY_MS });
  const key = await world.event('p1', 'cart_updated', { cart_id: 'c1', total: 80 });
  await world.change({
    profileId: 'p1',
    eventKey: key,
    name: 'cart_updated',
    properties: { cart_id: 'c1', total: 80 },
  });
  await world.event('p1', 'cart_updated', { cart_id: 'c1', total: 90 });
  await world.event('p1', 'cart_updated', { cart_id: 'c2', total: 40 });
  await world.event('p1', 'cart_updated', { cart_id: 'c3', total: 10 });
  await world.settle();
  const ledger = await database.query<{ entry_key: string }>(
    'SELECT entry_key FROM entry_ledger ORDER BY 1',
  );
  expect(ledger.rows.map((row) => row.entry_key)).toEqual(['c1', 'c2']);
  await world.event('p1', 'order_completed', { cart_id: 'c1' });
  await world.event('p1', 'cart_updated', { cart_id: 'c1', total: 80 });
  await world.settle();
  expect((await database.query('SELECT 1 FROM enrolment')).rowCount).toBe(1);
  world.clock.advance(8 * 24 * HOUR_MS);
  await world.event('p1', 'cart_updated', { cart_id: 'c1', total: 80 });
  await world.settle();
  const entered = (await facts(database)).filter(
    (fact) => fact.kind === 'enrolment' && fact.version === 1,
  );
  expect(entered).toHaveLength(3);
  await world.close();
});

test('a wait that looks back finds the event that came before it', async () => {
  const database = await testStore.fresh();
  const world = await hostWorld(database, [cart], { startMs: SATURDAY_MS });
  await world.event('p1', 'cart_updated', { cart_id: 'c1', total: 80 });
  await world.settle();
  world.clock.advance(60_000);
  await world.event('p1', 'cart_viewed', { cart_id: 'c1' });
  await world.settle();
  world.clock.moveTo(Date.parse('2026-03-30T18:30:00+02:00'));
  await world.settle();
  expect(ends(await facts(database))).toEqual(['seen']);
  await world.close();
});

test('the held-out get an enrolment, run no step, and end when their time is over', async () => {
  const database = await testStore.fresh();
  const world = await hostWorld(database, [cart], {
    startMs: SATURDAY_MS,
    groupOf: () => 'holdout',
  });
  await world.event('p1', 'cart_updated', { cart_id: 'c1', total: 80 });
  await world.settle();
  world.clock.advance(31 * 24 * HOUR_MS);
  await world.settle();
  const all = await facts(database);
  expect(world.sent).toEqual([]);
  expect(all.filter((fact) => fact.kind === 'step')).toEqual([]);
  expect(all.map((fact) => (fact.kind === 'enrolment' ? fact.body.state : ''))).toEqual([
    'held_out',
    'ended',
  ]);
  await world.close();
});

test('a merge brings the enrolments along, and of two under one key the older lives', async () => {
  const database = await testStore.fresh();
  const world = await hostWorld(database, [cart], { startMs: SATURDAY_MS });
  await world.event('p1', 'cart_updated', { cart_id: 'c1', total: 80 });
  await world.settle();
  world.clock.advance(1_000);
  await world.event('p2', 'cart_updated', { cart_id: 'c1', total: 80 });
  await world.event('p2', 'cart_updated', { cart_id: 'c9', total: 80 });
  await world.settle();
  await world.change({ profileId: 'p1', mergedFrom: 'p2' });
  await world.settle();
  const left = await database.query<{ profile_id: string; entry_key: string }>(
    'SELECT profile_id, entry_key FROM enrolment ORDER BY entry_key',
  );
  expect(left.rows).toEqual([
    { profile_id: 'p1', entry_key: 'c1' },
    { profile_id: 'p1', entry_key: 'c9' },
  ]);
  expect(ends(await facts(database))).toEqual(['merged']);
  await world.close();
});

test('another owner of the lease is fenced off, and what it had in hand is not written', async () => {
  const database = await testStore.fresh();
  const world = await hostWorld(database, [cart], { startMs: SATURDAY_MS });
  const first = await world.store.acquire('router', 'one', 1_000);
  expect(first).not.toBeNull();
  expect(await world.store.acquire('router', 'two', 1_000)).toBeNull();
  world.clock.advance(2_000);
  const second = await world.store.acquire('router', 'two', 1_000);
  expect(second?.epoch).toBe((first?.epoch ?? 0) + 1);
  await expect(
    database.transaction(async (tx) => {
      if (first !== null) await world.store.fence(tx, first);
    }),
  ).rejects.toThrow('another owner');
  await world.close();
});

const PEOPLE = Array.from({ length: 23 }, (_, index) => `p${String(index).padStart(2, '0')}`);

/** Everybody's cart, up to the wait for Monday evening. */
async function manyWaiting(limits: Partial<HostLimits>): Promise<[Database, HostWorld]> {
  const database = await testStore.fresh();
  const world = await hostWorld(database, [cart], { startMs: SATURDAY_MS, limits });
  for (const id of PEOPLE) await world.event(id, 'cart_updated', { cart_id: 'c1', total: 80 });
  await world.settle();
  world.clock.advance(HOUR_MS);
  await world.settle();
  world.clock.moveTo(Date.parse('2026-03-30T18:30:00+02:00'));
  return [database, world];
}

const told = async (database: Database): Promise<string[]> =>
  (await facts(database)).map((fact) => JSON.stringify(fact)).sort();

test('timers of many pages and turns fire once each, and leave what one page would', async () => {
  const [small, inPages] = await manyWaiting({ timers: 10, timersPage: 3 });
  await inPages.settle();
  const [large, atOnce] = await manyWaiting({ timers: 1_000, timersPage: 1_000 });
  await atOnce.settle();
  expect(inPages.sent).toHaveLength(PEOPLE.length);
  expect(new Set(inPages.sent).size).toBe(PEOPLE.length);
  expect(await told(small)).toEqual(await told(large));
  const states = 'SELECT profile_id, step_id, due_at_ms, state FROM enrolment ORDER BY profile_id';
  expect((await small.query(states)).rows).toEqual((await large.query(states)).rows);
  await inPages.close();
  await atOnce.close();
});

test('when one page cannot be written, no page of the turn is', async () => {
  const [database, world] = await manyWaiting({ timers: 100, timersPage: 3 });
  const before = await told(database);
  await database.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE 'refused'; END $$`);
  await database.query(`CREATE TRIGGER refuse BEFORE UPDATE ON enrolment FOR EACH ROW
    WHEN (NEW.profile_id = 'p17') EXECUTE FUNCTION refuse()`);
  await expect(world.settle()).rejects.toThrow('refused');
  expect(await told(database)).toEqual(before);
  await database.query('DROP TRIGGER refuse ON enrolment');
  await world.settle();
  const waiting = await database.query(`SELECT 1 FROM enrolment WHERE step_id = 'later'`);
  expect(waiting.rowCount).toBe(PEOPLE.length);
  await world.close();
});
