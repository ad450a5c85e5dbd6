import type { Database } from '#libs/adapter-postgres';
import type { RawEvent } from '#libs/contracts';
import type { TestStore } from '#libs/testkit';
import { engineWorld, type EngineWorld } from '../engine/world.js';
import { DECIDES, scenario } from './scenarios.js';

/** When a world of these tests begins. */
export const MONDAY_MS = Date.parse('2026-03-30T10:00:00+02:00');
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const workspace = 'tests/workspaces/pipeline';

/** An order of 80 by whoever has these ids. */
export const order = (ids: RawEvent['ids'], over: Partial<RawEvent> = {}): Partial<RawEvent> => ({
  name: 'order_completed',
  ids,
  properties: { order_id: 'o1', total: 80 },
  ...over,
});

/** A scenario that decides and delivers an hour after it is asked to. */
export const cart = scenario('cart', {
  entry: '{ on: cart_asked, key: event.cart_id, reentry: always }',
  goal: '{ on: order_completed, within: 14d, value: event.total }',
  steps: ['{ wait: 1h }', ...DECIDES, '{ wait: 2d }'],
});

/** Works in a world of its own, with files laid over the workspace's. */
export async function withFiles(
  store: TestStore,
  files: Readonly<Record<string, string>>,
  work: (world: EngineWorld, database: Database) => Promise<void>,
): Promise<void> {
  const database = await store.fresh();
  const world = await engineWorld(database, { workspace, startMs: MONDAY_MS, files });
  await work(world, database);
  await world.close();
}

/** Every enrolment that is kept, with whom its person merged into. */
export const livingEnrolments = async (database: Database) =>
  (
    await database.query<{ profile_id: string; entry_key: string; merged_into: string | null }>(
      `SELECT e.profile_id, e.entry_key, p.merged_into FROM enrolment e
       JOIN profile p USING (profile_id) ORDER BY entry_key`,
    )
  ).rows;
