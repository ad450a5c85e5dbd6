import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relance, STACK_TRACE } from './cli.js';

const ROOT = join(import.meta.dirname, '../..');
const CART = 'abandoned-cart.yaml';

let folder: string;
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'relance-tests-'));
  folder = join(home, 'shop');
  await cp(join(ROOT, 'scenarios'), folder, { recursive: true });
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
});

/** Changes a file of the copied workspace, and gives back how to undo it. */
async function change(path: string, from: string, to: string): Promise<() => Promise<void>> {
  const file = join(folder, path);
  const before = await readFile(file, 'utf8');
  expect(before).toContain(from);
  await writeFile(file, before.replace(from, to));
  return async () => await writeFile(file, before);
}

describe('relance test', () => {
  it('runs every test of the sample and says which branches they take', async () => {
    const { code, out } = await relance(['test', 'scenarios']);
    expect(code).toBe(0);
    expect(out).toContain('✓ A Saturday cart is reminded on Monday at 18:30');
    expect(out).toContain('win-back: 13 of 13 (100%)');
    expect(out).toMatch(/^24 passed, 0 failed$/m);
  });

  it('shows what was expected among what happened, at the line of the file', async () => {
    const undo = await change(CART, 'time: "18:30"', 'time: "19:30"');
    const english = await relance(['test', folder, '--scenario', 'abandoned-cart']);
    const french = await relance(['test', folder, '--locale', 'fr']);
    await undo();
    expect([english.code, french.code]).toEqual([1, 1]);
    expect(english.out).toContain('✗ A Saturday cart is reminded');
    expect(english.out).toMatch(/abandoned-cart\.test\.yaml:12:\d+$/m);
    expect(english.out).toMatch(
      /^ +- Mon 2026-03-30 18:30 {2}delivered { action: cart-reminder }$/m,
    );
    expect(english.out).toMatch(/^ +Mon 2026-03-30 19:00 {2}waits at wait_until-1 until Mon 2026/m);
    expect(english.out).not.toContain('win-back');
    expect(french.out).toMatch(/^ +- lun\. 2026-03-30 18:30 {2}envoyé { action: cart-reminder }$/m);
    expect(english.err + french.err).not.toMatch(STACK_TRACE);
  });

  it('lists the branches that no test takes', async () => {
    const undo = await change(
      'welcome.test.yaml',
      'event: profile_completed, properties: { form: tastes }',
      'event: page_viewed',
    );
    const { code, out } = await relance(['test', folder, '--scenario', 'welcome']);
    await undo();
    expect(code).toBe(1);
    expect(out).toContain('welcome: 15 of 17 (88%)');
    expect(out).toContain('not taken: answered: matched');
  });

  it('tells a problem of a file before it runs anything', async () => {
    const undo = await change('welcome.test.yaml', 'event: signed_up', 'evnt: signed_up');
    const { code, out, err } = await relance(['test', folder]);
    const linted = await relance(['lint', folder]);
    await undo();
    expect(code).toBe(1);
    expect(out).toMatch(/^welcome\.test\.yaml:\d+:\d+ error RLN-1101 /m);
    expect(out).not.toContain('✓');
    expect(err).toContain('1 error');
    expect(linted.code).toBe(1);
  });

  it('gives programs one document', async () => {
    const run = await relance(['test', folder, '--scenario', 'win-back', '--json']);
    expect(run.json()).toMatchObject({
      isPassed: true,
      tests: expect.arrayContaining([
        expect.objectContaining({ scenario: 'win-back', isPassed: true, failures: [] }),
      ]) as unknown,
      coverage: [{ scenario: 'win-back', untaken: [] }],
    });
  });

  it('runs again when a file changes, and ends on Ctrl-C', async () => {
    const child = spawn(
      process.execPath,
      [join(ROOT, 'dist/apps/cli/src/main.js'), 'test', folder, '--scenario', 'welcome', '--watch'],
      { cwd: ROOT, env: { PATH: process.env['PATH'], LANG: 'en_GB.UTF-8' } },
    );
    let out = '';
    let waits = 0;
    const heard: (() => void)[] = [];
    const waiting = (count: number): Promise<void> =>
      new Promise((resolve) => {
        heard.push(() => waits >= count && resolve());
        heard.at(-1)?.();
      });
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      waits += text.split('Waiting for a change').length - 1;
      for (const hear of heard) hear();
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await waiting(1);
    const undo = await change('welcome.yaml', 'wait: 15m', 'wait: 16m');
    await waiting(2);
    expect(out).toContain('6 passed, 0 failed');
    expect(out).toContain('✗ A story after a quarter of an hour');
    await undo();
    await waiting(3);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });
});
