import type { Database } from '#libs/adapter-postgres';
import type { TestStore } from '#libs/testkit';
import { HOUR_MS, workspace } from '../e2e/people.js';
import { policies, scenario } from '../e2e/scenarios.js';
import { engineWorld, type EngineWorld } from './world.js';

/** A profile.yaml whose people have dates. */
export const PROFILE = `identities:
  - { ns: user_id, unique: true }
  - { ns: email, limit: 5, mergeable: verified, normalise: email }
  - { ns: anonymous_id, limit: 20, window: 90d }
sources:
  form: { kind: online }
  relance: { kind: engine }
traits:
  firstName: { type: string, personal: true, master: [form] }
  email: { type: email, personal: true, master: [form], verified_first: true }
  country: { type: string, master: [form] }
  timezone: { type: timezone, master: [form], strategy: recency }
  locale: { type: string, master: [form] }
  birthday: { type: date, personal: true, master: [form], strategy: recency }
  contractEnd: { type: date, master: [form], strategy: recency }
aggregates:
  orders_365d: { count: order_completed, window: 365d }
  last_order_at: { last: order_completed }
`;

/** The files of every world here. */
export const BASE = { ...policies(), 'profile.yaml': PROFILE };

/** Who entered, and when. */
export interface Entered {
  readonly who: string;
  readonly at: string;
}

/** Who entered a scenario and when, in the order of the instants. */
export async function entered(database: Database, id: string): Promise<readonly Entered[]> {
  const { rows } = await database.query<{ who: string; at_ms: number }>(
    `SELECT i.value_norm AS who, e.entered_at_ms AS at_ms
     FROM (SELECT id, profile_id, scenario, entered_at_ms FROM enrolment
           UNION ALL SELECT id, profile_id, scenario, entered_at_ms FROM enrolment_ended) e
     JOIN node n USING (profile_id) JOIN profile_identity i USING (node_id)
     WHERE e.scenario = $1 AND i.ns = 'user_id' ORDER BY 2, 1`,
    [id],
  );
  return rows.map(({ who, at_ms: at }) => ({ who, at: new Date(at).toISOString() }));
}

/** Works in a world of its own whose people have dates. */
export async function withDated(
  store: TestStore,
  given: { readonly files: Readonly<Record<string, string>>; readonly startMs: number },
  work: (world: EngineWorld, database: Database) => Promise<void>,
): Promise<void> {
  const database = await store.fresh();
  const files = { ...BASE, ...given.files };
  const world = await engineWorld(database, { workspace, startMs: given.startMs, files });
  await work(world, database);
  await world.close();
}

/** Goes on to an instant in steps, as a running engine sees time pass. */
export async function goTo(world: EngineWorld, at: string, stepMs = HOUR_MS): Promise<void> {
  const endMs = Date.parse(at);
  while (world.clock.nowMs() < endMs) {
    world.clock.advance(Math.min(stepMs, endMs - world.clock.nowMs()));
    await world.settle();
  }
}

/** Steps of a scenario that is over in an hour. */
export const ENDS = ['{ wait: 1h }'];
/** A scenario entered by a birthday. */
export const birthday = (entry: string, more = ''): Readonly<Record<string, string>> =>
  scenario('cake', { entry: `{ date: { trait: birthday, ${entry} }${more} }`, steps: ENDS });
