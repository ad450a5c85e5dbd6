import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { identify } from '../process/identity.js';
import { childrenFile, livingChildren } from './children-file.js';
import { releaseHome, takeHome } from './home-lock.js';
import { askHome, openHome } from './home-socket.js';
import { openHomeStamp, stampEngine } from './home-stamp.js';

const base = mkdtempSync(join(tmpdir(), 'relance-home-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

function newHome(name: string): string {
  const dir = join(base, name);
  mkdirSync(dir);
  return dir;
}

test.each([['short'], ['long-'.repeat(30)]])(
  'a live home answers, a closed one does not: %s',
  async (name) => {
    const home = newHome(name);
    expect(await askHome(home)).toBeUndefined();
    const answer = { homeId: 'h', pid: 7, url: 'http://127.0.0.1:1' };
    const door = await openHome(home, () => answer);
    expect(await askHome(home)).toEqual(answer);
    door.close();
    expect(await askHome(home)).toBeUndefined();
  },
);

test('a door left behind by a killed supervisor is no sign of life, and is replaced', async () => {
  const home = newHome('left');
  writeFileSync(join(home, 'supervisor.sock'), '');
  expect(await askHome(home)).toBeUndefined();
  const door = await openHome(home, () => ({ homeId: 'h', pid: 7 }));
  expect(await askHome(home)).toEqual({ homeId: 'h', pid: 7 });
  door.close();
});

test('one process takes a home; a lock whose holder is gone does not count', async () => {
  const home = newHome('lock');
  expect(takeHome(home)).toBe(true);
  expect(takeHome(home)).toBe(false);
  releaseHome(home);
  expect(takeHome(home)).toBe(true);

  const gone = spawn(process.execPath, ['-e', '']);
  const identity = identify(gone.pid ?? 0);
  await once(gone, 'exit');
  writeFileSync(join(home, 'supervisor.lock'), JSON.stringify(identity));
  expect(takeHome(home)).toBe(true);
});

test("a stranger with the same pid is nobody's child", () => {
  const home = newHome('children');
  const ours = identify(process.pid) ?? { pid: 0, startTime: '' };
  const file = childrenFile(home);
  file.record('api', ours);
  file.record('worker', { pid: process.pid, startTime: 'another boot:1' });
  expect(livingChildren(home)).toEqual([{ role: 'api', ...ours }]);
  file.forget('api');
  expect(livingChildren(home)).toEqual([]);
});

test('a home keeps its id, and one of another version is refused with what to do', () => {
  const home = newHome('stamp');
  const made = openHomeStamp(home);
  stampEngine(home, 'postgres', '18.4');
  const again = openHomeStamp(home);
  expect(again).toMatchObject({ ok: true, value: { engines: { postgres: '18.4' } } });
  expect(made.ok && again.ok && made.value.id === again.value.id).toBe(true);
  for (const [schema, hint] of [
    [99, /Update Relance/],
    [0, /relance restore/],
  ] as const) {
    writeFileSync(join(home, 'home.json'), JSON.stringify({ id: 'x', schema, engines: {} }));
    const refused = openHomeStamp(home);
    expect(refused.ok ? '' : refused.error['en']).toMatch(hint);
  }
  expect(existsSync(join(home, 'home.json'))).toBe(true);
});
