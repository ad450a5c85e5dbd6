import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AnalyticsSink, StoreError, type AnalyticsWriter } from '#libs/application';
import { tableExamples } from '#libs/adapter-clickhouse';
import type { Database } from '#libs/adapter-postgres';
import { factSchema, type Fact } from '#libs/contracts';
import { openTestStore, type TestStore } from '#libs/testkit';
import { openWorld, startOn, type World as Analytics } from '../analytics/world.js';
import { publish, type EngineWorld } from '../engine/world.js';
import {
  expectedTables,
  keyOf,
  plain,
  PROMISED,
  tablesOfFacts,
  timeText,
  type PlainRow,
} from './fact-rows.js';
import { liveSample } from './sample.js';
import { STORED_TABLES } from './stored-tables.js';

const SEED = 'facts';

let store: TestStore;
let database: Database;
let analytics: Analytics;
let world: EngineWorld;
let facts: readonly Fact[];

beforeAll(async () => {
  console.info(`sample seed: ${SEED}`);
  [store, analytics] = await Promise.all([openTestStore(), openWorld()]);
  await analytics.sink.migrate();
  database = await store.fresh(10);
  world = await liveSample(database, {
    workspace: 'scenarios',
    // The month that the documented examples ask for.
    startMs: Date.parse('2026-10-05T08:00:00+02:00'),
    seed: SEED,
    people: 200,
    accounts: 36,
    days: 12,
    stepMs: 3 * 3_600_000,
  });
  await publishAgain();
  await world.settle();
  facts = await world.facts();
}, 200_000);
afterAll(async () => {
  await world.close();
  await analytics.close();
  await store.close();
});

/** Another version of an action and of a scenario, and one scenario less. */
async function publishAgain(): Promise<void> {
  const read = (path: string): string =>
    readFileSync(join(import.meta.dirname, '../../scenarios', path), 'utf8');
  const files = {
    'b2b-reorder.yaml': null,
    'welcome.yaml': read('welcome.yaml').replace(/^name: .*$/m, 'name: { fr: Accueil, en: Hello }'),
    'actions/cart-reminder.yaml': read('actions/cart-reminder.yaml').replace('0.001', '0.002'),
  };
  world.clock.advance(3_600_000);
  await publish(database, { workspace: 'scenarios', files }, world.clock.nowMs());
  await world.engine.workspace.refresh();
}

/** Rows of a private table, one a key in its greatest version, by key. */
async function rowsIn(
  table: string,
  sql = `SELECT * FROM relance.${table}_rows FINAL`,
): Promise<ReadonlyMap<string, PlainRow>> {
  const rows = await analytics.reader.query<Record<string, unknown>>(sql);
  const read = rows.map((row) => plain(row) as PlainRow);
  return new Map(read.map((row) => [String(row[keyOf(table)]), row]));
}

/** Differences between the tables and what the facts say; empty when all is equal. */
async function differences(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [table, expected] of expectedTables(facts)) {
    const rows = await rowsIn(table);
    const [seen] = await analytics.reader.query<{ n: number }>(
      `SELECT count() AS n FROM relance.${table}`,
    );
    if (seen?.n !== expected.size || rows.size !== expected.size) {
      found.push(`${table}: ${seen?.n} seen, ${rows.size} kept, ${expected.size} told`);
    }
    for (const [, told] of expected) {
      const row = rows.get(String(told[keyOf(table)]));
      for (const [column, value] of Object.entries(told)) {
        if (row === undefined || !(column in row)) {
          found.push(`${table}.${column} is missing`);
        } else if (JSON.stringify(row[column]) !== JSON.stringify(value)) {
          found.push(
            `${table}.${column}: ${JSON.stringify(row[column])}, told ${JSON.stringify(value)}`,
          );
        }
      }
    }
  }
  return [...new Set(found)].slice(0, 20);
}

