import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { readRunFile, type RunFile } from '#libs/config';
import { livingChildren, waitUntil, type ChildRecord } from '#libs/embedded';
import { buildSupervisor, clear, launch, newPlace, signalGroup, type Product } from './product.js';

const homes: string[] = [];
const products: Product[] = [];

beforeAll(buildSupervisor);

afterEach(async () => {
  for (const product of products.splice(0)) {
    if (product.child.exitCode === null && product.child.signalCode === null) {
      signalGroup(product, 'SIGTERM');
      await product.exited();
    }
  }
  for (const home of homes.splice(0)) await clear(home);
});

function start(home: string, env: NodeJS.ProcessEnv, args: readonly string[] = []): Product {
  const product = launch(home, env, args);
  products.push(product);
  return product;
}

async function startNew(
  over: NodeJS.ProcessEnv = {},
  args: readonly string[] = [],
): Promise<Product> {
  const { env, home } = await newPlace();
  homes.push(home);
  return start(home, { ...env, ...over }, args);
}

async function ready(product: Product): Promise<Product> {
  await product.says('Relance is ready: http://');
  return product;
}

function childOf(product: Product, role: string): ChildRecord {
  const found = livingChildren(product.home).find((child) => child.role === role);
  if (found === undefined) throw new Error(`no ${role}: ${product.output()}`);
  return found;
}

const answer = async (product: Product): Promise<{ database: string }> =>
  (await fetch(product.run().url)).json() as Promise<{ database: string }>;

async function ask({ clickhouse }: RunFile, query: string): Promise<string> {
  const { password, url, user } = clickhouse;
  const headers = { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password };
  const response = await fetch(url, { method: 'POST', body: query, headers });
  return (await response.text()).trim();
}

/** Processes that still name the home in their command line or environment. */
function leftOn(home: string): readonly string[] {
  const listed = execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return listed.filter((line) => line.includes(home) && !/^\s*\d+\s+Z/.test(line));
}

test('starts in order, says where it is, and stops in order at one Ctrl-C told three times', async () => {
  const product = await ready(await startNew());
  const run = product.run();
  expect(run).toMatchObject({ pid: product.child.pid, engines: { store: 'embedded' } });
  expect(run.logins).toEqual([{ email: 'a@example.test', password: 'p', role: 'analyst' }]);
  expect(statSync(join(product.home, 'run.json')).mode & 0o777).toBe(0o600);
  await product.says('Sign in as analyst: http://x/l');
  expect((await answer(product)).database).toMatch(/^postgres:\/\/relance:/);
  expect(await ask(run, 'select 1 + 1')).toBe('2');

  for (let count = 0; count < 3; count += 1) signalGroup(product, 'SIGINT');
  expect(await product.exited()).toBe(0);
  expect(product.trace().map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'api started',
    'worker started',
    'api stopped',
    'worker stopped',
  ]);
  expect(readRunFile(product.home)).toBeUndefined();
  expect(livingChildren(product.home)).toEqual([]);
  expect(leftOn(product.home)).toEqual([]);

  const again = await ready(start(product.home, product.env));
  expect(again.run().writeKey).toBe(run.writeKey);
  again.child.kill('SIGHUP');
  expect(await again.exited()).toBe(0);
});

test('a second start on a live home says its address and exits 0', async () => {
  const product = await ready(await startNew());
  const second = start(product.home, product.env);
  expect(await second.exited()).toBe(0);
  expect(second.output()).toContain(`Relance is running already: ${product.run().url}`);
  expect((await answer(product)).database).toBeDefined();
});

test('with --json stdout is one document: where it runs, that it ran already, or why not', async () => {
  const product = await ready(await startNew({}, ['--json']));
  const { url, pid } = product.run();
  // It is written after run.json, by which readiness is known here.
  expect(await waitUntil(() => product.stdout().endsWith('\n'), 10_000)).toBe(true);
  expect(JSON.parse(product.stdout())).toMatchObject({
    isNew: true,
    url,
    pid,
    home: product.home,
    engines: { store: 'embedded' },
    signIn: { analyst: 'http://x/l' },
  });
  const second = start(product.home, product.env, ['--json']);
  expect(await second.exited()).toBe(0);
  expect(JSON.parse(second.stdout())).toMatchObject({ isNew: false, url, pid });
  signalGroup(product, 'SIGINT');
  expect(await product.exited()).toBe(0);
  expect(product.output()).toContain('Relance has stopped.');
  expect(JSON.parse(product.stdout())).toMatchObject({ isNew: true });

  const refused = start(product.home, { ...product.env, KAFKA_BROKERS: 'k:9092' }, ['--json']);
  expect(await refused.exited()).toBe(1);
  expect(JSON.parse(refused.stdout())).toMatchObject({
    error: {
      code: 'RLN-0103',
      message: expect.stringContaining('KAFKA_BROKERS') as string,
      exitCode: 1,
    },
  });
  const routed = { ...product.env, RELANCE_CLOCK: 'now@60', SMTP_URL: 'smtp://127.0.0.1:1' };
  const unsafe = start(product.home, routed, ['--json']);
  expect(await unsafe.exited()).toBe(1);
  expect(JSON.parse(unsafe.stdout())).toMatchObject({ error: { code: 'RLN-0104', exitCode: 1 } });
  const wrong = start(product.home, { ...product.env, PORT: 'eighty' }, ['--json']);
  expect(await wrong.exited()).toBe(1);
  expect(JSON.parse(wrong.stdout())).toMatchObject({ error: { code: 'RLN-0101', exitCode: 1 } });
  const failing = start(product.home, { ...product.env, TEST_FAILS: 'worker' }, ['--json']);
  expect(await failing.exited(40_000)).toBe(1);
  expect(JSON.parse(failing.stdout())).toMatchObject({
    error: { message: expect.stringContaining('exit code 3') as string, exitCode: 1 },
  });
});

