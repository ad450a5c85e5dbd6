import { afterAll, beforeAll, expect, test } from 'vitest';
import { runLoop } from '#libs/application';
import { EmbeddedLog } from '#libs/adapter-postgres';
import type { JsonObject } from '#libs/kernel';
import type { Readiness } from '../../apps/api/src/operator/readiness.js';
import { loopsOf } from '../../apps/worker/src/loops.js';
import { factOf } from '../analytics/facts.js';
import { ANALYST, openWorld, startOn, type World as Analytics } from '../analytics/world.js';
import { engineWorld, publish, type EngineWorld } from '../engine/world.js';
import { startHarness, type Harness } from './harness.js';

const PIPELINE = { workspace: 'tests/workspaces/pipeline' };

let api: Harness;
let analytics: Analytics;
let world: EngineWorld;

beforeAll(async () => {
  analytics = await openWorld();
  const { url } = analytics.server;
  const { name: user, password } = ANALYST;
  api = await startHarness({ analytics: { url, user, password } });
  world = await engineWorld(api.engine.database, {
    ...PIPELINE,
    startMs: Date.now(),
    publishes: false,
  });
});
afterAll(async () => {
  await world.close();
  await api.close();
  await analytics.close();
});

async function readyz(): Promise<Readiness & { readonly code: number }> {
  const answer = await fetch(`${api.url}/readyz`);
  return { ...((await answer.json()) as Readiness), code: answer.status };
}

const stateOf = async (part: string): Promise<string> => (await readyz()).parts[part]?.state ?? '';

const within = { timeout: 15_000 };

/** The worker's own loops of these names; ends them without a word, as a kill does. */
async function startWorker(names: readonly string[]): Promise<() => Promise<void>> {
  const controller = new AbortController();
  const tables = () => analytics.sink.migrate();
  const loops = await loopsOf(world.engine, { writer: analytics.sink, tables });
  const running = loops
    .filter(({ name }) => names.includes(name))
    .map((loop) => runLoop(loop, { failed: () => undefined }, controller.signal));
  return async () => {
    controller.abort();
    await Promise.all(running);
  };
}

/** Facts on their way to ClickHouse. */
async function unread(): Promise<number> {
  const outbox = await api.engine.database.query('SELECT 1 FROM fact_outbox');
  const lags = await api.engine.eventLog.lag('analytics');
  return lags.reduce((sum, { lag }) => sum + lag, outbox.rowCount ?? 0);
}

const takesEvents = async (): Promise<void> => {
  expect((await api.post('/v1/track', { userId: 'u', event: 'Ready Test' })).status).toBe(200);
};

test('before anything is published nothing is missing', async () => {
  const ready = await readyz();
  expect([ready.code, ready.status]).toEqual([200, 'ready']);
  expect(Object.keys(ready.parts).sort()).toEqual(
    ['analytics', 'capture', 'log', 'runtime', 'store', 'workspace'].sort(),
  );
  expect(ready.parts).toMatchObject({ workspace: { state: 'empty' }, runtime: { state: 'empty' } });
});

test('a worker that never came, and one that died, degrade it; events are taken', async () => {
  await publish(api.engine.database, PIPELINE, Date.now());
  await api.engine.workspace.refresh();
  const without = await readyz();
  expect([without.code, without.status, without.parts['runtime']?.state]).toEqual([
    200,
    'degraded',
    'down',
  ]);
  await takesEvents();

  const die = await startWorker(['workspace', 'profile', 'change_outbox', 'router']);
  await expect.poll(() => stateOf('runtime'), within).toBe('ready');
  await expect.poll(async () => (await readyz()).status, within).toBe('ready');
  await die();
  // The lease outlives its holder by some seconds.
  await expect.poll(() => stateOf('runtime'), within).toBe('down');
  const dead = await readyz();
  expect([dead.code, dead.status]).toEqual([200, 'degraded']);
  await takesEvents();
  const figures = await (await fetch(`${api.url}/metrics`)).text();
  expect(figures).toMatch(/^relance_part_ready\{part="runtime"\} 0$/m);
  expect(figures).toMatch(/^relance_part_ready\{part="store"\} 1$/m);
});

test('a ClickHouse that died degrades it, and is ready again when it is back', async () => {
  const die = await startWorker([
    'workspace',
    'change_outbox',
    'fact_outbox',
    'router',
    'analytics',
  ]);
  await expect.poll(() => stateOf('analytics'), within).toBe('ready');
  analytics.server.kill();
  await analytics.server.ended;
  const dead = await readyz();
  expect([dead.code, dead.status, dead.parts['analytics']?.state]).toEqual([
    200,
    'degraded',
    'down',
  ]);
  await takesEvents();
  analytics.server = await startOn(analytics.dataDir, analytics.server.port);
  await expect.poll(() => stateOf('analytics'), within).toBe('ready');
  await expect.poll(unread, within).toBe(0);
  await die();
});

test('a sink that does not keep up is told with how far it is behind', async () => {
  const log = await EmbeddedLog.open(api.engine.database, api.engine.wakeups, {
    partitions: 4,
    wallMs: () => Date.now() - 60_000,
  });
  const fact = factOf('event', { id: 'an-old-fact' }) as unknown as JsonObject;
  await log.append('facts', [{ key: 'p1', value: fact }]);
  const late = await readyz();
  expect([late.code, late.status, late.parts['analytics']?.state]).toEqual([
    200,
    'degraded',
    'behind',
  ]);
  expect(late.parts['analytics']?.behindMs).toBeGreaterThanOrEqual(60_000);
  const die = await startWorker(['analytics']);
  await expect.poll(() => stateOf('analytics'), within).toBe('ready');
  expect((await readyz()).parts['analytics']?.behindMs).toBe(0);
  await die();
});

test('without the store nothing can be taken: 503, whatever the others do', async () => {
  api.postgres.kill();
  await api.postgres.ended;
  const down = await readyz();
  expect([down.code, down.status]).toEqual([503, 'not_ready']);
  expect(down.parts).toMatchObject({
    store: { state: 'down' },
    log: { state: 'down' },
    runtime: { state: 'down' },
    analytics: { state: expect.any(String) },
  });
});
