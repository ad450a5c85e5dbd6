import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { checkoutDir } from '#libs/config';
import { isAlive, type ProcessIdentity } from '../process/identity.js';
import { waitUntil } from '../process/wait.js';
import { startPostgres, type PostgresServer } from './server.js';

const home = mkdtempSync(join(tmpdir(), 'relance-pg-'));
const options = { dataDir: join(home, 'data'), password: 'secret1' };
const started: PostgresServer[] = [];

async function start(): Promise<PostgresServer> {
  const server = await startPostgres(options);
  started.push(server);
  return server;
}

async function query(server: PostgresServer, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

afterAll(async () => {
  for (const server of started) await server.stop();
  rmSync(home, { recursive: true, force: true });
});

test('keeps its data over a stop, a kill and a stale pid file', async () => {
  const first = await start();
  expect(first.adopted).toBe(false);
  await query(first, "create table t (name text); insert into t values ('é')");
  await first.stop();
  expect(isAlive(first.identity)).toBe(false);

  const second = await start();
  second.kill();
  await expect(second.ended).resolves.toEqual({ exitCode: null, signal: 'SIGKILL' });
  const third = await start();
  expect(await query(third, 'select name, length(name) from t')).toEqual([
    { name: 'é', length: 1 },
  ]);

  const again = await start();
  expect(again).toMatchObject({ adopted: true, pid: third.pid, url: third.url });
  expect(await query(again, 'show synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
  await again.stop();
  await third.ended;

  writeFileSync(join(third.dataDir, 'postmaster.pid'), `${process.pid}\n${third.dataDir}\n0\n1\n`);
  const fourth = await start();
  expect(await query(fourth, 'select count(*)::int as n from t')).toEqual([{ n: 1 }]);
});

test('an interrupted first layout is done again, a folder of something else is refused', async () => {
  const dataDir = join(home, 'partial');
  mkdirSync(`${dataDir}.new-1`);
  writeFileSync(join(`${dataDir}.new-1`, 'PG_VERSION'), 'cut short');
  const server = await startPostgres({ dataDir, password: 'x', durable: false });
  started.push(server);
  expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(existsSync(`${dataDir}.new-1`)).toBe(false);

  const other = join(home, 'photos');
  mkdirSync(other);
  writeFileSync(join(other, 'holiday.jpg'), '');
  await expect(startPostgres({ dataDir: other, password: 'x' })).rejects.toMatchObject({
    code: 'data_unusable',
  });
});

test('data of another major version is refused with what to do', async () => {
  const server = await startPostgres({ dataDir: join(home, 'old'), password: 'x', durable: false });
  await server.stop();
  writeFileSync(join(server.dataDir, 'PG_VERSION'), '17\n');
  await expect(startPostgres({ dataDir: join(home, 'old'), password: 'x' })).rejects.toThrow(
    /relance restore/,
  );
});

test('refuses a wrong password and other folders stay closed', async () => {
  const server = await start();
  const client = new pg.Client({ connectionString: server.url.replace('secret1', 'wrong') });
  await expect(client.connect()).rejects.toThrow(/password authentication failed/);
  expect(statSync(home).mode & 0o007).toBe(0);
  expect(statSync(server.dataDir).mode & 0o077).toBe(0);
});

test('a server asked to ends with its starter, even a killed one', async () => {
  const built = join(checkoutDir(), 'dist', 'libs', 'embedded', 'src', 'index.js');
  const script = `
    const { startPostgres } = await import(process.argv[1]);
    const options = { dataDir: process.argv[2], password: 'x', durable: false, endsWithUs: true };
    const server = await startPostgres(options);
    console.log(JSON.stringify(server.identity));
    process.kill(process.pid, 'SIGKILL');`;
  const args = ['--input-type=module', '-e', script, built, join(home, 'watched')];
  const { stdout, signal } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(signal).toBe('SIGKILL');
  const identity = JSON.parse(stdout) as ProcessIdentity;
  expect(await waitUntil(() => !isAlive(identity), 10_000)).toBe(true);
});
