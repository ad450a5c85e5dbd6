import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestStore, type TestStore } from '#libs/testkit';
import { consoleWorld, type ConsoleWorld } from '../console-api/world.js';
import { known } from '../engine/world.js';
import { relance, type CliRun } from './cli.js';
import { homeOf } from './home.js';

const START_MS = Date.parse('2026-03-30T10:00:00+02:00');
const DAY_MS = 86_400_000;
const WORKSPACE = 'tests/workspaces/pipeline';
const GUIDES = {
  en: { page: 'docs/guides/marketer.md', title: '### Changing a scenario that people are in' },
  fr: { page: 'docs/guides/marketer.fr.md', title: '### Changer un scénario où il y a du monde' },
} as const;

let store: TestStore;
let world: ConsoleWorld;
let home: string;
let folder: string;

const run = (...args: string[]): Promise<CliRun> => relance(args, { RELANCE_HOME: home });
beforeAll(async () => {
  store = await openTestStore();
  world = await consoleWorld(await store.fresh(), { workspace: WORKSPACE, startMs: START_MS });
  home = await homeOf(world.url);
  folder = join(home, 'my-shop');
  await cp(WORKSPACE, folder, { recursive: true });
});
afterAll(async () => {
  await world.close();
  await store.close();
  await rm(home, { recursive: true, force: true });
});

/** The two versions of a guide's chapter, and what it says the plan prints. */
async function chapterOf(locale: 'en' | 'fr') {
  const { page, title } = GUIDES[locale];
  const text = await readFile(join(import.meta.dirname, '../..', page), 'utf8');
  const [, chapter = ''] = text.split(`${title}\n`);
  const [before = '', after = ''] = [...chapter.matchAll(/```yaml\n([^`]+)```/g)].map(
    ([, yaml]) => yaml ?? '',
  );
  const [, plan = ''] = /```text\n([^`]+)```/.exec(chapter) ?? [];
  return { before, after, plan };
}

const publish = async (text: string, ...args: string[]): Promise<CliRun> => {
  await writeFile(join(folder, 'after-order.yaml'), text);
  await world.console.options.workspace.refresh();
  const [command = 'apply', ...rest] = args;
  const done = await run(command, folder, ...rest);
  await world.engine.engine.workspace.refresh();
  return done;
};

async function enter(prefix: string, people: number): Promise<void> {
  const names = Array.from({ length: people }, (_, index) => `${prefix}-${index}`);
  await world.engine.send(names.flatMap((name) => known(name)));
  await world.engine.send(
    names.map((user_id) => ({
      name: 'order_completed',
      ids: { user_id },
      properties: { order_id: user_id, total: 20 },
    })),
  );
  await world.engine.settle();
}

const standing = async () =>
  (
    await world.console.options.database.query<{ step_id: string; hash: string; n: number }>(
      `SELECT step_id, left(definition, 12) AS hash, count(*)::int AS n FROM enrolment
       WHERE scenario = 'after-order' GROUP BY 1, 2 ORDER BY 1, 2`,
    )
  ).rows.map((row) => [row.step_id, row.hash, row.n]);

it('the guide’s example: planned as it says, refused without redirects, moved, and taken back', async () => {
  const { before, after, plan } = await chapterOf('en');
  const french = await chapterOf('fr');
  expect([french.before, french.after]).toEqual([before, after]);
  expect((await publish(before)).code).toBe(0);
  await enter('old', 5);
  world.engine.clock.advance(4 * DAY_MS);
  await world.engine.settle();
  await enter('new', 3);
  const [[, first] = []] = await standing();

  const planned = await publish(after, 'plan');
  const changes = planned.out.slice(planned.out.indexOf('Scenario “after-order”'));
  expect(changes.replaceAll(String(first), 'c0ffee123456')).toBe(plan);
  const { changes: given } = (await run('plan', folder, '--json')).json() as {
    changes: { id: string; scenario?: { onChange: string; inFlight: unknown[] } }[];
  };
  expect(given.find(({ id }) => id === 'after-order')?.scenario).toMatchObject({
    onChange: 'migrate',
    inFlight: [
      { step: 'wait-1', people: 3, fate: 'moved', to: 'wait-1', reason: null },
      { step: 'before_end', people: 5, fate: 'moved', to: 'quiet', reason: null },
    ],
  });
  const inFrench = await run('plan', folder, '--locale', 'fr');
  const changesInFrench = inFrench.out.slice(inFrench.out.indexOf('Scénario « after-order »'));
  expect(changesInFrench.replaceAll(String(first), 'c0ffee123456')).toBe(french.plan);

  const bare = after.replace(/^redirects: .*\n/m, '');
  expect(bare).not.toBe(after);
  const refused = await publish(bare);
  expect([refused.code, refused.out.match(/error RLN-\d+/g)]).toEqual([1, ['error RLN-1230']]);
  expect(refused.out).toContain('"before_end" of the scenario "after-order" is gone');
  expect(refused.out).toMatch(/those who stand on it: 5\.\n.*"redirects: \{ before_end: /);
  expect((await run('plan', folder, '--json')).json()).toMatchObject({ isPublishable: false });
  expect((await standing()).every(([, hash]) => hash === first)).toBe(true);

  expect((await publish(after)).code).toBe(0);
  await world.engine.settle();
  const moved = await standing();
  expect(moved.map(([step, , people]) => [step, people])).toEqual([
    ['quiet', 5],
    ['wait-1', 3],
  ]);
  expect(moved.some(([, hash]) => hash === first)).toBe(false);
  const listed = (await run('versions')).out;
  expect(listed).toMatch(/^“after-order” → \S{12}: 8 moved, 0 refused, 0 left \(done\)$/m);

  const shown = await run('rollback', '--dry-run');
  expect(shown.out).toMatch(/^Scenario “after-order”: changed/m);
  expect(shown.out).toContain('3 people on “wait-1” of');
  const items = async () =>
    ((await run('versions', '--json')).json() as { items: Record<string, unknown>[] }).items;
  const [current, earlier] = await items();
  const back = await run('rollback');
  expect([back.code, back.err]).toEqual([0, expect.stringContaining('published.')]);
  const [latest] = await items();
  expect(latest).toMatchObject({
    version: Number(current?.['version']) + 1,
    hash: earlier?.['hash'],
    hashBefore: current?.['hash'],
    takesBackTo: earlier?.['version'],
    author: expect.stringMatching(/./),
    isInForce: true,
  });
  // Taken back to what says `pin`: whoever was moved stays, and is said to.
  await world.engine.engine.workspace.refresh();
  await world.engine.settle();
  expect(await standing()).toEqual(moved);
  const unknown = await run('rollback', '9999');
  expect([unknown.code, unknown.err.includes('relance versions')]).toEqual([1, true]);
  const same = await run('rollback', String(latest?.['hash']), '--json');
  expect([same.code, same.json()]).toMatchObject([0, { isNew: false }]);
});
