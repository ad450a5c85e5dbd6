import { existsSync } from 'node:fs';
import { inRoot } from './lib/places.mjs';
import { runQuietly } from './lib/run.mjs';
import { main, say, tell } from './lib/say.mjs';
import { setUp } from './setup.mjs';

// Named, because the tools take minutes over node_modules.
const CODE = ['apps', 'libs', 'tests', 'bench', 'scripts'].filter((dir) => existsSync(inRoot(dir)));
const TEXT = [
  'docs',
  '.ci',
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'tsconfig.json',
].filter((path) => existsSync(inRoot(path)) && path !== '.ci');
const tool = (path) => inRoot('node_modules', ...path.split('/'));
const vitest = (...args) => [tool('vitest/vitest.mjs'), 'run', '--reporter=dot', ...args];

/** Longest first: two run at a time. Types come before lint, which reads them. */
const CHECKS = [
  { name: { fr: 'types', en: 'types' }, args: [tool('typescript/bin/tsc'), '-b'] },
  {
    name: { fr: 'tests unitaires', en: 'unit tests' },
    // One process for all files is a quarter faster; `npm test` gives each its own.
    args: vitest('libs', 'apps', '--exclude=**/*.server.test.ts', '--maxWorkers=2', '--no-isolate'),
  },
  {
    name: { fr: 'types des tests', en: 'types of tests' },
    args: [tool('typescript/bin/tsc'), '-p', 'tests'],
  },
  {
    name: { fr: 'types de la console', en: 'types of the console' },
    args: [tool('typescript/bin/tsc'), '-p', 'apps/console', '--noEmit'],
  },
  {
    name: { fr: 'analyse (oxlint)', en: 'lint (oxlint)' },
    args: [tool('oxlint/bin/oxlint'), '--type-aware', '--deny-warnings', ...CODE],
  },
  {
    name: { fr: 'mise en forme (prettier)', en: 'format (prettier)' },
    args: [tool('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', ...CODE, ...TEXT],
  },
  {
    name: { fr: 'architecture', en: 'architecture' },
    args: vitest('tests/architecture', '--maxWorkers=1'),
  },
];

async function runCheck({ name, args }) {
  const startMs = performance.now();
  const { code, output } = await runQuietly(process.execPath, args);
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  process.stdout.write(`${code === 0 ? '✓' : '✗'} ${tell(name)} (${seconds} s)\n`);
  if (code !== 0) process.stdout.write(`${output.trim()}\n`);
  return code === 0;
}

async function runAll(checks) {
  const waiting = [...checks];
  let failed = 0;
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      if (!(await runCheck(check))) failed += 1;
    }
  };
  await Promise.all([worker(), worker()]);
  return failed;
}

await main(async () => {
  // Types are one of the checks: nothing is built before them.
  if (!(await setUp(() => undefined))) return;
  const failed = await runAll(CHECKS);
  if (failed === 0) return say({ fr: 'Tout est en ordre.', en: 'All is in order.' });
  say({ fr: `${failed} contrôle(s) en échec.`, en: `${failed} check(s) failed.` });
  process.exitCode = 1;
});
