import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { checkoutDir } from '#libs/config';
import { runCrash } from './crash.js';

beforeAll(() => {
  const tsc = join(checkoutDir(), 'node_modules', 'typescript', 'bin', 'tsc');
  const apps = ['standalone', 'api', 'worker'].map((app) => join(checkoutDir(), 'apps', app));
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-b', ...apps], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stdout);
});

test('five SIGKILLs lose nothing, double nothing and leave nobody stuck', async () => {
  const seed = randomUUID().slice(0, 8);
  const lines = [`seed ${seed}`];
  const said = (): string => lines.join('\n');
  const report = await runCrash({
    kills: 5,
    people: 400,
    seed,
    say: (line) => lines.push(line),
  }).catch((error: unknown) => {
    throw new Error(said(), { cause: error });
  });
  expect(report.kills).toHaveLength(5);
  const broken = report.checks.filter(({ isKept }) => !isKept);
  expect(broken, said()).toEqual([]);
}, 180_000);
