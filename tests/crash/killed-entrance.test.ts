import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#libs/adapter-postgres';
import { checkoutDir, childEnvironment } from '#libs/config';
import { startNodeChild, waitUntil, type NodeChild } from '#libs/embedded';
import { openTestStore, type TestStore } from '#libs/testkit';
import { scenario, policies } from '../e2e/scenarios.js';
import { engineWorld, publish } from '../engine/world.js';
import { buildApps, programOf } from './built.js';

const START = '2026-03-30T10:00:00+02:00';
const START_MS = Date.parse(START);
const DAY_MS = 86_400_000;
const WORKSPACE = 'tests/workspaces/pipeline';
const MEMBERS = 4_000;
const OTHERS = 400;
const PARTITIONS = 4;
// The lease of a killed worker lasts 6 s: the next one waits for it.
const WITHIN_MS = 60_000;

let store: TestStore;
const home = mkdtempSync(join(tmpdir(), 'relance-entrance-'));
const living: NodeChild[] = [];
const written: string[] = [];
beforeAll(async () => {
  buildApps(['worker']);
  store = await openTestStore();
});
afterAll(async () => {
  for (const worker of living) worker.kill();
  await store.close();
  rmSync(home, { recursive: true, force: true });
});

const asleep = {
  'segments/asleep.yaml': `segment: asleep
name: { fr: Endormis, en: Asleep }
when: profile.aggregates.orders_365d >= 1 && daysSince(profile.aggregates.last_order_at) > 30.0
`,
};
const rouse = scenario('rouse', {
  entry: '{ segment: { enters: asleep }, existing: enter, reentry: never }',
  steps: ['{ wait: 9d }'],
});

/** A worker as the supervisor starts it, on a store that runs elsewhere. */
async function startWorker(database: Database): Promise<NodeChild> {
  const worker = await startNodeChild(
    {
      script: programOf('worker'),
      heapMb: 320,
      onLine: (line) => written.push(line),
      env: childEnvironment({
        DATABASE_URL: database.options.url,
        CLICKHOUSE_URL: undefined,
        SMTP_URL: undefined,
        RELANCE_HOME: home,
        RELANCE_WORKSPACE: join(checkoutDir(), WORKSPACE),
        RELANCE_CLOCK: `${START}@1`,
        RELANCE_PARTITIONS: String(PARTITIONS),
        RELANCE_EMPTY: '1',
        LOG_LEVEL: 'warn',
      }),
    },
    { signal: new AbortController().signal, started: () => undefined },
  );
  living.push(worker);
  return worker;
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  if (await waitUntil(isSo, WITHIN_MS, 5)) return;
  throw new Error(`${what}: not within ${WITHIN_MS} ms\n${written.slice(-10).join('\n')}`);
}

async function count(database: Database, sql: string): Promise<number> {
  const { rows } = await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`);
  return rows[0]?.n ?? 0;
}

/**
 * Kills the worker in the middle of a turn once so many are in: a lock on a table that the turn
 * writes to late holds it there, with the place of the job moved on and nothing committed. The lock
 * is tried for between turns, so that not many more than these are in.
 */
async function killAt(
  database: Database,
  worker: NodeChild,
  at: { readonly entered: number; readonly table: 'enrolment' | 'fact_outbox' },
): Promise<number> {
  const holder = await database.dedicated();
  try {
    await until(`${at.entered} are in`, async () => {
      await holder.query(`BEGIN; LOCK TABLE ${at.table} IN SHARE MODE`);
      if ((await count(database, 'enrolment')) >= at.entered) return true;
      await holder.query('ROLLBACK');
      return false;
    });
    const held = `pg_locks waits JOIN pg_locks has USING (pid)
      WHERE NOT waits.granted AND waits.relation = '${at.table}'::regclass
        AND has.granted AND has.relation = 'job'::regclass`;
    await until('a turn is held', async () => (await count(database, held)) > 0);
    process.kill(worker.identity.pid, 'SIGKILL');
    expect(await worker.ended).toMatchObject({ signal: 'SIGKILL' });
    return await count(database, 'enrolment');
  } finally {
    await holder.end();
  }
}

/** Who ordered, the members 60 days ago and the others 5 days ago. */
async function know(database: Database): Promise<void> {
  const files = { ...policies(), ...asleep };
  const world = await engineWorld(database, { workspace: WORKSPACE, startMs: START_MS, files });
  const people = Array.from({ length: MEMBERS + OTHERS }, (_, at) => at);
  await world.send(
    people.map((at) => ({
      name: 'order_completed',
      ids: { user_id: at < MEMBERS ? `member-${at}` : `other-${at}` },
      properties: { order_id: `o-${at}`, total: 80 },
      historical: true,
      atMs: START_MS - (at < MEMBERS ? 60 : 5) * DAY_MS,
    })),
  );
  await world.close();
}

test('existing: enter, the worker killed at 30 % and at 70 % of the job: every member, each once', async () => {
  const database = await store.fresh();
  await know(database);
  const first = await startWorker(database);
  const isMember = `segment_member WHERE segment = 'asleep' AND left_at_ms IS NULL`;
  await until(
    'everybody is known',
    async () => (await count(database, 'profile')) === MEMBERS + OTHERS,
  );
  expect(await count(database, isMember)).toBe(MEMBERS);
  const files = { ...policies(), ...asleep, ...rouse };
  await publish(database, { workspace: WORKSPACE, files }, START_MS);

  const early = await killAt(database, first, { entered: 0.3 * MEMBERS, table: 'enrolment' });
  const second = await startWorker(database);
  const late = await killAt(database, second, { entered: 0.7 * MEMBERS, table: 'fact_outbox' });
  console.info(`killed with ${early} and ${late} of ${MEMBERS} in`);
  expect(early).toBeLessThan(0.5 * MEMBERS);
  expect(late).toBeLessThan(0.9 * MEMBERS);

  const third = await startWorker(database);
  const isLeft = `(SELECT 1 FROM job WHERE kind = 'existing' AND state = 'running'
    UNION ALL SELECT 1 FROM fact_outbox) rest`;
  await until('the job is done', async () => (await count(database, isLeft)) === 0);
  await third.stop();

  const { rows } = await database.query<{ name: string; times: number }>(
    `SELECT i.value_norm AS name, count(*)::int AS times
     FROM enrolment e JOIN node n USING (profile_id) JOIN profile_identity i USING (node_id)
     GROUP BY 1`,
  );
  const times = new Map(rows.map((row) => [row.name, row.times]));
  const members = Array.from({ length: MEMBERS }, (_, at) => `member-${at}`);
  const missing = members.filter((name) => !times.has(name)).length;
  const doubled = rows.filter((row) => row.times > 1).length;
  expect({ missing, doubled, people: times.size }).toEqual({
    missing: 0,
    doubled: 0,
    people: MEMBERS,
  });
  expect(await count(database, 'entry_ledger')).toBe(MEMBERS);
  const told = `(SELECT value::json->>'id' AS id FROM log_facts
    WHERE value::json->>'kind' = 'enrolment' GROUP BY 1 HAVING count(*) = 1) facts`;
  expect(await count(database, told)).toBe(MEMBERS);
}, 180_000);
