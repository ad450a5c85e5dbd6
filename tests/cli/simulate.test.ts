import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRunFile } from '#libs/config';
import { openTestStore, type TestStore } from '#libs/testkit';
import { engineWorld, known, rawEvent, type EngineWorld } from '../engine/world.js';
import { relance, STACK_TRACE, type CliRun } from './cli.js';

const ROOT = join(import.meta.dirname, '../..');
const START_MS = Date.parse('2026-05-04T10:00:00+02:00');
const HOUR_MS = 3_600_000;
const PEOPLE = 6;
const WINDOW = ['--from', '2026-05-04', '--to', '2026-05-08'];

let testStore: TestStore;
let world: EngineWorld;
let home: string;
let folder: string;
beforeAll(async () => {
  testStore = await openTestStore();
  const database = await testStore.fresh();
  world = await engineWorld(database, { workspace: 'scenarios', startMs: START_MS });
  for (let person = 0; person < PEOPLE; person += 1) {
    const cart = { cart_id: `c${person}`, total: 35 + person };
    const filled = { name: 'cart_updated', ids: { user_id: `u${person}` }, properties: cart };
    await world.send([...known(`u${person}`), rawEvent(filled, world.clock.nowMs())]);
  }
  await world.settle();
  world.clock.advance(60 * HOUR_MS);
  const { ids } = rawEvent({ ids: { user_id: 'u0' } }, 0);
  await world.send([{ name: 'page_viewed', ids }]);
  await world.settle();
  home = await mkdtemp(join(tmpdir(), 'relance-simulate-'));
  folder = join(home, 'shop');
  await cp(join(ROOT, 'scenarios'), folder, { recursive: true });
  writeRunFile(home, {
    url: 'http://127.0.0.1:1',
    pid: process.pid,
    writeKey: 'w',
    apiKey: 'k',
    clickhouse: { url: 'http://127.0.0.1:1', database: 'd', user: 'u', password: 'p' },
    postgres: { url: database.options.url },
    smtpSandbox: { host: 'h', port: 1 },
    logins: [],
    engines: { log: '', runtime: '', store: '', analytics: '' },
  });
});
afterAll(async () => {
  await world.close();
  await testStore.close();
  await rm(home, { recursive: true, force: true });
});

const run = (...args: string[]): Promise<CliRun> =>
  relance(['simulate', ...args], { RELANCE_HOME: home });

describe('relance simulate', () => {
  it('tells what the version in force would do', async () => {
    const { code, out, err } = await run('abandoned-cart', folder, ...WINDOW);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^abandoned-cart: 19 events, 6 profiles$/m);
    expect(out).toMatch(/^people entered +6$/m);
    expect(out).toMatch(/^wait-1: begun +\d$/m);
    expect(out).toMatch(/^18 h, email +\d$/m);
  });

  it('puts the folder’s version beside the one in force, and says how they differ', async () => {
    const file = join(folder, 'abandoned-cart.yaml');
    const before = await readFile(file, 'utf8');
    await writeFile(file, before.replace('>= 30.0', '>= 38.0').replace('"18:30"', '"09:30"'));
    const table = await run('abandoned-cart', folder, ...WINDOW, '--locale', 'fr');
    const document = await run(
      'abandoned-cart',
      folder,
      ...WINDOW,
      '--json',
      '--decisions',
      'stub',
    );
    await writeFile(file, before);
    expect(table.out).toMatch(/^personnes entrées +6 +3 +-3$/m);
    expect(table.out).toMatch(/^18 h, email +\d +0 +-\d$/m);
    const told = document.json() as { versions: { version: string; people: number }[] };
    expect(told.versions.map(({ people }) => people)).toEqual([6, 3]);
    // The version in force is a published one, and can be named.
    const [inForce] = told.versions;
    const named = await run(
      'abandoned-cart',
      folder,
      ...WINDOW,
      '--against',
      inForce?.version ?? '',
    );
    expect(named.code).toBe(0);
  });

  const wrong: readonly (readonly [number, readonly string[]])[] = [
    [2, ['nobody', 'scenarios']],
    [2, ['abandoned-cart', 'scenarios', '--decisions', 'wild']],
    [2, ['abandoned-cart', 'scenarios', '--against', 'zzz']],
    [2, ['abandoned-cart', 'scenarios', '--from', 'yesterday']],
    [2, ['abandoned-cart', 'scenarios', '--from', '2026-05-08', '--to', '2026-05-04']],
    [2, ['abandoned-cart', '/nowhere/at/all']],
  ];
  it.each(wrong)('answers %s to %s, in words', async (exitCode, args) => {
    const { code, out, err } = await run(...args);
    expect(code).toBe(exitCode);
    expect(err).not.toBe('');
    expect(out + err).not.toMatch(STACK_TRACE);
  });

  it('needs an engine that runs', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'relance-nothing-'));
    const { code, err } = await relance(['simulate', 'welcome'], { RELANCE_HOME: empty });
    await rm(empty, { recursive: true, force: true });
    expect(code).toBe(3);
    expect(err).toContain('relance up');
  });
});
