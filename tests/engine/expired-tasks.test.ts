import { afterAll, beforeAll, expect, it } from 'vitest';
import { TASK_GRACE_DAYS, taskFact, type TaskRow } from '#libs/application';
import { PostgresFeedbackStore, PostgresResultStore, writeFacts } from '#libs/adapter-postgres';
import { openTestStore, type TestStore } from '#libs/testkit';
import { engineWorld, known, ofKind, type EngineWorld } from './world.js';

const START_MS = Date.parse('2026-03-30T10:00:00+02:00');
const DAY_MS = 86_400_000;
const DUE_MS = START_MS + DAY_MS;

let store: TestStore;
let world: EngineWorld;

beforeAll(async () => {
  store = await openTestStore();
  world = await engineWorld(await store.fresh(), {
    workspace: 'tests/workspaces/pipeline',
    startMs: START_MS,
  });
  await world.send(known('u1'));
  await world.settle();
});
afterAll(async () => {
  await world.close();
  await store.close();
});

const aTask = (id: string, profileId: string, over: Partial<TaskRow> = {}): TaskRow => ({
  id,
  commandId: `command/${id}`,
  profileId,
  accountId: null,
  owner: 'rep@x.fr',
  scenario: 'hello',
  enrolmentId: null,
  decisionId: null,
  title: 'Appeler Camille',
  note: null,
  reasons: [],
  dueAtMs: DUE_MS,
  state: 'open',
  outcome: null,
  version: 1,
  createdAtMs: START_MS,
  closedAtMs: null,
  isSample: false,
  ...over,
});

async function tasks(): Promise<readonly unknown[]> {
  const rows = await world.engine.options.database.query(
    'SELECT id, state, outcome, version, closed_at_ms FROM task ORDER BY id',
  );
  return rows.rows;
}

async function openOnes(): Promise<readonly string[]> {
  const rows = await world.engine.options.database.query<{ id: string }>(
    `SELECT id FROM task WHERE state = 'open' ORDER BY id`,
  );
  return rows.rows.map(({ id }) => id);
}

it('a task expires when its days of grace are over, once, told by a fact and by nothing else', async () => {
  const { database } = world.engine.options;
  const { rows } = await database.query<{ id: string }>('SELECT profile_id AS id FROM profile');
  const profileId = rows[0]?.id ?? '';
  const done = { state: 'done', outcome: 'reached', closedAtMs: START_MS, version: 2 } as const;
  const made = [
    aTask('a-over', profileId),
    aTask('b-later', profileId, { dueAtMs: DUE_MS + 1 }),
    aTask('c-no-due-time', profileId, { dueAtMs: null }),
    aTask('d-done', profileId, done),
  ];
  await database.transaction(async (tx) => {
    await new PostgresResultStore().insert(tx, made);
    await writeFacts(tx, made.map(taskFact));
  });
  const overMs = DUE_MS + TASK_GRACE_DAYS * DAY_MS;
  world.clock.advance(overMs - 1 - START_MS);
  const before = await tasks();
  await world.settle();
  expect(await tasks()).toEqual(before);

  world.clock.advance(1);
  await world.settle();
  const expired = { id: 'a-over', state: 'expired', outcome: null, version: 2 };
  expect(await tasks()).toEqual([{ ...expired, closed_at_ms: overMs }, ...before.slice(1)]);
  await world.settle();
  const facts = ofKind(await world.facts(), 'task').filter(({ id }) => id === 'a-over');
  expect(facts.map(({ version, atMs, body }) => [version, atMs, body.state, body.outcome])).toEqual(
    [
      [1, START_MS, 'open', null],
      [2, overMs, 'expired', null],
    ],
  );
  const told = await database.query(`SELECT name FROM event WHERE name = 'relance_task_closed'`);
  expect(told.rows).toEqual([]);
  expect(ofKind(await world.facts(), 'outcome')).toEqual([]);
});

it('goes by batches, the longest overdue first, and leaves those that others have in hand', async () => {
  const { database } = world.engine.options;
  const { taskSweeper } = world.engine;
  const many = ['e', 'f', 'g', 'h'].map((id, at) => aTask(id, 'p', { dueAtMs: START_MS + at }));
  await database.transaction((tx) => new PostgresResultStore().insert(tx, many));
  world.clock.advance(DAY_MS);
  // A rep is closing the oldest at this very moment.
  await database.transaction(async (tx) => {
    expect(await new PostgresFeedbackStore(String).openTasks(tx, ['e'])).toHaveLength(1);
    expect(await taskSweeper.runOnce(2)).toBe(2);
  });
  expect(await openOnes()).toEqual(['b-later', 'c-no-due-time', 'e', 'h']);
  expect(await taskSweeper.runOnce(2)).toBe(2);
  expect(await openOnes()).toEqual(['b-later', 'c-no-due-time']);
  expect(await taskSweeper.runOnce(2)).toBe(1);
  expect(await taskSweeper.runOnce(2)).toBe(0);
});