/** A sink of this engine's facts; `over` changes the writer, `breaks` its commit of offsets. */
async function sinkOf(
  over: Partial<AnalyticsWriter> = {},
  breaks: () => boolean = () => false,
): Promise<AnalyticsSink> {
  const reader = await world.engine.log.reader('analytics', ['facts']);
  const insert: AnalyticsWriter['insert'] = (some, options) => analytics.sink.insert(some, options);
  return new AnalyticsSink({
    reader,
    writer: Object.assign(Object.create(analytics.sink) as AnalyticsWriter, { insert, ...over }),
    work: {
      transaction: (work) =>
        breaks()
          ? Promise.reject(new StoreError('the connection is gone', true))
          : database.transaction(work),
    },
  });
}

async function drain(sink: AnalyticsSink): Promise<void> {
  while ((await sink.runOnce(0)) > 0);
}

test('every fact of the sample is what its contract says, and no version is told twice', () => {
  const seen = new Map<string, string>();
  for (const fact of facts) {
    expect(factSchema.parse(fact)).toEqual(fact);
    const key = `${fact.kind} ${fact.id} ${fact.version}`;
    const body = JSON.stringify(fact.body);
    expect(seen.get(key) ?? body, key).toBe(body);
    seen.set(key, body);
  }
  expect(facts.length).toBeGreaterThan(8_000);
});

test('killed between writing and committing, in mid-batch and by the engine: all equal once drained', async () => {
  // Written whole, offsets not committed.
  let left = 2;
  const aborted = await sinkOf({}, () => (left -= 1) >= 0);
  for (let kill = 0; kill < 2; kill += 1) {
    await expect(aborted.runOnce(0)).rejects.toThrow('the connection is gone');
  }
  // Written in part.
  const partly = await sinkOf({
    insert: async (some) => {
      await analytics.sink.insert(some.slice(0, Math.floor(some.length / 3)));
      throw new StoreError('killed in mid-batch', true);
    },
  });
  await expect(partly.runOnce(0)).rejects.toThrow('mid-batch');
  // The ClickHouse child killed while a batch is on its way.
  const crashed = await sinkOf({
    insert: async (some) => {
      const writing = analytics.sink.insert(some);
      analytics.server.kill();
      await writing;
    },
  });
  await expect(crashed.runOnce(0)).rejects.toThrow();
  await analytics.server.ended;
  analytics.server = await startOn(analytics.dataDir, analytics.server.port);
  await drain(await sinkOf());
  expect(await differences()).toEqual([]);
}, 60_000);

test('a whole log carried a second time changes nothing', async () => {
  await database.query(`UPDATE log_offset SET next_offset = 0 WHERE consumer = 'analytics'`);
  await drain(await sinkOf());
  expect(await differences()).toEqual([]);
});

test('the view freshness tells of every table how far it was behind', async () => {
  const rows = await analytics.reader.query<Record<string, unknown>>(
    'SELECT table, behind_p50_ms, behind_p99_ms FROM relance.freshness',
  );
  expect(rows.length).toBeGreaterThanOrEqual(PROMISED.length);
  for (const { table, behind_p50_ms: half, behind_p99_ms: most } of rows) {
    expect(half, String(table)).toEqual(expect.any(Number));
    expect(most, String(table)).toEqual(expect.any(Number));
  }
});

test('no table that analysts were promised is empty in the sample', async () => {
  const empty: string[] = [];
  for (const table of PROMISED) {
    const [row] = await analytics.reader.query<{ n: number }>(
      `SELECT count() AS n FROM relance.${table}`,
    );
    if (row?.n === undefined || row.n === 0) empty.push(table);
  }
  expect(empty).toEqual([]);
});

