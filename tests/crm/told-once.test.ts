import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeFacts, type Database } from '#libs/adapter-postgres';
import type { DeliveryEventFact, Fact, ProfileFact } from '#libs/contracts';
import { openTestStore, type TestStore } from '#libs/testkit';
import { engineWorld, known, type EngineWorld } from '../engine/world.js';
import { crmConfig } from './config.js';
import { crmWorld } from './world.js';

const MONDAY_MS = Date.parse('2026-03-30T10:00:00+02:00');
const workspace = 'tests/workspaces/pipeline';

let testStore: TestStore;
beforeAll(async () => {
  testStore = await openTestStore();
});
afterAll(async () => {
  await testStore.close();
});

async function tell(database: Database, facts: readonly Fact[]): Promise<void> {
  await database.transaction((tx) => writeFacts(tx, facts));
}

function happened(
  world: EngineWorld,
  about: { readonly profileId: string; readonly deliveryId: string },
  kind: DeliveryEventFact['body']['deliveryEventKind'],
  code: string | null = null,
): DeliveryEventFact {
  const atMs = world.clock.nowMs();
  return {
    id: `${about.deliveryId}/${kind}/${String(code)}`,
    kind: 'delivery_event',
    version: 1,
    atMs,
    profileId: about.profileId,
    body: {
      deliveryId: about.deliveryId,
      deliveryEventKind: kind,
      atMs,
      link: null,
      code,
      detail: null,
      evidence: [],
      enrolmentId: null,
      decisionId: null,
      scenario: 'hello',
      channel: 'email',
      sample: false,
    },
  };
}

async function mailed() {
  const database = await testStore.fresh();
  const world = await engineWorld(database, { workspace, startMs: MONDAY_MS });
  const crm = await crmWorld(world, crmConfig());
  await world.send(known('u1'));
  await world.settle();
  await world.send([{ name: 'signed_up', ids: { user_id: 'u1' } }]);
  await world.settle();
  const { rows } = await database.query<{ id: string; profile_id: string }>(
    'SELECT id, profile_id FROM delivery',
  );
  const about = { deliveryId: rows[0]?.id ?? '', profileId: rows[0]?.profile_id ?? '' };
  const close = async (): Promise<void> => {
    await crm.close();
    await world.close();
  };
  return { database, world, crm, about, close };
}

test('a bounce and a complaint tell the address; a bounce for the moment does not', async () => {
  const { database, world, crm, about, close } = await mailed();
  await tell(database, [
    happened(world, about, 'bounced', '4.2.2'),
    happened(world, about, 'bounced', '5.1.1'),
    happened(world, about, 'complained'),
    happened(world, about, 'bounced', '5.1.1'),
  ]);
  await crm.settle();
  const told = await crm.rows('deliverability');
  expect(told.map((row) => [row['address'], row['state'], row['code']])).toEqual([
    ['u1@example.test', 'npai', '5.1.1'],
    ['u1@example.test', 'complaint', undefined],
  ]);
  const statuses = (await crm.rows('membership')).map((row) => row['status']);
  expect(statuses).toEqual(['sent', 'bounced']);
  await close();
});

test('clicks in any number are one step; a machine’s are none', async () => {
  const { database, world, crm, about, close } = await mailed();
  await crm.settle();
  await tell(database, [happened(world, about, 'bot_clicked'), happened(world, about, 'opened')]);
  await crm.settle();
  expect((await crm.rows('membership')).map((row) => row['status'])).toEqual(['sent']);
  await tell(
    database,
    Array.from({ length: 10 }, () => happened(world, about, 'clicked')),
  );
  await crm.settle();
  await tell(database, [happened(world, about, 'delivered'), happened(world, about, 'clicked')]);
  await tell(database, [happened(world, about, 'unsubscribed')]);
  await crm.settle();
  expect((await crm.rows('membership')).map((row) => row['status'])).toEqual([
    'sent',
    'clicked',
    'unsubscribed',
  ]);
  await close();
});

test('a score is told when it changes, the last of what waits', async () => {
  const { database, world, crm, about, close } = await mailed();
  await crm.settle();
  const profile = (await world.facts()).findLast(
    (fact): fact is ProfileFact => fact.kind === 'profile',
  );
  if (profile === undefined) throw new Error('no profile was told');
  const scored = (version: number, rfm: string): Fact => ({
    ...profile,
    version,
    body: { ...profile.body, rfm },
  });
  await tell(database, [scored(101, '5-4-3'), scored(102, '5-5-3'), scored(101, '5-4-3')]);
  await crm.settle();
  await tell(database, [scored(103, '5-5-3')]);
  await crm.settle();
  const told = (await crm.rows('scores')).map(({ 'values.frequency': frequency }) => frequency);
  expect(told).toEqual([5]);
  expect(about.profileId).toBe(profile.profileId);
  await close();
});

test('people without a key are passed over and counted', async () => {
  const database = await testStore.fresh();
  const world = await engineWorld(database, { workspace, startMs: MONDAY_MS });
  const crm = await crmWorld(world, crmConfig());
  const anonymous = known('u1').map((event) => ({ ...event, ids: { anonymous_id: 'a1' } }));
  await world.send(anonymous);
  await world.settle();
  await crm.settle();
  expect(await crm.list('out')).toEqual([]);
  expect(Object.fromEntries(await crm.outbox.skipped('file'))).toEqual({ no_crm_key: 1 });
  await crm.close();
  await world.close();
});
