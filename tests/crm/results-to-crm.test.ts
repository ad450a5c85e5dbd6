import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '#libs/testkit';
import { engineWorld, known, type EngineWorld } from '../engine/world.js';
import { crmConfig } from './config.js';
import { crmWorld, type CrmWorld } from './world.js';

const MONDAY_MS = Date.parse('2026-03-30T10:00:00+02:00');
const DAY_MS = 86_400_000;
const workspace = 'tests/workspaces/pipeline';

let testStore: TestStore;
beforeAll(async () => {
  testStore = await openTestStore();
});
afterAll(async () => {
  await testStore.close();
});

async function signedUp(): Promise<{ world: EngineWorld; crm: CrmWorld }> {
  const database = await testStore.fresh();
  const world = await engineWorld(database, { workspace, startMs: MONDAY_MS });
  const crm = await crmWorld(world, crmConfig());
  await world.send(known('u1'));
  await world.settle();
  await world.send([{ name: 'signed_up', ids: { user_id: 'u1' } }]);
  await world.settle();
  return { world, crm };
}

async function order(world: EngineWorld, id: string): Promise<void> {
  world.clock.advance(3_600_000);
  await world.send([
    {
      name: 'order_completed',
      ids: { user_id: 'u1' },
      properties: { order_id: id, total: 129.9 },
    },
  ]);
  await world.settle();
}

test('an order after a message is told to the CRM, with its sentence', async () => {
  const { world, crm } = await signedUp();
  await crm.settle();
  world.clock.advance(2 * DAY_MS - 3_600_000);
  await order(world, 'SO0042');
  await crm.settle();
  const membership = await crm.rows('membership');
  expect(membership.map((row) => [row['contact.externalId'], row['status']])).toEqual([
    ['u1', 'sent'],
    ['u1', 'ordered'],
  ]);
  expect(membership[1]).toMatchObject({
    'campaign.id': 'hello',
    'campaign.name': 'Bonjour',
    'order.ref': 'SO0042',
    'order.amount': '129.90',
    'order.currency': 'EUR',
  });
  const activities = await crm.rows('activity');
  expect(activities.map((row) => row['body'])).toEqual([
    'Campagne « Bonjour » : commande SO0042 de 129,90 EUR le 01/04, ' +
      '2 jours après le courriel du 30/03 (sans clic).',
  ]);
  const consents = await crm.rows('consent');
  expect(consents.map((row) => [row['channel'], row['purpose'], row['state']])).toEqual([
    ['email', 'marketing', 'granted'],
  ]);
  await crm.close();
  await world.close();
});

test('ten steps before the files are written become one row', async () => {
  const { world, crm } = await signedUp();
  await order(world, 'SO1');
  await crm.settle();
  const membership = await crm.rows('membership');
  expect(membership.map((row) => row['status'])).toEqual(['ordered']);
  await crm.close();
  await world.close();
});

test('the same facts read again from the start write nothing', async () => {
  const { world, crm } = await signedUp();
  await order(world, 'SO1');
  await crm.settle();
  const before = await crm.list('out');
  await world.engine.options.database.query(
    `UPDATE log_offset SET next_offset = 0 WHERE consumer = 'crm'`,
  );
  const again = await crmWorld(world, crmConfig());
  await again.settle();
  expect(await again.list('out')).toEqual([]);
  expect(await crm.list('out')).toEqual(before);
  await again.close();
  await crm.close();
  await world.close();
});
