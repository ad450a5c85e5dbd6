import { afterAll, beforeAll, expect, test } from 'vitest';
import { StoreError } from '#libs/application';
import { migrationProgress, type Database } from '#libs/adapter-postgres';
import { openTestStore, type TestStore } from '#libs/testkit';
import { killable } from './killable.js';
import { engineWorld, known, ofKind, publish, type EngineWorld } from './world.js';

const START_MS = Date.parse('2026-03-30T10:00:00+02:00');
const HOUR_MS = 3_600_000;
const WORKSPACE = 'tests/workspaces/pipeline';
const PEOPLE = 120;

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

/** A version of the scenario: what is waited for in the middle, the last wait, and what changes. */
function version(given: {
  readonly middle?: string;
  readonly last: string;
  readonly change?: string;
}): Readonly<Record<string, string>> {
  return {
    'trip.yaml': `scenario: trip
name: { fr: Voyage, en: Trip }
purpose: marketing
entry: { on: trip_asked, reentry: never }
holdout: 10%
limits: { max_age: 60d }
${given.change ?? 'on_change: pin'}
steps:
  - wait_for: { id: early, on: go_on, up_to: 20d }
  - wait_for: { id: middle, ${given.middle ?? 'on: go_further'}, up_to: 20d }
  - wait: { id: ${given.last}, for: 9d }
  - exit: done
`,
  };
}

const v1 = version({ last: 'last_of_v1' });
const v2 = version({ last: 'last_of_v2' });
const v3 = version({
  middle: 'any: [{ on: go_further }, { on: trip_booked }], then: [{ exit: booked }]',
  last: 'calm',
  change: 'on_change: migrate\nredirects: { last_of_v2: calm }',
});

interface Row {
  [column: string]: unknown;
  id: string;
  name: string;
  definition: string;
  status: string;
  step_id: string;
  due_at_ms: number;
  version: number;
  state: string;
}

/** Every enrolment with the name of who is in it. */
async function enrolments(database: Database): Promise<readonly Row[]> {
  const { rows } = await database.query<Row>(
    `SELECT e.id, i.value_norm AS name, e.definition, e.status, e.step_id, e.due_at_ms, e.version,
       e.state
     FROM enrolment e JOIN node n USING (profile_id)
     JOIN profile_identity i ON i.node_id = n.node_id AND i.ns = 'user_id' ORDER BY e.id`,
  );
  return rows;
}

async function turnOf({ engine }: EngineWorld): Promise<number> {
  const { store: runs, host, options } = engine;
  const reader = await engine.log.reader('router', ['profile.changes']);
  const lease = await runs.acquire('router', options.runId, 60_000);
  if (lease === null) throw new Error('no lease');
  const turn = await host.turn(lease, await reader.poll({ maxRecords: 500, waitMs: 0 }), reader);
  return turn.migrations;
}

const names = (prefix: string): string[] =>
  Array.from({ length: PEOPLE }, (_, index) => `${prefix}-${index}`);

/** People enter, and go on to the step they are to stand on. */
async function enter(world: EngineWorld, version: string, steps: readonly string[]): Promise<void> {
  const people = steps.flatMap((step) => names(`${version}-${step}`));
  const tell = async (name: string, who: readonly string[]): Promise<void> => {
    await world.send(who.map((user_id) => ({ name, ids: { user_id } })));
    await world.settle();
    world.clock.advance(HOUR_MS);
  };
  await world.send(people.flatMap((user_id) => known(user_id)));
  await tell('trip_asked', people);
  await tell(
    'go_on',
    people.filter((name) => !name.includes('-early-')),
  );
  await tell(
    'go_further',
    people.filter((name) => name.includes('-last-')),
  );
}

async function move(world: EngineWorld, database: Database, files: typeof v1): Promise<void> {
  await publish(database, { workspace: WORKSPACE, files }, world.clock.nowMs());
  await world.engine.workspace.refresh();
}

const hashOf = async (database: Database): Promise<string> =>
  (
    await database.query<{ definition: string }>(
      `SELECT definition FROM scenario_state WHERE scenario = 'trip'`,
    )
  ).rows[0]?.definition ?? '';