test('what dies is started again, the rest goes on', async () => {
  const product = await ready(await startNew());
  const roles = ['postgres', 'api', 'worker', 'clickhouse'];
  const [postgres, api, worker, clickhouse] = roles.map((role) => childOf(product, role));
  process.kill(api?.pid ?? 0, 'SIGKILL');
  process.kill(postgres?.pid ?? 0, 'SIGKILL');
  process.kill(clickhouse?.pid ?? 0, 'SIGKILL');
  const returned = (role: string, before?: ChildRecord): boolean =>
    livingChildren(product.home).some((child) => child.role === role && child.pid !== before?.pid);
  expect(
    await waitUntil(
      () =>
        returned('api', api) &&
        returned('postgres', postgres) &&
        returned('clickhouse', clickhouse),
      20_000,
    ),
  ).toBe(true);
  expect(childOf(product, 'worker').pid).toBe(worker?.pid);
  const before = postgres?.pid;
  expect(childOf(product, 'postgres').pid).not.toBe(before);
});

test('after SIGKILL of the whole group the next start takes over; nothing is left twice', async () => {
  const product = await ready(await startNew());
  const before = childOf(product, 'postgres');
  const url = (await answer(product)).database;
  signalGroup(product, 'SIGKILL');
  await product.exited();
  expect(readRunFile(product.home)).toBeDefined();

  const next = await ready(start(product.home, product.env));
  expect(childOf(next, 'postgres').pid).toBe(before.pid);
  expect((await answer(next)).database).toBe(url);
  expect(next.run().pid).toBe(next.child.pid);
  const stopped = next.trace().filter((line) => line.includes('stopped'));
  expect(stopped.map((line) => line.split(' ')[0]).sort()).toEqual(['api', 'worker']);
  signalGroup(next, 'SIGINT');
  expect(await next.exited()).toBe(0);
  expect(leftOn(product.home)).toEqual([]);
});

test('five kills in a row, some during the start, end in one running product', async () => {
  let product = await startNew();
  for (const moment of ['supervisor', 'postgres', 'api', 'worker', 'ready']) {
    const reached = (): boolean =>
      moment === 'supervisor'
        ? existsSync(join(product.home, 'home.json'))
        : moment === 'ready'
          ? product.output().includes('is ready')
          : livingChildren(product.home).some(({ role }) => role === moment);
    expect(await waitUntil(reached, 30_000)).toBe(true);
    signalGroup(product, 'SIGKILL');
    await product.exited();
    product = start(product.home, product.env);
  }
  await ready(product);
  const roles = livingChildren(product.home).map(({ role }) => role);
  expect(roles.sort()).toEqual(['api', 'clickhouse', 'postgres', 'worker']);
}, 180_000);

test('a busy port that was asked for is refused by name', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => blocker.once('listening', resolve));
  const address = blocker.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const refused = await startNew({ PORT: String(port) });
    expect(await refused.exited()).toBe(1);
    expect(refused.output()).toMatch(new RegExp(`RLN-0105 Port ${port} \\(PORT\\) is taken`));
    expect(leftOn(refused.home)).toEqual([]);
  } finally {
    blocker.close();
  }
});

test('a stop during the start leaves nothing running', async () => {
  const product = await startNew();
  await waitUntil(() => livingChildren(product.home).length > 0, 20_000, 5);
  signalGroup(product, 'SIGTERM');
  expect(await product.exited()).toBe(0);
  expect(leftOn(product.home)).toEqual([]);
});

test('parts that do not stop are ended, all within 10 s', async () => {
  const product = await ready(await startNew({ TEST_HANGS: 'api worker' }));
  const sinceMs = performance.now();
  signalGroup(product, 'SIGTERM');
  expect(await product.exited(10_000)).toBe(0);
  expect(performance.now() - sinceMs).toBeLessThan(10_000);
  expect(leftOn(product.home)).toEqual([]);
});

test('engines that run elsewhere are not started here', async () => {
  const product = await ready(
    await startNew({
      DATABASE_URL: 'postgres://someone:secret@db.example.test/x',
      CLICKHOUSE_URL: 'http://reader:other@columns.example.test:8123/sales',
    }),
  );
  const roles = livingChildren(product.home).map(({ role }) => role);
  expect(roles.toSorted()).toEqual(['api', 'worker']);
  expect((await answer(product)).database).toBeUndefined();
  expect(product.run()).toMatchObject({
    engines: { store: 'external', analytics: 'external', log: 'embedded', runtime: 'embedded' },
    clickhouse: {
      url: 'http://columns.example.test:8123',
      database: 'sales',
      user: 'reader',
      password: 'other',
    },
  });
  expect(product.output()).not.toMatch(/secret|other/);
});

test('a part that cannot start ends the attempt with its reason, and stops the others', async () => {
  const product = await startNew({ TEST_FAILS: 'worker' });
  expect(await product.exited(40_000)).toBe(1);
  expect(product.output()).toContain('exit code 3');
  expect(leftOn(product.home)).toEqual([]);
});

test('a home of a newer version is refused with what to do', async () => {
  const { env, home } = await newPlace();
  homes.push(home);
  writeFileSync(join(home, 'home.json'), JSON.stringify({ id: 'x', schema: 99, engines: {} }));
  const product = start(home, env);
  expect(await product.exited()).toBe(1);
  expect(product.output()).toContain('Update Relance');
  expect(readFileSync(join(home, 'home.json'), 'utf8')).toContain('99');
});
