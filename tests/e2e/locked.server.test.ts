import { afterAll, beforeAll, expect, test } from 'vitest';
import { inside, type Database } from '#libs/adapter-postgres';
import { openTestStore, type TestStore } from '#libs/testkit';
import { engineWorld, known, ofKind, type EngineWorld } from '../engine/world.js';
import { DECIDES, scenario } from './scenarios.js';

const startMs = Date.parse('2026-03-30T10:00:00+02:00');
const workspace = 'tests/workspaces/pipeline';
const files = scenario('one', { steps: DECIDES });
const DAY_MS = 86_400_000;
const PEOPLE = ['u1', 'u2', 'u3'];

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

async function profileOf(database: Database, userId: string): Promise<string> {
  const { rows } = await database.query<{ profile_id: string }>(
    `SELECT n.profile_id FROM profile_identity i JOIN node n ON n.node_id = i.node_id
     WHERE i.ns = 'user_id' AND i.value_norm = $1`,
    [userId],
  );
  return rows[0]?.profile_id ?? '';
}

/** Somebody else keeps the caps of `u1` while `work` runs. */
async function whileHeld(database: Database, work: () => Promise<void>): Promise<void> {
  const profileId = await profileOf(database, 'u1');
  await database.transaction(async (tx) => {
    await inside(tx).query('INSERT INTO profile_cap VALUES ($1) ON CONFLICT DO NOTHING', [
      profileId,
    ]);
    await inside(tx).query('SELECT 1 FROM profile_cap WHERE profile_id = $1 FOR UPDATE', [
      profileId,
    ]);
    await work();
  });
}

/** Everybody asks; the router has not heard of it yet. */
async function ask(world: EngineWorld): Promise<void> {
  await world.send(PEOPLE.map((id) => ({ name: 'one_asked', ids: { user_id: id } })));
  await world.settle({ without: ['router', 'sender'] });
}

test.for([
  ['whom nobody contacted yet', false],
  ['who was contacted before', true],
] as const)(
  'caps that another keeps cost somebody %s the fallback, and nobody else anything',
  async ([, isKnown]) => {
    const database = await store.fresh();
    const world = await engineWorld(database, { workspace, startMs, files });
    for (const id of PEOPLE) await world.send(known(id));
    await world.settle();
    if (isKnown) {
      await ask(world);
      await world.settle();
      world.clock.advance(3 * DAY_MS);
    }
    const mails = isKnown ? 3 : 0;
    expect(world.mails).toHaveLength(mails);
    await ask(world);
    await whileHeld(database, () => world.settle());
    expect(world.mails).toHaveLength(mails + 2);
    await world.settle();
    expect(world.mails).toHaveLength(mails + 3);
    const reasons = ofKind(await world.facts(), 'decision').map(({ body }) => body.fallbackReason);
    expect(reasons).toHaveLength(mails + 3);
    expect(reasons.filter((reason) => reason !== null)).toEqual(['timeout']);
    const places = await database.query(`SELECT 1 FROM cap_reservation WHERE state = 'consumed'`);
    expect(places.rowCount).toBe(mails + 3);
    await world.close();
  },
);
