// A real shop's year: its invoices imported by the CLI, once broken off by SIGKILL with --kill, the
// same figures in both stores, and a win-back that takes in everybody who is gone.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ClickHouseReader, connect } from '#libs/adapter-clickhouse';
import type { Database } from '#libs/adapter-postgres';
import { checkoutDir } from '#libs/config';
import { waitUntil } from '#libs/embedded';
import { documentOf, startCommand, type RunningCommand } from './harness/command.js';
import { writeCustomers } from './harness/customers.js';
import { drained } from './harness/depths.js';
import { measure, rounded } from './harness/measure.js';
import { watchMemory } from './harness/memory.js';
import { Product } from './harness/product.js';
import {
  campaignOf,
  caughtMails,
  figuresOfStore,
  figuresOfTables,
  type RetailFigures,
} from './harness/retail-figures.js';

const { values } = parseArgs({ options: { file: { type: 'string' }, kill: { type: 'boolean' } } });
if (values.file === undefined) throw new Error('--file names the invoices of Online Retail');
const invoices = resolve(values.file);

const WORKSPACE = join('tests', 'workspaces', 'online-retail');
const ORDERS = ['orders', invoices, '--mapping', join(WORKSPACE, 'mappings', 'online-retail.yaml')];
const CLOCK = '2011-12-10T08:30:00Z@1';
/** What the file is known to hold. */
const EXPECTED: RetailFigures = {
  lines: 406_829,
  profiles: 4_372,
  orders: 18_536,
  cancellations: 3_654,
  gross: '8911407.90',
  net: '8300065.81',
};
const LEFT_OUT = 135_080;
const BUYERS = 4_339;
const GONE = 862;
const MOST_IMPORT_S = 120;
const MOST_RSS_MB = 1_024;
const APPLIED_WITHIN_MS = 600_000;
const SENT_WITHIN_MS = 300_000;

/** The part of an import's summary that is compared. */
interface Imported {
  readonly isNew: boolean;
  readonly kept: number;
  readonly leftOut: Readonly<Record<string, number>>;
  readonly refused: number;
}

/** A product with a shop's history, and what looks into it. */
interface Shop {
  readonly product: Product;
  readonly database: Database;
  readonly reader: ClickHouseReader;
  /** Starts a command whose memory counts. */
  readonly run: (...args: string[]) => RunningCommand;
}

const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

async function importedEvents({ database }: Shop): Promise<number> {
  const { rows } = await database.query<{ done: number }>(
    `SELECT done FROM job WHERE kind = 'import'`,
  );
  return rows[0]?.done ?? 0;
}

/** Kills the import by SIGKILL once half of the events are taken; answers how many were. */
async function breakOff(shop: Shop): Promise<number> {
  const half = (EXPECTED.orders + EXPECTED.cancellations) / 2;
  const command = shop.run('import', ...ORDERS, '--json');
  const isHalf = async (): Promise<boolean> => (await importedEvents(shop)) >= half;
  if (!(await waitUntil(isHalf, APPLIED_WITHIN_MS, 20))) throw new Error('half is never taken');
  process.kill(command.pid, 'SIGKILL');
  const { signal } = await command.ended;
  if (signal !== 'SIGKILL') throw new Error('the import had ended before it was killed');
  return await importedEvents(shop);
}

async function applied({ database }: Shop): Promise<void> {
  const left = await drained(database, APPLIED_WITHIN_MS);
  if (left !== null) throw new Error(`not applied: ${JSON.stringify(left)}`);
}

/** Both stores, compared with what is known of the file. */
async function compare(shop: Shop): Promise<boolean> {
  const store = await figuresOfStore(shop.database);
  const tables = await figuresOfTables(shop.reader);
  console.table({ expected: EXPECTED, PostgreSQL: store, ClickHouse: tables });
  return isSame(store, EXPECTED) && isSame(tables, EXPECTED);
}