test('three versions, a kill at every statement of a page: each is moved once or kept with a reason', async () => {
  const database = await store.fresh();
  const { database: shaky, killAt } = killable(database);
  const world = await engineWorld(shaky, { workspace: WORKSPACE, startMs: START_MS, files: v1 });
  await enter(world, 'v1', ['early', 'middle', 'last']);
  const first = await hashOf(database);
  await move(world, database, v2);
  await enter(world, 'v2', ['early', 'middle', 'last']);
  // What the new version waits for has happened to some of those who wait in the middle.
  const bookers = [...names('v1-middle').slice(0, 10), ...names('v2-middle').slice(0, 10)];
  await world.send(bookers.map((user_id) => ({ name: 'trip_booked', ids: { user_id } })));
  await world.settle();
  const paused = (await enrolments(database)).filter(
    ({ name, status }) => name.startsWith('v2-last-1') && status === 'running',
  );
  await database.transaction((tx) =>
    world.engine.store.post(
      tx,
      paused.map(({ id }) => ({
        enrolmentId: id as never,
        input: { type: 'control', control: { action: 'pause' } },
      })),
    ),
  );
  await world.settle();
  const before = await enrolments(database);
  const isUnmapped = ({ step_id: step }: Row): boolean => step === 'last_of_v1';
  expect(new Set(before.map(({ step_id: step }) => step))).toEqual(
    new Set(['', 'early', 'middle', 'last_of_v1', 'last_of_v2']),
  );

  await move(world, database, v3);
  const third = await hashOf(database);
  const standsInThird = async (): Promise<number> =>
    (await enrolments(database)).filter(({ definition }) => definition === third).length;
  let kills = 0;
  for (let statement = 1; ; statement += 1) {
    killAt(statement);
    const looked = await turnOf(world).catch((error: unknown) => {
      if (!(error instanceof StoreError)) throw error;
      return 0;
    });
    killAt(Number.POSITIVE_INFINITY);
    if (looked > 0) break;
    kills += 1;
    expect(await standsInThird()).toBe(0);
  }
  expect(kills).toBeGreaterThan(10);
  const [underWay] = await migrationProgress(database, 5);
  expect(underWay).toMatchObject({ state: 'running', total: before.length });
  expect(underWay?.left).toBe(before.length - 200);
  await world.send(
    names('late').flatMap((user_id) => [
      ...known(user_id),
      { name: 'trip_asked', ids: { user_id } },
    ]),
  );
  await world.settle();

  const after = new Map((await enrolments(database)).map((row) => [row.id, row] as const));
  const kept = before.filter(isUnmapped);
  for (const row of kept) expect(after.get(row.id)).toEqual(row);
  const booked = new Set(bookers);
  const moved = before.filter((row) => !isUnmapped(row));
  for (const row of moved) {
    const now = after.get(row.id);
    if (booked.has(row.name) && row.step_id === 'middle') {
      expect([row.name, now]).toEqual([row.name, undefined]);
      continue;
    }
    const step = row.step_id === 'last_of_v2' ? 'calm' : row.step_id;
    expect(now).toMatchObject({ definition: third, step_id: step, status: row.status });
    expect([now?.due_at_ms, now?.version]).toEqual([row.due_at_ms, row.version + 1]);
  }
  const late = [...after.values()].filter(({ name }) => name.startsWith('late'));
  expect(late).toHaveLength(PEOPLE);
  expect(late.every(({ definition, version }) => definition === third && version === 1)).toBe(true);
  expect(await migrationProgress(database, 5)).toMatchObject([
    {
      scenario: 'trip',
      definition: third,
      state: 'done',
      moved: moved.length,
      refused: { unmapped_step: kept.length },
      left: 0,
    },
  ]);
  const facts = await world.facts();
  const told = ofKind(facts, 'enrolment').filter(({ body }) => body.definition === third);
  const movedIds = new Set(moved.map(({ id }) => id));
  const onMoving = told.filter(({ id, body }) => movedIds.has(id) && body.endedAs === null);
  expect(onMoving.map(({ id }) => id).sort()).toEqual([...movedIds].sort());
  const ended = told.filter(({ body }) => body.endedAs !== null);
  expect(ended.map(({ body }) => body.endedAs)).toEqual(ended.map(() => 'booked'));
  expect(ended).toHaveLength(before.length + PEOPLE - after.size);
  const steps = ofKind(facts, 'step').filter(({ body }) => body.branch === 'migrated');
  expect(new Set(steps.map(({ body }) => body.stepId))).toEqual(new Set(['middle', 'last_of_v2']));

  // Whoever was moved goes on under the new version, whoever was kept under their own.
  world.clock.advance(9 * 24 * HOUR_MS);
  await world.settle();
  const ends = await database.query<{ definition: string; n: number }>(
    `SELECT definition, count(*)::int AS n FROM enrolment_ended WHERE ended_as = 'done' GROUP BY 1`,
  );
  const still = moved.filter(
    ({ step_id: step, status }) => step === 'last_of_v2' && status === 'running',
  );
  expect(new Map(ends.rows.map(({ definition, n }) => [definition, n]))).toEqual(
    new Map([
      [first, kept.length],
      [third, still.length],
    ]),
  );
  await world.close();
});

test('a newer version stops the job of the one before; the same published again moves nobody twice', async () => {
  const database = await store.fresh();
  const world = await engineWorld(database, { workspace: WORKSPACE, startMs: START_MS, files: v2 });
  await enter(world, 'v2', ['early', 'last']);
  const second = await hashOf(database);
  await move(world, database, v3);
  expect(await turnOf(world)).toBe(200);
  const part = (await enrolments(database)).filter(({ definition }) => definition !== second);
  expect(part).toHaveLength(200);
  const pinned = version({ last: 'calm', change: 'on_change: pin' });
  await move(world, database, pinned);
  await world.settle();
  expect((await migrationProgress(database, 5)).map(({ state, left }) => [state, left])).toEqual([
    ['stopped', 0],
  ]);
  const rest = (await enrolments(database)).filter(({ definition }) => definition === second);
  expect(rest).toHaveLength(2 * PEOPLE - 200);

  await move(world, database, v3);
  await world.settle();
  const done = await enrolments(database);
  expect(done.every(({ definition }) => definition !== second)).toBe(true);
  await move(world, database, v3);
  expect(await turnOf(world)).toBe(0);
  expect(await enrolments(database)).toEqual(done);
  await world.close();
});
