import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './fixture.js';

/** Permissive licences, and the two weak ones that ask nothing of those who only use a library. */
const ALLOWED = new Set(
  [
    'MIT MIT-0 ISC Apache-2.0 BSD-2-Clause BSD-3-Clause 0BSD Unlicense BlueOak-1.0.0 CC0-1.0',
    'CC-BY-3.0 CC-BY-4.0 Python-2.0 PSF-2.0 PostgreSQL Zlib WTFPL MPL-2.0',
  ].flatMap((line) => line.split(' ')),
);

function isAllowed(expression: string): boolean {
  const text = expression.replace(/[()*]/g, '').trim();
  if (text.includes(' OR ')) return text.split(' OR ').some(isAllowed);
  return text.split(' AND ').every((name) => ALLOWED.has(name.trim()));
}

test('every package that runs in production has a licence that permits it', () => {
  const tool = join(
    root,
    'node_modules/license-checker-rseidelsohn/bin/license-checker-rseidelsohn.js',
  );
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [tool, '--production', '--json', '--excludePrivatePackages', '--start', root],
    { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  expect(stderr).toBe('');
  const packages = Object.entries(
    JSON.parse(stdout) as Record<string, { licenses: string | readonly string[] }>,
  );
  expect(packages.length).toBeGreaterThan(50);
  const refused = packages.filter(([, { licenses }]) => ![licenses].flat().every(isAllowed));
  expect(refused.map(([name, { licenses }]) => `${name}: ${[licenses].flat().join()}`)).toEqual([]);
});

test('a choice of licences is allowed by one, a sum of them by all', () => {
  expect(isAllowed('(MIT OR GPL-3.0)')).toBe(true);
  expect(isAllowed('MIT AND GPL-3.0')).toBe(false);
  expect(isAllowed('AGPL-3.0')).toBe(false);
});
