import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readRunFile, removeRunFile, writeRunFile } from './run-file.js';
import { loadSecrets } from './secrets.js';

const home = mkdtempSync(join(tmpdir(), 'relance-home-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('secrets are made once, differ, and are closed to others', () => {
  const first = loadSecrets(home);
  expect(new Set(Object.values(first)).size).toBe(Object.keys(first).length);
  expect(loadSecrets(home)).toEqual(first);
  const file = join(home, 'secrets.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);

  chmodSync(file, 0o644);
  loadSecrets(home);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a secret that a newer version needs is added, the others stay', () => {
  const before = loadSecrets(home);
  const file = join(home, 'secrets.json');
  const { webhookSecret: _, ...older } = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify(older));
  const after = loadSecrets(home);
  expect({ ...after, webhookSecret: '' }).toEqual({ ...before, webhookSecret: '' });
  expect(after.webhookSecret).not.toBe('');
  expect(loadSecrets(home)).toEqual(after);
});

test('a broken secrets file is an error, never replaced', () => {
  const other = mkdtempSync(join(tmpdir(), 'relance-home-'));
  writeFileSync(join(other, 'secrets.json'), '{"writeKey":');
  expect(() => loadSecrets(other)).toThrow();
  expect(readFileSync(join(other, 'secrets.json'), 'utf8')).toBe('{"writeKey":');
  rmSync(other, { recursive: true });
});

test('run.json is written whole, read back and removed', () => {
  const run = {
    url: 'http://127.0.0.1:1',
    pid: 1,
    writeKey: 'w',
    apiKey: 'a',
    clickhouse: { url: 'http://127.0.0.1:2', database: 'relance', user: 'analyst', password: 'p' },
    smtpSandbox: { host: '127.0.0.1', port: 3 },
    logins: [],
    engines: { log: 'embedded', runtime: 'embedded', store: 'embedded', analytics: 'embedded' },
  };
  expect(readRunFile(home)).toBeUndefined();
  writeRunFile(home, run);
  expect(statSync(join(home, 'run.json')).mode & 0o777).toBe(0o600);
  expect(readRunFile(home)).toEqual(run);
  removeRunFile(home);
  removeRunFile(home);
  expect(readRunFile(home)).toBeUndefined();
});
