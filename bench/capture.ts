// How fast capture takes events, each acknowledged only once it is on disk. PostgreSQL, the api and
// the load run on this machine, each a process; every acknowledged event is looked up afterwards.
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
import { report } from './support/report.js';

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

const home = mkdtempSync(join(tmpdir(), 'relance-bench-'));
const postgres = await startPostgres({ dataDir: join(home, 'postgres'), password: 'bench' });
const database = new Database({ url: postgres.url, statementTimeoutMs: 300_000 });
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

async function assertDurable(): Promise<void> {
  for (const name of ['fsync', 'synchronous_commit']) {
    const shown = await database.query<{ setting: string }>(
      'SELECT setting FROM pg_settings WHERE name = $1',
      [name],
    );
    if (shown.rows[0]?.setting !== 'on') throw new Error(`${name} must be on`);
  }
}

async function load(order: Partial<LoadOrder>): Promise<LoadReport> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'lib', 'capture-load.js'));
  const whole = {
    port,
    writeKey: loadSecrets(home).writeKey,
    warmUpMs: WARM_UP_MS,
    measureMs: MEASURE_MS,
    ...order,
  };
  child.send(whole);
  const [answer] = (await once(child, 'message')) as [LoadReport];
  return answer;
}

/** Acknowledged events that the log does not have. */
async function lostOf(prefix: string, load: LoadReport): Promise<number> {
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

try {
  await assertDurable();
  await Promise.race([
    once(api, 'message'),
    once(api, 'exit').then(() => Promise.reject(new Error('the api ended'))),
  ]);
  const single = await load({
    prefix: 's',
    connections: Number(values.connections),
    together: 1,
  });
  const batch = await load({
    prefix: 'b',
    connections: Number(values.senders),
    together: TOGETHER,
  });
  const seconds = MEASURE_MS / 1_000;
  const tenths = (value: number): number => Math.round(value * 10) / 10;
  report('capture', {
    single_per_s: Math.round(single.requests / seconds),
    single_p50_ms: tenths(single.p50Ms),
    single_p99_ms: tenths(single.p99Ms),
    batch_events_per_s: Math.round((batch.requests * TOGETHER) / seconds),
    batch_p50_ms: tenths(batch.p50Ms),
    batch_p99_ms: tenths(batch.p99Ms),
    acknowledged: single.sent + batch.sent - single.refused.length - batch.refused.length,
    non_2xx: single.non2xx + batch.non2xx,
    lost: (await lostOf('s', single)) + (await lostOf('b', batch)),
  });
} finally {
  if (api.exitCode === null) {
    api.kill('SIGTERM');
    await once(api, 'exit');
  }
  await database.close();
  await postgres.stop();
  rmSync(home, { recursive: true, force: true });
}
