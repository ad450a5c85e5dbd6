import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrationProgress, type Database } from '#libs/adapter-postgres';
import { openTestStore, type TestStore } from '#libs/testkit';
import { engineWorld, publish } from '../engine/world.js';
import { buildApps } from './built.js';
import { count, LoneWorkers } from './lone-workers.js';

const START = '2026-03-30T10:00:00+02:00';
const START_MS = Date.parse(START);
const WORKSPACE = 'tests/workspaces/pipeline';
const PEOPLE = 1_200;
/** Every fourth stands on a step that the new version leads nowhere. */
const STUCK_EVERY = 4;
const PARTITIONS = 4;

let store: TestStore;
const workers = new LoneWorkers({ workspace: WORKSPACE, start: START, partitions: PARTITIONS });
beforeAll(async () => {
  buildApps(['worker']);
  store = await openTestStore();
});
afterAll(async () => {
  workers.remove();
  await store.close();
});

const stay = (steps: string, change: string): Readonly<Record<string, string>> => ({
  'stay.yaml': `scenario: stay
name: { fr: Séjour, en: Stay }
purpose: marketing
entry: { on: stay_asked, reentry: never }
${change}
steps:
${steps}
  - exit: done
`,
});
const before = stay(
  `  - wait_for: { id: first, on: stay_longer, up_to: 30d }
  - wait: { id: second, for: 30d }`,
  'on_change: pin',
);
const after = stay(
  '  - wait_for: { id: first, on: stay_longer, up_to: 30d }',
  'on_change: migrate',
);

/** Everybody is in the first version, some on the step that the second does not have. */
async function enter(database: Database): Promise<void> {
  const world = await engineWorld(database, {
    workspace: WORKSPACE,
    startMs: START_MS,
    files: before,
  });
  const people = Array.from({ length: PEOPLE }, (_, at) => ({ user_id: `guest-${at}` }));
  await world.send(people.map((ids) => ({ name: 'stay_asked', ids })));
  await world.settle();
  world.clock.advance(1_000);
  const stuck = people.filter((_, at) => at % STUCK_EVERY === 0);
  await world.send(stuck.map((ids) => ({ name: 'stay_longer', ids })));
  await world.settle();
  // Or the worker would wait for the minute that this engine has the lease for.
  const { store: runs, options } = world.engine;
  const lease = await runs.acquire('router', options.runId, 1_000);
  if (lease !== null) await runs.release(lease);
  await world.close();
}

test('on_change: migrate, the worker killed at 30 % and at 70 % of the job: each is moved once', async () => {
  const database = await store.fresh();
  await enter(database);
  const stuck = PEOPLE / STUCK_EVERY;
  expect(await count(database, `enrolment WHERE step_id = 'second'`)).toBe(stuck);
  await publish(database, { workspace: WORKSPACE, files: after }, START_MS + 2_000);
  const isMoved = `enrolment e JOIN scenario_state s USING (scenario, definition)`;
  const done = (): Promise<number> => count(database, isMoved);
  expect(await done()).toBe(0);

  const first = await workers.start(database);
  const least = 0.3 * (PEOPLE - stuck);
  const early = await workers.killAt(database, first, { table: 'enrolment', done, least });
  const second = await workers.start(database);
  const at70 = { table: 'fact_outbox', done, least: 0.7 * (PEOPLE - stuck) } as const;
  const late = await workers.killAt(database, second, at70);
  console.info(`killed with ${early} and ${late} of ${PEOPLE - stuck} moved`);
  expect(late).toBeLessThan(PEOPLE - stuck);

  const third = await workers.start(database);
  const isLeft = `(SELECT 1 FROM job WHERE kind = 'migrate' AND state = 'running'
    UNION ALL SELECT 1 FROM fact_outbox) rest`;
  await workers.until('the job is done', async () => (await count(database, isLeft)) === 0);
  await third.stop();

  expect(await migrationProgress(database, 5)).toMatchObject([
    { state: 'done', moved: PEOPLE - stuck, refused: { unmapped_step: stuck }, left: 0 },
  ]);
  expect(await done()).toBe(PEOPLE - stuck);
  expect(await count(database, `enrolment WHERE step_id = 'second' AND version = 1`)).toBe(stuck);
  expect(await count(database, `enrolment WHERE step_id = 'first' AND version = 2`)).toBe(
    PEOPLE - stuck,
  );
  const told = `(SELECT value::json->>'id' AS id FROM log_facts
    JOIN scenario_state s ON s.definition = value::json->'body'->>'definition'
    WHERE value::json->>'kind' = 'enrolment' GROUP BY 1 HAVING count(*) = 1) facts`;
  expect(await count(database, told)).toBe(PEOPLE - stuck);
}, 180_000);
