import { afterAll, beforeAll, expect, it } from 'vitest';
import { ClickHouseReader } from '#libs/adapter-clickhouse';
import { API, type ApiOperation, type ApiResponse } from '#libs/contracts';
import { openTestStore, type TestStore } from '#libs/testkit';
import type { z } from 'zod';
import { openWorld, type World } from '../analytics/world.js';
import { known } from '../engine/world.js';
import { consoleWorld, HOME_KEY, type ConsoleWorld } from './world.js';

const START_MS = Date.parse('2026-03-30T10:00:00+02:00');
const DAY_MS = 86_400_000;

let store: TestStore;
let clickhouse: World;
let world: ConsoleWorld;
let admin: string;

beforeAll(async () => {
  store = await openTestStore();
  clickhouse = await openWorld();
  await clickhouse.sink.migrate();
  world = await consoleWorld(await store.fresh(), {
    workspace: 'tests/workspaces/pipeline',
    startMs: START_MS,
    // As in a home: the console reads as an analyst, who can change nothing.
    analytics: new ClickHouseReader(clickhouse.analyst),
  });
  const { engine } = world;
  for (const id of ['u1', 'u2', 'u3']) await engine.send(known(id));
  await engine.settle();
  for (const id of ['u1', 'u2', 'u3']) {
    await engine.send([{ name: 'signed_up', ids: { user_id: id } }]);
  }
  await engine.settle();
  engine.clock.advance(DAY_MS);
  await engine.send([
    {
      name: 'order_completed',
      ids: { user_id: 'u1' },
      properties: { order_id: 'o', total: 129.9 },
    },
  ]);
  await engine.settle();
  engine.clock.advance(5 * DAY_MS);
  await engine.settle();
  await clickhouse.sink.insert(await engine.facts());
  admin = await world.signIn('admin');
});
afterAll(async () => {
  await world.close();
  await clickhouse.close();
  await store.close();
});

async function page<Operation extends ApiOperation>(
  operation: Operation,
  path: string,
): Promise<ApiResponse<Operation>> {
  const answer = await world.ask(path, { cookie: admin });
  expect([path, answer.status, answer.status === 200 ? '' : answer.text]).toEqual([path, 200, '']);
  return (API[operation].response as z.ZodType).parse(answer.json) as ApiResponse<Operation>;
}

it('counts what passed through each step as the enrolments say', async () => {
  const { items } = await page('scenarios', '/api/scenarios');
  const { graph } = await page('scenario', `/api/scenarios/${items[0]?.id ?? ''}`);
  const steps = graph.nodes.filter(({ type }) => type !== 'entry' && type !== 'end');
  expect(steps.every(({ passed }) => passed !== null)).toBe(true);
  const entry = graph.nodes.find(({ type }) => type === 'entry');
  expect(entry?.passed).toBe(3);
  // Who leaves a step leaves it by exactly one of its ways.
  for (const step of steps) {
    const out = graph.edges.filter(({ from }) => from === step.id);
    if (out.length === 0) continue;
    const sum = out.reduce((total, { passed }) => total + (passed ?? NaN), 0);
    expect([step.id, sum]).toEqual([step.id, step.passed]);
  }
  expect(Math.max(...steps.map(({ passed }) => passed ?? 0))).toBeGreaterThan(0);
});

it('says that lift is too early to tell, rather than a number', async () => {
  const { scenarios } = await page('today', '/api/today');
  expect(scenarios[0]?.lift).toMatchObject({ state: 'too_early' });
  expect(scenarios[0]?.lift.sentence).toMatch(/^Not enough yet/);
});

it('mixes steps into a life, whole and in pages alike', async () => {
  const { items } = await page('people', '/api/people?query=u1@');
  const path = `/api/people/${items[0]?.id ?? ''}/timeline`;
  const whole = await page('timeline', `${path}?limit=200`);
  expect(whole.isPartial).toBe(false);
  expect(whole.items.some(({ kind }) => kind === 'step')).toBe(true);
  const lines: string[] = [];
  let cursor: string | null = '';
  for (let round = 0; cursor !== null && round < 100; round += 1) {
    const from = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const part: ApiResponse<'timeline'> = await page('timeline', `${path}?limit=3${from}`);
    lines.push(...part.items.map((item) => `${item.kind} ${item.id}`));
    cursor = part.next;
  }
  expect(lines).toEqual(whole.items.map((item) => `${item.kind} ${item.id}`));
});

it('gives results that agree with the store, and SQL that an analyst can run as it stands', async () => {
  const { items } = await page('scenarios', '/api/scenarios');
  const found = await page('results', `/api/results/${items[0]?.id ?? ''}`);
  const sum = (key: 'entered' | 'sent' | 'converted'): number =>
    found.rows.reduce((total, row) => total + row[key], 0);
  const { database } = world.console.options;
  const stored = await database.query<{ entered: number; sent: number }>(
    `SELECT ((SELECT count(*) FROM enrolment) + (SELECT count(*) FROM enrolment_ended))::int
       AS entered, (SELECT count(*) FROM delivery WHERE accepted_at_ms IS NOT NULL)::int AS sent`,
  );
  expect([sum('entered'), sum('sent')]).toEqual([stored.rows[0]?.entered, stored.rows[0]?.sent]);
  expect(sum('converted')).toBe(1);
  expect(found.rows.map(({ revenue }) => Number(revenue)).reduce((a, b) => a + b, 0)).toBe(129.9);
  const own = await clickhouse.ask(`${found.sql} FORMAT JSONEachRow`);
  expect([own.status, own.text.trim().split('\n').length]).toEqual([200, found.rows.length]);
  const injected = await world.ask(`/api/results/${encodeURIComponent("x' OR '1'='1")}`, {
    key: HOME_KEY,
  });
  expect(injected.status).toBe(404);
  expect(
    (
      await world.ask(`/api/results/x?from=${encodeURIComponent("2026-01-01' --")}`, {
        key: HOME_KEY,
      })
    ).status,
  ).toBe(400);
});

it('lists the public tables with what each column means, and no private ones', async () => {
  const { tables } = await page('tables', '/api/tables');
  const names = tables.map(({ name }) => name);
  for (const name of ['events', 'decisions', 'deliveries', 'campaign_results', 'freshness']) {
    expect(names).toContain(name);
  }
  expect(names.filter((name) => name.endsWith('_rows'))).toEqual([]);
  const events = tables.find(({ name }) => name === 'events');
  expect(events?.columns.map(({ name }) => name)).toContain('occurred_at');
  expect(events?.columns.some(({ comment }) => comment !== '')).toBe(true);
  expect(world.faults).toEqual([]);
});
