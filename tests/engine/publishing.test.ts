import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lintWorkspace, readWorkspaceFolder, StoreError } from '#libs/application';
import { PostgresConsoleWorkspaceStore, type Database } from '#libs/adapter-postgres';
import { openTestStore, type TestStore } from '#libs/testkit';
import { killable } from './killable.js';

const START_MS = Date.parse('2026-03-30T10:00:00+02:00');
const FOLDER = join(import.meta.dirname, '../workspaces/pipeline');

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

async function apply(
  database: Database,
  given: { readonly priority: number; readonly author: string; readonly takesBackTo?: number },
) {
  const files = new Map((await readWorkspaceFolder(FOLDER)).files);
  const hello = files.get('hello.yaml') ?? '';
  const changed = hello.replace('priority: 50', `priority: ${given.priority}\non_change: migrate`);
  expect(changed).not.toBe(hello);
  files.set('hello.yaml', changed);
  const { workspace: compiled, problems } = lintWorkspace(files);
  if (compiled === undefined) throw new Error(JSON.stringify(problems.slice(0, 3)));
  const { author, takesBackTo = null } = given;
  const done = await database.transaction((tx) =>
    new PostgresConsoleWorkspaceStore(database).apply(tx, {
      files,
      compiled,
      author,
      nowMs: START_MS,
      isSample: false,
      takesBackTo,
    }),
  );
  return { ...done, hash: compiled.hash };
}

const TABLES = [
  'workspace_version',
  'workspace_file',
  'definition',
  'definition_source',
  'scenario_state',
  'job',
  'action_version',
  'fact_outbox',
];

/** Everything a publishing writes, as text. */
async function written(database: Database): Promise<string> {
  const texts = await Promise.all(
    TABLES.map(async (table) => {
      const { rows } = await database.query(`SELECT t::text FROM ${table} t ORDER BY 1`);
      return JSON.stringify(rows);
    }),
  );
  return texts.join('\n');
}

test('a publishing is whole or nothing, whatever statement it is broken off at', async () => {
  const database = await store.fresh();
  await apply(database, { priority: 51, author: 'ana@example.test' });
  const before = await written(database);
  const { database: shaky, killAt } = killable(database);
  let kills = 0;
  for (let statement = 0; ; statement += 1) {
    killAt(statement);
    const done = await apply(shaky, { priority: 52, author: 'ben@example.test' }).catch(
      (error: unknown) => {
        if (!(error instanceof StoreError)) throw error;
        return null;
      },
    );
    if (done !== null) break;
    kills += 1;
    expect(await written(database)).toBe(before);
  }
  expect(kills).toBeGreaterThan(10);
  expect(await written(database)).not.toBe(before);
});

test('who published what and when is kept, what was in force before and what was taken back', async () => {
  const database = await store.fresh();
  const first = await apply(database, { priority: 51, author: 'ana@example.test' });
  const second = await apply(database, { priority: 52, author: 'ben@example.test' });
  // The same content is the same publishing, by whomever.
  const same = await apply(database, { priority: 52, author: 'cleo@example.test' });
  expect(same).toEqual({ ...second, isNew: false });
  const takesBackTo = first.seq;
  const third = await apply(database, { priority: 51, author: 'ana@example.test', takesBackTo });
  expect([third.isNew, third.hash]).toEqual([true, first.hash]);
  const kept = new PostgresConsoleWorkspaceStore(database);
  const at = { appliedAtMs: START_MS };
  expect(await kept.publishings(10)).toEqual([
    {
      seq: third.seq,
      hash: first.hash,
      hashBefore: second.hash,
      author: 'ana@example.test',
      takesBackTo,
      ...at,
    },
    {
      seq: second.seq,
      hash: second.hash,
      hashBefore: first.hash,
      author: 'ben@example.test',
      takesBackTo: null,
      ...at,
    },
    {
      seq: first.seq,
      hash: first.hash,
      hashBefore: null,
      author: 'ana@example.test',
      takesBackTo: null,
      ...at,
    },
  ]);
  expect((await kept.publishings(1)).map(({ hashBefore }) => hashBefore)).toEqual([second.hash]);
  expect(await kept.filesOf(first.seq)).toEqual(await kept.filesOf(third.seq));
  expect(await kept.filesOf(999)).toBeNull();
});
