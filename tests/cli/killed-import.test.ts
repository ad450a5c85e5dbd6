import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#libs/adapter-postgres';
import { waitUntil } from '#libs/embedded';
import { seededRandom } from '#libs/kernel';
import { openTestStore, type TestStore } from '#libs/testkit';
import { writeCustomers } from '../../bench/harness/customers.js';
import { consoleWorld, type ConsoleWorld } from '../console-api/world.js';
import { relance, startRelance, type CliRun, type StartedRun } from './cli.js';
import { homeOf } from './home.js';

const WORKSPACE = 'tests/workspaces/online-retail';
const START_MS = Date.parse('2011-12-10T08:30:00Z');
const SEED = 'retail';
const LINES = 30_000;
const CUSTOMERS = 400;
const HALF_WITHIN_MS = 60_000;
const DAY_MS = 86_400_000;

/** A shop with its own store, and the home by which the command line finds it. */
interface Shop {
  readonly database: Database;
  readonly world: ConsoleWorld;
  readonly home: string;
}

let store: TestStore;
let folder: string;
let invoices: string;
const shops: Shop[] = [];

beforeAll(async () => {
  console.info(`invoices: seed ${SEED}`);
  store = await openTestStore();
  folder = await mkdtemp(join(tmpdir(), 'relance-invoices-'));
  invoices = join(folder, 'invoices.csv.gz');
  await writeFile(invoices, gzipSync(madeInvoices().join('\n')));
});
afterAll(async () => {
  for (const { world, home } of shops) {
    await world.close();
    await rm(home, { recursive: true, force: true });
  }
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** Lines like those of Online Retail: cancellations, doubled lines, and a quarter without customer. */
function madeInvoices(): readonly string[] {
  const random = seededRandom('invoices', SEED);
  const below = (bound: number): number => Math.floor(random() * bound);
  const lines = [
    'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
  ];
  for (let invoice = 536_365; lines.length <= LINES; invoice += 1) {
    const customer = random() < 0.25 ? '' : `${12_346 + below(CUSTOMERS)}.0`;
    const isCancelled = random() < 0.15;
    const number = `${isCancelled ? 'C' : ''}${invoice}`;
    const at = new Date(START_MS - below(370) * DAY_MS).toISOString().slice(0, 10);
    for (let left = 1 + below(5); left > 0; left -= 1) {
      const quantity = (1 + below(12)) * (isCancelled ? -1 : 1);
      const price = (below(2_000) / 100).toFixed(2);
      const item = `${85_000 + below(900)},"LANTERN, ""WHITE""",${quantity},${at} 08:26:00,${price}`;
      const line = `${number},${item},${customer},United Kingdom`;
      lines.push(line, ...(random() < 0.02 ? [line] : []));
    }
  }
  return lines;
}

async function openShop(): Promise<Shop> {
  const database = await store.fresh();
  const world = await consoleWorld(database, { workspace: WORKSPACE, startMs: START_MS });
  const shop = { database, world, home: await homeOf(world.url) };
  shops.push(shop);
  return shop;
}

const ORDERS_MAPPING = join(WORKSPACE, 'mappings', 'online-retail.yaml');
const ordersOf = (file: string): readonly string[] => {
  return ['import', 'orders', file, '--mapping', ORDERS_MAPPING, '--json'];
};

async function imported({ home }: Shop, args: readonly string[]): Promise<CliRun> {
  const run = await relance(args, { RELANCE_HOME: home });
  expect([run.code, run.err]).toEqual([0, expect.any(String)]);
  return run;
}

async function taken({ database }: Shop): Promise<number> {
  const { rows } = await database.query<{ done: number }>(
    `SELECT done FROM job WHERE kind = 'import'`,
  );
  return rows[0]?.done ?? 0;
}

/** Kills the import while it waits for the answer to a batch, once at least so many are taken. */
async function killAt(shop: Shop, run: StartedRun, events: number): Promise<number> {
  const holder = await shop.database.dedicated();
  try {
    const isThere = async (): Promise<boolean> => {
      // Between two batches, so that not many more than these are taken.
      await holder.query('BEGIN; LOCK TABLE job IN SHARE MODE');
      if ((await taken(shop)) >= events) return true;
      await holder.query('ROLLBACK');
      return false;
    };
    if (!(await waitUntil(isThere, HALF_WITHIN_MS, 5))) throw new Error('half is never taken');
    process.kill(run.pid, 'SIGKILL');
    expect(await run.ended).toMatchObject({ signal: 'SIGKILL' });
    return await taken(shop);
  } finally {
    await holder.end();
  }
}

/** Every imported event and what is known of everybody, but for ids that are drawn. */
async function endState({ database, world }: Shop) {
  await world.engine.settle();
  const events = await database.query(
    `SELECT name, at_ms, body FROM event WHERE name LIKE 'order_%'
     ORDER BY body::json->>'messageId'`,
  );
  const people = await database.query<{ id: string }>(
    `SELECT i.value_norm AS id, p.doc->'aggregates' AS aggregates, p.doc->'traits' AS traits
     FROM profile p JOIN node n USING (profile_id) JOIN profile_identity i USING (node_id)
     ORDER BY 1`,
  );
  return { events: events.rows, people: people.rows };
}

test('an import killed half-way and run again ends as one that nobody disturbed', async () => {
  const calm = await openShop();
  const whole = (await imported(calm, ordersOf(invoices))).json() as {
    readonly events: Readonly<Record<string, number>>;
    readonly leftOut: Readonly<Record<string, number>>;
    readonly kept: number;
  };
  const made = Object.values(whole.events).reduce((sum, count) => sum + count, 0);
  expect(whole.kept + (whole.leftOut['no-customer'] ?? 0)).toBeGreaterThanOrEqual(LINES);

  const killed = await openShop();
  const run = startRelance(ordersOf(invoices), { RELANCE_HOME: killed.home });
  const before = await killAt(killed, run, made / 2);
  console.info(`killed with ${before} of ${made} events taken`);
  expect(before).toBeLessThan(made);
  const again = await imported(killed, ordersOf(invoices));
  expect(again.err).toMatch(/Going on after \d+ events\./);
  expect(again.json()).toMatchObject(whole);

  const expected = await endState(calm);
  expect(expected.events).toHaveLength(made);
  expect(expected.people).toHaveLength(CUSTOMERS);
  expect(await endState(killed)).toEqual(expected);
  // A third run has nothing to do.
  expect((await imported(killed, ordersOf(invoices))).json()).toMatchObject({ isNew: false });
  expect(await endState(killed)).toEqual(expected);
}, 120_000);

test('the second file, made from the first, gives every customer an address and consent', async () => {
  const shop = await openShop();
  const customers = join(folder, 'customers.csv');
  await writeCustomers(invoices, customers);
  const mapping = join(WORKSPACE, 'mappings', 'customers.yaml');
  const run = await imported(shop, ['import', 'profiles', customers, '--mapping', mapping]);
  expect(run.out).toContain(String(CUSTOMERS));
  await shop.world.engine.settle();
  const { rows } = await shop.database.query<{ n: number }>(
    `SELECT count(*)::int AS n
     FROM profile p JOIN node n USING (profile_id) JOIN profile_identity i USING (node_id)
       JOIN consent_event c USING (node_id)
     WHERE i.ns = 'customer_id' AND p.doc->'traits'->>'email' = i.value_norm || '@example.test'
       AND (c.channel, c.purpose, c.status) = ('email', 'marketing', 'granted')
       AND c.proof LIKE 'order form %'`,
  );
  expect(rows).toEqual([{ n: CUSTOMERS }]);
});