async function importOrders(shop: Shop) {
  const startedMs = performance.now();
  const secondsSince = (): number => rounded((performance.now() - startedMs) / 1_000, 1);
  const killedAt = values.kill === true ? await breakOff(shop) : 0;
  const first = await documentOf<Imported>(shop.run('import', ...ORDERS, '--json'));
  const importS = secondsSince();
  await applied(shop);
  const appliedS = secondsSince();
  const isRight =
    (await compare(shop)) &&
    first.kept === EXPECTED.lines &&
    isSame(first.leftOut, { 'no-customer': LEFT_OUT }) &&
    first.refused === 0;
  const again = await documentOf<Imported>(shop.run('import', ...ORDERS, '--json'));
  const whole = await documentOf<Imported>(shop.run('import', ...ORDERS, '--json', '--again'));
  await applied(shop);
  return {
    killed_at_events: killedAt,
    import_s: importS,
    applied_s: appliedS,
    lines_kept: first.kept,
    lines_left_out: first.leftOut['no-customer'] ?? 0,
    figures_right: isRight,
    unchanged_again: !again.isNew && whole.kept === EXPECTED.lines && (await compare(shop)),
  };
}

async function importCustomers(shop: Shop, folder: string): Promise<number> {
  const file = join(folder, 'customers.csv');
  await writeCustomers(invoices, file);
  const mapping = join(WORKSPACE, 'mappings', 'customers.yaml');
  const args = ['import', 'profiles', file, '--mapping', mapping, '--json'];
  const { kept } = await documentOf<Imported>(shop.run(...args));
  await applied(shop);
  return kept;
}

async function winBack(shop: Shop) {
  const startedMs = performance.now();
  await documentOf(shop.run('apply', WORKSPACE, '--json'));
  const isSent = async (): Promise<boolean> => (await caughtMails(shop.database)).mails >= GONE;
  if (!(await waitUntil(isSent, SENT_WITHIN_MS, 250))) console.log('Not all mails came.');
  await applied(shop);
  const seconds = rounded((performance.now() - startedMs) / 1_000, 1);
  const caught = await caughtMails(shop.database);
  const told = await campaignOf(shop.reader);
  console.table({ sandbox: caught, ClickHouse: told });
  const { enrolments = 0, people, decided, accepted, entered, sent } = told ?? {};
  const isRight = [...Object.values(caught), enrolments, people, decided, accepted, entered, sent];
  return {
    win_back_s: seconds,
    people_with_an_order: told?.buyers ?? 0,
    enrolments,
    mails: caught.mails,
    results_sent: sent ?? 0,
    win_back_right:
      isRight.every((count) => count === GONE) &&
      told?.buyers === BUYERS &&
      isSame(told.currencies, ['GBP']),
  };
}

await measure('retail', async (after) => {
  const folder = mkdtempSync(join(tmpdir(), 'relance-retail-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const product = await Product.start({
    workspace: join(checkoutDir(), WORKSPACE),
    clock: CLOCK,
  });
  after(() => product.remove());
  const database = product.openDatabase();
  after(() => database.close());
  const client = connect(product.run.clickhouse);
  after(() => client.close());
  const memory = watchMemory(product.pid);
  after(() => memory.stop());
  const shop: Shop = {
    product,
    database,
    reader: new ClickHouseReader(client),
    run: (...args) => {
      const command = startCommand(product, args);
      memory.also(command.pid);
      return command;
    },
  };

  const orders = await importOrders(shop);
  const customers = await importCustomers(shop, folder);
  const campaign = await winBack(shop);
  const { rssMb, ownMb } = await memory.stop();
  return {
    ...orders,
    customers,
    ...campaign,
    rss_mb: rssMb,
    own_mb: ownMb,
    goal_met:
      orders.figures_right &&
      orders.unchanged_again &&
      customers === EXPECTED.profiles &&
      campaign.win_back_right &&
      orders.applied_s <= MOST_IMPORT_S &&
      rssMb <= MOST_RSS_MB,
  };
});
