import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { API_REFUSALS, CATALOGUE } from '#libs/contracts';
import { HTTP_PROBLEMS } from '../../apps/api/src/http/problems.js';
import { root } from './fixture.js';

const CATALOGUES =
  /^libs\/contracts\/src\/(?:problems\/|api\/refusals)|^apps\/api\/src\/http\/problems/;
const isTest = (path: string): boolean => /\.test\.tsx?$|^tests\/browser\/suites\//.test(path);

/** Every file of a pattern as one text, less those left out. */
function textOf(pattern: string, isWanted: (path: string) => boolean): string {
  return globSync(pattern, { cwd: root })
    .filter(isWanted)
    .map((path) => readFileSync(join(root, path), 'utf8'))
    .join('\n');
}

const sources = textOf(
  '{libs,apps}/*/src/**/*.{ts,tsx}',
  (path) => !isTest(path) && !CATALOGUES.test(path),
);
// What these tests of the tree name is not raised by it.
const tests = textOf(
  '{libs,apps,tests}/**/*.{ts,tsx}',
  (path) => isTest(path) && !path.startsWith('tests/architecture/'),
);

/** Codes and the quoted words that raise them: the code itself, or the name of a refusal. */
const RAISED_BY: readonly (readonly [code: string, word: string])[] = [
  ...[...Object.keys(CATALOGUE), ...Object.keys(HTTP_PROBLEMS)].map(
    (code) => [code, `'${code}'`] as const,
  ),
  ...Object.entries(API_REFUSALS).map(([name, { code }]) => [code, `'${name}'`] as const),
];

it('nothing keeps a code that nothing raises', () => {
  const dead = RAISED_BY.filter(([, word]) => !sources.includes(word));
  expect(dead.map(([code]) => code)).toEqual([]);
});

it('every code is named by a test that has it raised', () => {
  const untold = RAISED_BY.filter(([code]) => !tests.includes(code));
  expect(untold.map(([code]) => code)).toEqual([]);
});
