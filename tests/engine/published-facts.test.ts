import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lintWorkspace, readWorkspaceFolder } from '#libs/application';
import { PostgresConsoleWorkspaceStore, type Database } from '#libs/adapter-postgres';
import type { ActionFact, Fact, ScenarioFact } from '#libs/contracts';
import { openTestStore, type TestStore } from '#libs/testkit';
import { publishFolder } from '../../apps/worker/src/publish-folder.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const START_MS = Date.parse('2026-03-30T10:00:00+02:00');
const FOLDER = join(import.meta.dirname, '../../scenarios');
const REMINDER = 'actions/cart-reminder.yaml';

async function startOn(database: Database, isSample: boolean): Promise<void> {
  const failed = (problem: string): never => {
    throw new Error(problem);
  };
  await publishFolder(database, {
    folder: FOLDER,
    nowMs: START_MS,
    locale: 'en',
    isSample,
    failed,
  });
}

/** Publishes as the console does; `over` lays texts over the folder's, null takes a file away. */
async function publishOn(
  database: Database,
  isSample: boolean,
  over: Readonly<Record<string, (text: string) => string | null>> = {},
): Promise<boolean> {
  const { files: read } = await readWorkspaceFolder(FOLDER);
  const files = new Map<string, string>();
  for (const [path, text] of read) {
    const kept = over[path] === undefined ? text : over[path](text);
    if (kept !== null) files.set(path, kept);
  }
  const { workspace: compiled, problems } = lintWorkspace(files);
  if (compiled === undefined) throw new Error(JSON.stringify(problems.slice(0, 5)));
  const wish = { files, compiled, author: 'a@example.test', nowMs: START_MS + 1, isSample };
  const { isNew } = await database.transaction((tx) =>
    new PostgresConsoleWorkspaceStore(database).apply(tx, wish),
  );
  return isNew;
}

type Version = ScenarioFact | ActionFact;

/** The last fact of each version of a scenario or an action, as ClickHouse keeps it. */
async function toldVersions(database: Database): Promise<readonly Version[]> {
  const found = await database.query<{ value: string }>(
    'SELECT value FROM fact_outbox ORDER BY seq',
  );
  const facts = found.rows.map((row) => JSON.parse(row.value) as Fact);
  const versions = new Map<string, Version>();
  for (const fact of facts) {
    if (fact.kind !== 'scenario' && fact.kind !== 'action') continue;
    if (fact.version >= (versions.get(fact.id)?.version ?? 0)) versions.set(fact.id, fact);
  }
  return [...versions.values()];
}

const marked = (versions: readonly Version[], sample: boolean): readonly string[] =>
  versions.filter(({ body }) => body.sample === sample).map(({ id }) => id);

it('marks what the sample’s workspace publishes, and nothing of a home of its own', async () => {
  for (const isSample of [true, false]) {
    const database = await store.fresh();
    await startOn(database, isSample);
    const versions = await toldVersions(database);
    expect(new Set(versions.map(({ kind }) => kind))).toEqual(new Set(['scenario', 'action']));
    expect(marked(versions, !isSample)).toEqual([]);
  }
});

it('keeps the mark of versions that end, and takes it from those that go on for real', async () => {
  const database = await store.fresh();
  await startOn(database, true);
  const before = await toldVersions(database);
  expect(await publishOn(database, true)).toBe(false);
  const real = {
    [REMINDER]: (text: string) => text.replace('0.001', '0.002'),
    'b2b-reorder.yaml': () => null,
  };
  expect(await publishOn(database, false, real)).toBe(true);
  const after = await toldVersions(database);
  expect(after).toHaveLength(before.length + 1);
  const ended = after.filter(({ body }) =>
    'active' in body ? !body.active : body.state === 'retired',
  );
  expect(ended.map(({ kind }) => kind).sort()).toEqual(['action', 'scenario']);
  expect(marked(after, true).toSorted()).toEqual(ended.map(({ id }) => id).toSorted());
});

it('takes the mark away where the same workspace is published for real', async () => {
  const database = await store.fresh();
  await startOn(database, true);
  expect(await publishOn(database, false)).toBe(true);
  expect(marked(await toldVersions(database), true)).toEqual([]);
  expect(await publishOn(database, false)).toBe(false);
});
