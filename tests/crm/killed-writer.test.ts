import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database, PostgresCrmOutbox } from '#libs/adapter-postgres';
import type { OutboxDraft } from '#libs/application';
import type { PublishPoint } from '#libs/crm-file';
import { openTestStore, type TestStore } from '#libs/testkit';
import { bundle, runProgram } from './run-program.js';

let testStore: TestStore;
let home: string;
let child: string;
beforeAll(async () => {
  testStore = await openTestStore();
  home = await mkdtemp(join(tmpdir(), 'relance-crm-kill-'));
  child = await bundle(join(import.meta.dirname, 'push-child.ts'), join(home, 'program'));
});
afterAll(async () => {
  await testStore.close();
  await rm(home, { recursive: true, force: true });
});

const campaign = { id: 'panier', name: 'Relance "panier"' };
const at = '2026-11-14T10:00:00.000Z';

function drafts(): readonly OutboxDraft[] {
  return Array.from({ length: 40 }, (_, index): OutboxDraft => {
    const contact = `customer_id:C${index}`;
    const base = { key: `k${index}`, contact: { externalId: `C${index}` } };
    const body = '=1+1, "é"\nligne';
    return {
      contact,
      mergeKey: null,
      ref: null,
      command:
        index % 2 === 0
          ? { ...base, type: 'membership', campaign, status: 'sent', at }
          : { ...base, type: 'activity', subject: campaign.name, body, at, campaign },
    };
  });
}

async function filled(): Promise<string> {
  const url = await testStore.freshUrl();
  const database = new Database({ url, maxConnections: 1 });
  const outbox = new PostgresCrmOutbox(database);
  await database.transaction((tx) => outbox.enqueue(tx, 'file', drafts()));
  await database.close();
  return url;
}

async function written(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const name of (await readdir(join(folder, 'out'))).sort()) {
    files[name] = await readFile(join(folder, 'out', name), 'utf8');
  }
  return files;
}

/** Where a writer dies: the moment, and in which of the files it writes. */
type Death = readonly [point: PublishPoint, inFile: number];

/** Kills between the end of writing a file and its renaming. */
const BETWEEN: readonly Death[] = [
  ['written', 1],
  ['synced', 1],
  ['written', 2],
  ['written', 1],
  ['synced', 2],
  ['synced', 1],
  ['written', 2],
  ['synced', 1],
  ['synced', 2],
  ['written', 1],
];
const AROUND: readonly Death[] = [
  ['opened', 1],
  ['renamed', 1],
  ['published', 1],
  ['opened', 1],
  ['renamed', 1],
];
/** Those between, with one of the others after every second. */
const DEATHS = BETWEEN.flatMap((death, index) => [
  death,
  ...(index % 2 === 1 ? AROUND.slice((index - 1) / 2, (index + 1) / 2) : []),
]);

const isAside = (name: string): boolean => name.startsWith('.');

test.each(['jsonl', 'csv'])(
  'killed at any moment, the writer of %s leaves the files of an undisturbed run',
  async (format) => {
    const calm = join(home, `calm-${format}`);
    const ended = await runProgram(child, [await filled(), calm, format]);
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    const expected = await written(calm);
    expect(Object.keys(expected)).toHaveLength(6);
    const killed = join(home, `killed-${format}`);
    const url = await filled();
    let between = 0;
    for (const [point, inFile] of DEATHS) {
      const death = await runProgram(child, [url, killed, format, point, String(inFile)]);
      expect(death.signal ?? death.stderr).toBe('SIGKILL');
      const left = Object.entries(await written(killed));
      for (const [name, text] of left) if (!isAside(name)) expect(text).toBe(expected[name]);
      // A whole text under the name it is given aside: written, and not yet renamed.
      const aside = left.filter(([name]) => isAside(name));
      between += aside.filter(
        ([name, text]) => text === expected[name.slice(1).replace(/\.tmp$/, '')],
      ).length;
    }
    expect(between).toBe(BETWEEN.length);
    const last = await runProgram(child, [url, killed, format]);
    expect(last).toMatchObject({ code: 0, stderr: '' });
    expect(await written(killed)).toEqual(expected);
  },
  120_000,
);
