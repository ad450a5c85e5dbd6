import { join } from 'node:path';
import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readWorkspaceFolder } from '#libs/application';
import type { Json } from '#libs/kernel';
import { valuesOf, type Words } from './from-schema.js';
import { aliasBomb, gently, wildly, type Files } from './mutations.js';
import { linted, runsAll } from './runs.js';

// For a longer hunt raise these; the seed of a failure is printed with its smallest case.
const WILD_RUNS = 50;
const GENTLE_RUNS = 25;
const SCHEMA_RUNS = 10;
const TIMEOUT_MS = 300_000;
// A run of all tests says the same about the same code; a hunt takes another seed.
const SEED = 20_261_122;

const ROOT = join(import.meta.dirname, '../..');
let sample: Files;
let words: Words;

beforeAll(async () => {
  sample = (await readWorkspaceFolder(join(ROOT, 'scenarios'))).files;
  const texts = [...sample.values()].join('\n');
  words = {
    names: [...new Set(texts.match(/(?<=[\s:[{,])[\w/%:.+-]{2,40}(?=[\s,}\]])/g) ?? [])],
    expressions: [
      ...new Set(
        [...texts.matchAll(/(?:when|value|key|eligible): ([^\n{},#]+)/g)].map(([, cel]) =>
          (cel ?? '').trim().replace(/^"|"$/g, ''),
        ),
      ),
    ],
  };
});

describe('a workspace that was changed', () => {
  it(
    'wildly is linted without a throw, in time, and runs where it is accepted',
    { timeout: TIMEOUT_MS },
    async () => {
      await fc.assert(
        fc.asyncProperty(wildly(sample), fc.nat(), async (files, seed) => {
          const workspace = await linted(files);
          if (workspace !== undefined) await runsAll(workspace, String(seed));
        }),
        { seed: SEED, numRuns: WILD_RUNS },
      );
    },
  );

  it('gently is mostly accepted, and runs then', { timeout: TIMEOUT_MS }, async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(gently(sample), fc.nat(), async (files, seed) => {
        const workspace = await linted(files);
        if (workspace === undefined) return;
        accepted += 1;
        await runsAll(workspace, String(seed));
      }),
      { seed: SEED, numRuns: GENTLE_RUNS },
    );
    expect(accepted).toBeGreaterThan(GENTLE_RUNS / 5);
  });
});

/** Where a file of each kind lies, and the key that names it. */
const PATHS: Readonly<Record<string, string>> = {
  relance: 'relance.yaml',
  profile: 'profile.yaml',
  policies: 'policies.yaml',
  segment: 'segments/made.yaml',
  event: 'events/made.yaml',
  action: 'actions/made.yaml',
  template: 'templates/cart-reminder/template.yaml',
  mapping: 'mappings/made.yaml',
  crm: 'crm/made.yaml',
  scenario: 'made.yaml',
};

describe('a file of whatever its schema allows', () => {
  for (const path of globSync('schemas/*.json', { cwd: ROOT })) {
    const kind = /(\w+)\.json$/.exec(path)?.[1] ?? '';
    const place = PATHS[kind];
    if (place === undefined) continue;
    it(
      `${kind}: is linted without a throw, and runs where it is accepted`,
      { timeout: TIMEOUT_MS },
      async () => {
        const schema = JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as object;
        await fc.assert(
          fc.asyncProperty(valuesOf(schema, words), fc.nat(), async (value: Json, seed) => {
            const files = new Map(sample).set(place, JSON.stringify(value, null, 1));
            const workspace = await linted(files);
            if (workspace !== undefined) await runsAll(workspace, String(seed));
          }),
          { seed: SEED, numRuns: SCHEMA_RUNS },
        );
      },
    );
  }
});

describe('a file made to take long', () => {
  const tries: readonly (readonly [string, string])[] = [
    ['a bomb of aliases', aliasBomb(12)],
    ['a thousand steps within one another', `scenario: x\nsteps: ${'[{split: '.repeat(1_000)}`],
    ['one long name', `scenario: ${'x'.repeat(60_000)}\n`],
    ['one long expression', `scenario: x\nentry: { on: y, when: "${'!'.repeat(60_000)}" }\n`],
    ['many keys', Array.from({ length: 4_000 }, (_, index) => `k${index}: v`).join('\n')],
    ['many steps', `scenario: x\nsteps:\n${'  - wait: 1h\n'.repeat(4_000)}`],
    ['many waits in one another', longNest(12)],
  ];
  it.each(tries)('%s is told in time', async (_name, text) => {
    expect(await linted(new Map(sample).set('made.yaml', text))).toBeUndefined();
  });
});

/** Waits in both branches of waits, each branch twice as many. */
function longNest(levels: number): string {
  const nest = (level: number): string =>
    level === 0
      ? '[ { wait: 1h } ]'
      : `[ { wait_for: { on: page_viewed, up_to: 1h, then: ${nest(level - 1)} } }, { wait: 1h } ]`;
  return `scenario: made\nname: { fr: x, en: x }\npurpose: marketing\nentry: { on: signed_up }\nsteps: ${nest(levels)}\n`;
}
