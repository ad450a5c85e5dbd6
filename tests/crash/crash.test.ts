import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { buildApps } from './built.js';
import { runCrash } from './crash.js';

beforeAll(() => buildApps(['standalone', 'api', 'worker']));

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
