import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { canEnter, serverAccount } from './account.js';
import { findBinaries } from './binaries.js';
import { dataPlace } from './place.js';

const base = mkdtempSync(join(tmpdir(), 'relance-place-'));
chmodSync(base, 0o755);
afterAll(() => rmSync(base, { recursive: true, force: true }));

const account = serverAccount(join(base, 'nothing'));
const isRoot = process.getuid?.() === 0;

test('an ordinary account runs the server itself, on the folder asked for', () => {
  const homeDir = join(base, 'plain');
  const dataDir = join(homeDir, 'postgres');
  const place = dataPlace({ account: undefined, dataDir, homeDir, sharedDir: '' });
  expect(place).toBe(dataDir);
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
});

// Only root has another account run the server.
test.skipIf(!isRoot)('root: a closed home of ours lets the account pass, not look', () => {
  const homeDir = join(base, 'home');
  mkdirSync(homeDir, { mode: 0o700 });
  const dataDir = join(homeDir, 'postgres');
  const place = dataPlace({ account, dataDir, homeDir, sharedDir: join(base, 'shared') });
  expect(place).toBe(dataDir);
  expect(statSync(homeDir).mode & 0o777).toBe(0o710);
  expect(statSync(homeDir).uid).toBe(0);
  expect(account !== undefined && canEnter(account, dataDir)).toBe(true);
});

test.skipIf(!isRoot)('root: where the account cannot get, data and programs lie elsewhere', () => {
  const closed = join(base, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  const homeDir = join(closed, 'home');
  const dataDir = join(homeDir, 'postgres');
  const sharedDir = join(base, 'shared');
  const options = { account, dataDir, homeDir, sharedDir };
  const place = dataPlace(options);
  expect(place.startsWith(join(sharedDir, 'data-'))).toBe(true);
  expect(dataPlace(options)).toBe(place);
  expect(statSync(closed).mode & 0o777).toBe(0o700);

  const packaged = findBinaries(account, sharedDir);
  const copied = findBinaries(account, sharedDir, true);
  expect(copied).toMatchObject({ copied: true, version: packaged.version });
  expect(copied.nativeDir.startsWith(sharedDir)).toBe(true);
  expect(existsSync(copied.postgres)).toBe(true);
  expect(findBinaries(account, sharedDir, true).nativeDir).toBe(copied.nativeDir);
});
