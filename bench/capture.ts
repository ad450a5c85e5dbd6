// How fast capture takes events, each acknowledged only once it is on disk. PostgreSQL, the api and
// the load run on this machine, each a process; every acknowledged event is looked up afterwards.
// Once with the consumers stopped, and once on the whole product, with the time until all is applied.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Database } from '#libs/adapter-postgres';
import { checkoutDir, childEnvironment, loadSecrets } from '#libs/config';
import { freePort, startPostgres } from '#libs/embedded';
import type { LoadOrder, LoadReport } from './lib/capture-load.js';
import { drained } from './harness/depths.js';
import { countOf, measure, rounded, type After } from './harness/measure.js';
import { Product } from './harness/product.js';
import type { Figures } from './support/report.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: '32' },
    senders: { type: 'string', default: '8' },
  },
});
const MEASURE_MS = Number(values.seconds) * 1_000;
const WARM_UP_MS = 2_000;
const TOGETHER = 100;
const DRAINED_WITHIN_MS = 600_000;

async function assertDurable(database: Database): Promise<void> {
  for (const name of ['fsync', 'synchronous_commit']) {
    const shown = await database.query<{ setting: string }>(
      'SELECT setting FROM pg_settings WHERE name = $1',
      [name],
    );
    if (shown.rows[0]?.setting !== 'on') throw new Error(`${name} must be on`);
  }
}

interface Target {
  readonly port: number;
  readonly writeKey: string;
}

async function load(target: Target, order: Partial<LoadOrder>): Promise<LoadReport> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'lib', 'capture-load.js'));
  const whole = {
    ...target,
    warmUpMs: WARM_UP_MS,
    measureMs: MEASURE_MS,
    ...order,
  };
  child.send(whole);
  const [answer] = (await once(child, 'message')) as [LoadReport];
  return answer;
}

/** Acknowledged events that the log does not have. */
async function lostOf(database: Database, prefix: string, load: LoadReport): Promise<number> {
  const found = new Uint8Array(load.sent);
  const rows = await database.query<{ ids: string }>(
    `SELECT string_agg(substring(value from '"messageId":"${prefix}-(\\d+)"'), ',') AS ids
     FROM log_events_raw GROUP BY part`,
  );
  for (const { ids } of rows.rows) {
    for (const id of (ids ?? '').split(',')) if (id !== '') found[Number(id)] = 1;
  }
  for (const place of load.refused) found[place] = 1;
  return found.reduce((lost, isThere) => lost + (isThere === 1 ? 0 : 1), 0);
}

/** Both loads against one target, and whether every acknowledged event is in its log. */
async function loads(target: Target, database: Database): Promise<Figures> {
  await assertDurable(database);
  const single = await load(target, {
    prefix: 's',
    connections: countOf(values.connections, 32),
    together: 1,
  });
  const batch = await load(target, {
    prefix: 'b',
    connections: countOf(values.senders, 8),
    together: TOGETHER,
  });
  const seconds = MEASURE_MS / 1_000;
  return {
    single_per_s: Math.round(single.requests / seconds),
    single_p50_ms: rounded(single.p50Ms, 1),
    single_p99_ms: rounded(single.p99Ms, 1),
    batch_events_per_s: Math.round((batch.requests * TOGETHER) / seconds),
    batch_p50_ms: rounded(batch.p50Ms, 1),
    batch_p99_ms: rounded(batch.p99Ms, 1),
    acknowledged: single.sent + batch.sent - single.refused.length - batch.refused.length,
    non_2xx: single.non2xx + batch.non2xx,
    lost: (await lostOf(database, 's', single)) + (await lostOf(database, 'b', batch)),
  };
}

/** The api alone, over a PostgreSQL of its own: nobody reads the log. */
async function withConsumersStopped(after: After): Promise<Figures> {
  const home = mkdtempSync(join(tmpdir(), 'relance-bench-'));
  after(() => rmSync(home, { recursive: true, force: true }));
  const postgres = await startPostgres({ dataDir: join(home, 'postgres'), password: 'bench' });
  after(() => postgres.stop());
  const database = new Database({ url: postgres.url, statementTimeoutMs: 300_000 });
  after(() => database.close());
  const port = await freePort();
  const api = fork(join(checkoutDir(), 'dist', 'apps', 'api', 'src', 'main.js'), [], {
    env: childEnvironment({
      RELANCE_HOME: home,
      RELANCE_EMBEDDED_DATABASE_URL: postgres.url,
      DATABASE_URL: undefined,
      RELANCE_CLOCK: 'wall',
      HOST: '127.0.0.1',
      PORT: String(port),
      SMTP_SANDBOX_PORT: String(await freePort()),
      LOG_LEVEL: 'warn',
    }),
  });
  const ended = once(api, 'exit');
  after(async () => {
    api.kill('SIGTERM');
    await ended;
  });
  await Promise.race([
    once(api, 'message'),
    ended.then(() => Promise.reject(new Error('the api ended'))),
  ]);
  return await loads({ port, writeKey: loadSecrets(home).writeKey }, database);
}

/** The whole product, each event applied to a profile while others come. */
async function withConsumersRunning(after: After): Promise<Figures> {
  const workspace = join(checkoutDir(), 'bench', 'workspaces', 'freshness');
  const product = await Product.start({ workspace });
  after(() => product.remove());
  const database = product.openDatabase();
  after(() => database.close());
  const target = { port: Number(new URL(product.url).port), writeKey: product.writeKey };
  const figures = await loads(target, database);
  const fromMs = performance.now();
  const left = await drained(database, DRAINED_WITHIN_MS);
  const drainS = (performance.now() - fromMs) / 1_000;
  return Object.fromEntries(
    Object.entries({ ...figures, drain_s: left === null ? rounded(drainS, 1) : -1 }).map(
      ([name, value]) => [`running_${name}`, value],
    ),
  );
}

/** Undone before anything else starts: two of each would not be what a customer runs. */
async function alone(work: (after: After) => Promise<Figures>): Promise<Figures> {
  const undos: (() => unknown)[] = [];
  try {
    return await work((undo) => undos.unshift(undo));
  } finally {
    for (const undo of undos) await undo();
  }
}

await measure('capture', async () => ({
  ...(await alone(withConsumersStopped)),
  ...(await alone(withConsumersRunning)),
}));