test.each(tableExamples())('the documented example of $table gives rows', async (example) => {
  const { sql } = example;
  const one = async (column: string, from: string): Promise<string> => {
    const [row] = await analytics.reader.query<{ value: string }>(
      `SELECT any(${column}) AS value FROM relance.${from} WHERE ${column} != ''`,
    );
    return row?.value ?? '';
  };
  const params = {
    param_profile: await one('profile_id', 'profile_history'),
    param_owner: await one('owner', 'account_results'),
    param_scenario: await one('scenario', 'decision_funnel'),
  };
  const answer = await analytics.ask(`${sql}\nFORMAT JSONEachRow`, { params });
  expect(answer.status, answer.text).toBe(200);
  const rows = answer.text.split('\n').filter((line) => line !== '');
  expect(rows, sql).not.toEqual([]);
});

/** A fact keeps the profile of its time; the store moves what still runs to the survivor. */
async function survivors(): Promise<(id: unknown) => unknown> {
  const merged = await database.query<{ profile_id: string; merged_into: string }>(
    'SELECT profile_id, merged_into FROM profile WHERE merged_into IS NOT NULL',
  );
  const onward = new Map(merged.rows.map((row) => [row.profile_id, row.merged_into]));
  return (id) => {
    let at = id;
    while (onward.has(String(at))) at = onward.get(String(at));
    return at;
  };
}

const isTime = (column: string): boolean => /(^|_)(at|from)$/.test(column);

for (const { table, part = '', inLogOnly = [], ...stored } of STORED_TABLES) {
  const rest = inLogOnly.length === 0 ? '' : ` (${inLogOnly.join(', ')}: in the fact log only)`;
  test(`${part}${table} in PostgreSQL equal those in ClickHouse${rest}`, async () => {
    const key = keyOf(table);
    const survivor = await survivors();
    const kept = await database.query<Record<string, unknown>>(stored.kept);
    const rows = kept.rows.map((row) => stored.finish?.(row) ?? row);
    const mine = new Map(rows.map((row) => [String(plain(row[key])), row] as const));
    const theirs = await rowsIn(table, stored.shown);
    const wrong: string[] = [];
    for (const [id, row] of mine) {
      const other = theirs.get(id);
      for (const [column, value] of Object.entries(row)) {
        if (column === 'version' && value === null) continue;
        const told = plain(isTime(column) && typeof value === 'number' ? timeText(value) : value);
        const shown = other?.[column];
        const isPerson = column === 'profile_id' || column === 'merged_into';
        const pair = isPerson ? [survivor(told), survivor(shown)] : [told, shown];
        const [left, right] = pair.map((one) => JSON.stringify(one));
        if (left !== right) wrong.push(`${id}.${column}: ${left} kept, ${right} shown`);
      }
    }
    expect(wrong.slice(0, 10)).toEqual([]);
    expect([...theirs.keys()].filter((id) => !mine.has(id))).toEqual([]);
    expect(mine.size).toBeGreaterThan(0);
    // No column is left out unsaid.
    const [[, shown = {}] = []] = theirs;
    const [[, row = {}] = []] = mine;
    const compared = [...Object.keys(row), ...inLogOnly, 'recorded_at'];
    expect(Object.keys(shown).filter((column) => !compared.includes(column))).toEqual([]);
  });
}

test('every table is compared with PostgreSQL', () => {
  const compared = STORED_TABLES.map(({ table }) => table);
  expect(compared.sort()).toEqual([...tablesOfFacts()].sort());
});

test('what the models learned is what the rewards in ClickHouse add up to', async () => {
  // A reward that brought something is a success, one whose window closed on nothing a failure.
  const counted = await analytics.reader.query(
    `SELECT scenario, step_id, action, treatment, countIf(value > 0) AS successes,
       countIf(value = 0 AND is_final = 1) AS failures
     FROM relance.rewards WHERE action != 'nothing' GROUP BY scenario, step_id, action, treatment`,
  );
  const posterior = await database.query(
    'SELECT scenario, step_id, action, treatment, successes, failures FROM posterior',
  );
  const sorted = (rows: readonly unknown[]): string[] =>
    rows.map((row) => JSON.stringify(plain(row))).sort();
  expect(sorted(posterior.rows)).toEqual(sorted(counted));
  expect(posterior.rows.length).toBeGreaterThan(3);
});
