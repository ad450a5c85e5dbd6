import { afterAll, beforeAll, expect, test } from 'vitest';
import { AnalyticsSink, Turnstile } from '#libs/application';
import type { Database } from '#libs/adapter-postgres';
import { openTestStore, type TestStore } from '#libs/testkit';
import { removalOf, sampleRemovalLoop } from '../../apps/worker/src/sample-removal.js';
import { sampleLoop } from '../../apps/worker/src/sample.js';
import { openWorld, type World as Analytics } from '../analytics/world.js';
import { known, type EngineWorld } from '../engine/world.js';
import { tablesOfFacts } from './fact-rows.js';
import { liveSample } from './sample.js';

const SEED = 'removal';
const HOUR_MS = 3_600_000;

let store: TestStore;
let database: Database;
let analytics: Analytics;
let world: EngineWorld;
let real: readonly string[];
/** Ids of the one of the sample of whom a real source tells too. */
let mixed: readonly string[];

beforeAll(async () => {
  console.info(`sample seed: ${SEED}`);
  [store, analytics] = await Promise.all([openTestStore(), openWorld()]);
  await analytics.sink.migrate();
  database = await store.fresh(10);
  world = await liveSample(database, {
    workspace: 'scenarios',
    startMs: Date.parse('2026-10-05T08:00:00+02:00'),
    seed: SEED,
    people: 80,
    accounts: 12,
    days: 3,
    stepMs: 3 * HOUR_MS,
  });
  await liveBeside();
  await drain();
}, 200_000);
afterAll(async () => {
  await world.close();
  await analytics.close();
  await store.close();
});

/** Real people and an account beside the sample, and one order by somebody who was invented. */
async function liveBeside(): Promise<void> {
  const users = ['ana', 'ben', 'chloe', 'dan'];
  for (const user of users) {
    const ids = { user_id: user };
    await world.send([
      ...known(user),
      { name: 'order_completed', ids, properties: { order_id: `o-${user}`, total: 12 } },
      { name: 'signed_up', ids },
    ]);
  }
  const account = { ids: { group_id: 'real-1' }, traits: { name: 'Réelle' } };
  const group = { type: 'group', name: 'group', properties: {} } as const;
  await world.send([
    { ...group, ids: {}, account },
    { ...group, ids: { user_id: 'ana' }, account: { ids: { group_id: 'real-1' } } },
  ]);
  const invented = await database.query<{ profile_id: string; value: string }>(
    `SELECT n.profile_id, i.value_norm AS value FROM profile_identity i JOIN node n USING (node_id)
     JOIN profile p USING (profile_id) WHERE i.ns = 'customer_id' AND p.is_sample
     ORDER BY i.value_norm LIMIT 1`,
  );
  const [one] = invented.rows;
  await world.send([
    { name: 'store_visited', source: 'erp', ids: { customer_id: one?.value ?? '' } },
  ]);
  for (let step = 0; step < 16; step += 1) {
    await world.settle();
    world.clock.advance(3 * HOUR_MS);
  }
  await world.settle();
  const rows = await database.query<{ id: string }>(
    'SELECT profile_id AS id FROM profile WHERE NOT is_sample AND merged_into IS NULL ORDER BY 1',
  );
  real = rows.rows.map(({ id }) => id);
  const nodes = await database.query<{ id: string }>(
    'SELECT node_id AS id FROM node WHERE profile_id = (SELECT profile_id FROM node WHERE node_id = $1)',
    [one?.profile_id],
  );
  mixed = nodes.rows.map(({ id }) => id);
  expect(real).toHaveLength(users.length);
}

async function drain(): Promise<void> {
  const reader = await world.engine.log.reader('analytics', ['facts']);
  const sink = new AnalyticsSink({ reader, writer: analytics.sink, work: database });
  while ((await sink.runOnce(0)) > 0);
}

interface Place {
  readonly table: string;
  readonly column: string;
}

/** Every table of the store that says whose its rows are. */
async function places(): Promise<readonly Place[]> {
  const found = await database.query<{ table: string; column: string }>(
    `SELECT c.relname AS table, a.attname AS column
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND a.attname IN ('profile_id', 'node_id') AND NOT a.attisdropped ORDER BY 1, 2`,
  );
  return found.rows;
}

/** Rows of these people, whole, by table. */
async function rowsOf(people: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const dump: Record<string, unknown> = {};
  for (const { table, column } of await places()) {
    const rows = await database.query<{ row: string }>(
      `SELECT to_jsonb(t)::text AS row FROM ${table} t WHERE ${column} = ANY($1) ORDER BY 1`,
      [people],
    );
    dump[`${table}.${column}`] = rows.rows.map(({ row }) => row);
  }
  const accounts = await database.query(
    `SELECT to_jsonb(a)::text AS row, to_jsonb(i)::text AS id FROM account a
     JOIN account_identity i USING (account_id) WHERE i.value_norm = 'real-1' ORDER BY 1`,
  );
  const logs = await database.query(
    `SELECT part, "offset", key, value FROM log_events_raw
     WHERE value::jsonb->>'sample' IS DISTINCT FROM 'true'
       AND (value::jsonb->>'profileId' IS NULL OR value::jsonb->>'profileId' = ANY($1))
     ORDER BY part, "offset"`,
    [people],
  );
  return { ...dump, accounts: accounts.rows, logs: logs.rows };
}

