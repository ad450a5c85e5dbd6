import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PostgresPublishedWorkspaces, type Database } from '#libs/adapter-postgres';
import type { Locale } from '#libs/kernel';
import { openTestStore, type TestStore } from '#libs/testkit';
import { publishFolder } from '../../apps/worker/src/publish-folder.js';
import { relance } from './cli.js';

const NOW_MS = Date.parse('2026-03-30T10:00:00+02:00');

let store: TestStore;
let database: Database;
let dir: string;

beforeAll(async () => {
  store = await openTestStore();
  dir = await mkdtemp(join(tmpdir(), 'relance-first-start-'));
});
afterAll(async () => {
  await store.close();
  await rm(dir, { recursive: true, force: true });
});

/** What the first start tells of a folder. */
async function published(folder: string, locale: Locale = 'en'): Promise<string[]> {
  const told: string[] = [];
  const failed = (problem: string): void => void told.push(problem);
  await publishFolder(database, { folder, nowMs: NOW_MS, locale, isSample: false, failed });
  return told;
}

it('publishes what init made, and nothing of the home that lies in it', async () => {
  database = await store.fresh();
  const folder = join(dir, 'shop');
  expect((await relance(['init', folder])).code).toBe(0);
  // By the first start the home in that folder holds the secrets and the databases.
  const home = join(folder, '.relance');
  await writeFile(join(home, 'secrets.json'), '{ "postgresPassword": "hunter2" }');
  await mkdir(join(home, 'postgres', 'base'), { recursive: true });
  await writeFile(join(home, 'postgres', 'base', '1259'), Buffer.from([0, 1, 0xff, 0xfe, 0]));
  await writeFile(join(home, 'postgres', 'PG_VERSION'), '18\n');
  expect(await published(folder)).toEqual([]);
  const current = await new PostgresPublishedWorkspaces(database).current();
  expect(current?.compiled.relance.workspace).toBe('shop');
  const files = await database.query<{ path: string }>(
    'SELECT path FROM workspace_file ORDER BY path',
  );
  expect(files.rows.map(({ path }) => path)).toEqual([
    'policies.yaml',
    'profile.yaml',
    'relance.yaml',
  ]);
});

it('tells what keeps a folder from being published in the language of the process', async () => {
  database = await store.fresh();
  const folder = join(dir, 'broken');
  await relance(['init', folder]);
  await writeFile(join(folder, 'bad.yaml'), 'scenario: bad\nname: { fr: x, en: x }\nstepz: []\n');
  const [english = '', french = ''] = [
    (await published(folder)).find((line) => line.includes('RLN-1101')),
    (await published(folder, 'fr')).find((line) => line.includes('RLN-1101')),
  ];
  expect(english).toBe('bad.yaml:3:1 RLN-1101 There is no key "stepz" here.');
  expect(french).toBe('bad.yaml:3:1 RLN-1101 La clé « stepz » n’existe pas ici.');
});
