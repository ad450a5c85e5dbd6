import { afterAll, expect, test } from 'vitest';
import { lint, plant, type Fixture } from './fixture.js';

const fixtures: Fixture[] = [];
afterAll(() => fixtures.forEach((fixture) => fixture.remove()));

const PURE = [
  'kernel',
  'expression',
  'segment',
  'profile',
  'scenario',
  'policy',
  'decision',
  'attribution',
];
const GLOBALS = 'eslint(no-restricted-globals)';
const PROPERTIES = 'eslint(no-restricted-properties)';
const IMPORTS = 'eslint(no-restricted-imports)';
const ENVIRONMENT = 'node(no-process-env)';

type Row = readonly [file: string, source: string, ...rules: string[]];

function found(rows: readonly Row[], ...args: readonly string[]): readonly string[] {
  const fixture = plant(Object.fromEntries(rows.map(([file, source]) => [file, `${source}\n`])));
  fixtures.push(fixture);
  return lint(fixture.dir, [...args, 'libs', 'apps']);
}

const expected = (rows: readonly Row[]): readonly string[] =>
  rows.flatMap(([file, , ...rules]) => rules.map((rule) => `${file}: ${rule}`)).sort();

const manyLines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `export const a${index} = ${index};`).join('\n');
const longFunction = (count: number): string =>
  `export function f(g: (n: number) => void): void {\n${Array.from({ length: count }, (_, index) => `  g(${index});`).join('\n')}\n}`;

const RULES: readonly Row[] = [
  ...PURE.map((name): Row => [`libs/${name}/src/now.ts`, 'export const t = Date.now();', GLOBALS]),
  ['libs/policy/src/chance.ts', 'export const r = Math.random();', PROPERTIES],
  ['libs/policy/src/zone.ts', 'export const z = new Intl.NumberFormat();', GLOBALS],
  ['libs/policy/src/around.ts', 'export const g = globalThis;', GLOBALS],
  ['libs/policy/src/wait.ts', 'setTimeout(() => undefined, 1);', GLOBALS],
  ['libs/policy/src/env.ts', 'export const e = process.env;', GLOBALS, ENVIRONMENT],
  ['libs/policy/src/file.ts', "export * from 'node:fs';", IMPORTS],
  ['libs/application/src/now.ts', 'export const t = Date.now();', PROPERTIES],
  ['libs/runtime-embedded/src/chance.ts', 'export const r = Math.random();', PROPERTIES],
  ['libs/adapter-postgres/src/env.ts', "export const e = process.env['PORT'];", ENVIRONMENT],
  ['apps/api/src/env.ts', 'export const e = process.env;', ENVIRONMENT],
  ['apps/api/src/side-door.ts', "export { env } from 'node:process';", IMPORTS],
  ['apps/api/src/default.ts', 'export default 1;', 'import(no-default-export)'],
  ['apps/api/src/any.ts', 'export const a: any = 1;', 'typescript(no-explicit-any)'],
  ['apps/api/src/long.ts', manyLines(401), 'eslint(max-lines)'],
  ['apps/api/src/long-function.ts', longFunction(60), 'eslint(max-lines-per-function)'],
  [
    'apps/api/src/many.ts',
    'export const f = (a: number, b: number, c: number, d: number, e: number) => a + b + c + d + e;',
    'eslint(max-params)',
  ],
];

const ALLOWED: readonly Row[] = [
  ['libs/config/src/read.ts', "export const e = process.env['PORT'];"],
  ['libs/adapter-calendar/src/zone.ts', 'export const z = new Intl.NumberFormat();'],
  ['libs/policy/src/policy.test.ts', 'export const t = Date.now();'],
  ['apps/api/src/long.ts', manyLines(400)],
  ['apps/api/src/long-function.ts', longFunction(58)],
];

test('each rule sees its violation, and no other rule does', () => {
  expect(found(RULES)).toEqual(expected(RULES));
});

test('what is allowed is let through', () => {
  expect(found(ALLOWED)).toEqual([]);
});

test('rules that need types see a promise nobody waits for and a case nobody handles', () => {
  const rows: readonly Row[] = [
    [
      'libs/application/src/lost.ts',
      'export const save = (): Promise<void> => Promise.resolve();\nsave();',
      'typescript(no-floating-promises)',
    ],
    [
      'libs/application/src/cases.ts',
      "export function f(x: 'a' | 'b'): number {\n  switch (x) {\n    case 'a':\n      return 1;\n  }\n  return 0;\n}",
      'typescript(switch-exhaustiveness-check)',
    ],
    [
      'libs/application/tsconfig.json',
      '{ "extends": "../../tsconfig.base.json", "include": ["src"] }',
    ],
    ['apps/any.ts', 'export const a = 1;'],
  ];
  expect(found(rows, '--type-aware')).toEqual(expected(rows));
});