/** Rows of anybody else than these people. */
async function othersThan(people: readonly string[]): Promise<readonly string[]> {
  const left: string[] = [];
  for (const { table, column } of await places()) {
    const [row] = (
      await database.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM ${table} WHERE ${column} <> ALL($1)`,
        [people],
      )
    ).rows;
    if (row?.n !== 0) left.push(`${table}.${column}: ${row?.n}`);
  }
  for (const [table, where] of [
    ['sandbox_message', 'delivery_id IS NULL OR delivery_id NOT IN (SELECT id FROM delivery)'],
    ['delivery_event', 'delivery_id NOT IN (SELECT id FROM delivery)'],
    ['event', 'is_sample AND node_id IS NULL'],
    ['account', 'is_sample'],
    ['log_facts', `value::jsonb#>>'{body,sample}' = 'true'`],
    ['log_events_raw', `value::jsonb->>'sample' = 'true'`],
    ['log_events_historical', `value::jsonb->>'sample' = 'true'`],
    ['log_profile_changes', `key <> ALL($1)`],
    ['fact_outbox', `key <> ALL($1) AND value::jsonb->>'profileId' IS NOT NULL`],
  ] as const) {
    const [row] = (
      await database.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM ${table} WHERE (${where}) AND $1::text[] IS NOT NULL`,
        [people],
      )
    ).rows;
    if (row?.n !== 0) left.push(`${table}: ${row?.n}`);
  }
  return left;
}

/** Rows of ClickHouse about these people, whole, by table; or those about anybody else. */
async function shown(people: readonly string[], whose: 'IN' | 'NOT IN'): Promise<object> {
  const tables: Record<string, unknown> = {};
  for (const table of tablesOfFacts()) {
    if (['accounts', 'scenarios', 'actions'].includes(table)) continue;
    const rows = await analytics.reader.query(
      `SELECT * FROM relance.${table}_rows FINAL WHERE profile_id ${whose} {ids:Array(String)}
         AND profile_id != '' ORDER BY ALL`,
      { ids: people },
    );
    if (rows.length > 0) tables[table] = whose === 'IN' ? rows : rows.length;
  }
  return tables;
}

const removal = () => removalOf(world.engine);
const loop = () =>
  sampleRemovalLoop({
    engine: world.engine,
    analytics: analytics.sink,
    turnstile: new Turnstile(),
  });
const never = new AbortController().signal;

test('nothing is removed unless somebody asks', async () => {
  const before = await rowsOf(real);
  expect(await loop().turn(never)).toBe(0);
  expect(await rowsOf(real)).toEqual(before);
  expect(await removal().state()).toMatchObject({ state: 'none', removed: { people: 0 } });
});

test('the sample goes, and what is real stays byte for byte', async () => {
  const before = await rowsOf(real);
  const shownBefore = await shown(real, 'IN');
  const filled = Object.entries(before).filter(([, rows]) => (rows as unknown[]).length > 0);
  expect(filled.map(([name]) => name)).toEqual(
    expect.arrayContaining(['decision.profile_id', 'delivery.profile_id', 'event.node_id']),
  );
  await removal().ask(world.clock.nowMs());
  expect((await removal().state()).state).toBe('running');
  expect(await loop().turn(never)).toBe(1);
  const { state, removed } = await removal().state();
  expect([state, removed.kept]).toEqual(['done', 1]);
  for (const name of ['people', 'accounts', 'events', 'enrolments', 'decisions'] as const) {
    expect(removed[name], name).toBeGreaterThan(0);
  }
  expect([removed.messages > 0, removed.mails > 0, removed.tasks > 0]).toEqual([true, true, true]);
  expect(await rowsOf(real)).toEqual(before);
  expect(await othersThan([...real, ...mixed])).toEqual([]);
  expect(await shown(real, 'IN')).toEqual(shownBefore);
  expect(await shown([...real, ...mixed], 'NOT IN')).toEqual({});
}, 60_000);

test('it does not come back, and the engine goes on', async () => {
  const { engine } = world;
  const appended = async (): Promise<number> => {
    const rows = await database.query<{ n: number }>(
      'SELECT sum(next_offset)::int AS n FROM log_head WHERE topic LIKE $1',
      ['events.%'],
    );
    return rows.rows[0]?.n ?? 0;
  };
  await world.settle();
  const before = await appended();
  const again = sampleLoop({
    engine,
    clock: { nowMs: () => world.clock.nowMs(), speed: 1 },
    replies: undefined as never,
    onLoading: () => undefined,
  });
  expect(await again.turn(never)).toBe(0);
  expect(await again.turn(never)).toBe(0);
  expect(await appended()).toBe(before);
  await world.send([...known('eve'), { name: 'signed_up', ids: { user_id: 'eve' } }]);
  await world.settle();
  const people = await database.query('SELECT 1 FROM profile WHERE merged_into IS NULL');
  expect(people.rows).toHaveLength(real.length + 2);
  expect(await othersThan([])).not.toEqual([]);
});

test('the models know what real people taught them, and nothing else', async () => {
  const learned = await database.query(
    `SELECT sum(successes + failures)::int AS n FROM posterior WHERE successes + failures > 0`,
  );
  const taught = await database.query(
    `SELECT count(*)::int AS n FROM reward r JOIN decision d ON d.id = r.decision_id
     WHERE d.chosen_action <> 'nothing' AND (r.value > 0 OR r.is_final)`,
  );
  expect(learned.rows[0]?.['n'] ?? 0).toBe(taught.rows[0]?.['n']);
});

test('asked again it removes nothing', async () => {
  await removal().ask(world.clock.nowMs());
  await loop().turn(never);
  const { state, removed } = await removal().state();
  expect([state, [...new Set(Object.values(removed))]]).toEqual(['done', [0]]);
});
