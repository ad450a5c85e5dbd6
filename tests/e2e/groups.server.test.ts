import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkoutDir } from '#libs/config';
import { openTestStore, type TestStore } from '#libs/testkit';
import { known, ofKind } from '../engine/world.js';
import { HOUR_MS, MONDAY_MS, withFiles, workspace } from './people.js';
import { policies, scenario } from './scenarios.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const PEOPLE = Array.from({ length: 60 }, (_, index) => `u${index}`);
const settings = readFileSync(join(checkoutDir(), workspace, 'relance.yaml'), 'utf8');
const decide = (usual: string): string =>
  `{ decide: { id: pick, actions: [hello, offer], fallback: offer${usual} } }`;
const files = {
  ...policies(),
  'relance.yaml': `${settings}business_as_usual: { share: 50% }\n`,
  ...scenario('usual', {
    steps: [decide(', business_as_usual: hello'), '{ deliver: { decision: pick } }'],
  }),
  ...scenario('plain', { steps: [decide(''), '{ deliver: { decision: pick } }'] }),
};

test('where a scenario names its business as usual, a share of its people always get that', async () => {
  await withFiles(store, files, async (world, database) => {
    await world.send(PEOPLE.flatMap((id) => known(id)));
    await world.settle();
    for (const round of [1, 2]) {
      world.clock.moveTo(MONDAY_MS + round * HOUR_MS);
      await world.send(
        PEOPLE.flatMap((id) =>
          ['usual_asked', 'plain_asked'].map((name) => ({ name, ids: { user_id: id } })),
        ),
      );
      await world.settle();
    }
    const facts = await world.facts();
    const decisions = ofKind(facts, 'decision');
    const groups = new Map<string, Set<string>>();
    for (const { profileId, body } of decisions) {
      const chosen = body.candidates.find(({ action }) => action === body.chosenAction);
      expect(chosen?.propensity).toBe(body.chosenPropensity);
      const sum = body.candidates.reduce((all, { propensity }) => all + propensity, 0);
      expect(sum).toBeCloseTo(1, 9);
      if (body.scenario === 'plain') expect(body.group).toBe('policy');
      if (body.scenario !== 'usual') continue;
      const seen = groups.get(profileId ?? '') ?? new Set();
      groups.set(profileId ?? '', seen.add(body.group));
      if (body.group !== 'rules') continue;
      expect([body.chosenAction, body.chosenPropensity]).toEqual(['hello', 1]);
      expect(body.candidates.map(({ reason }) => reason).sort()).toEqual([
        'business_as_usual',
        'not_business_as_usual',
      ]);
    }
    expect(decisions).toHaveLength(4 * PEOPLE.length);
    // Whoever comes back is in the group they were in.
    expect([...groups.values()].every((seen) => seen.size === 1)).toBe(true);
    const usual = [...groups.values()].filter((seen) => seen.has('rules')).length;
    expect(usual).toBeGreaterThan(PEOPLE.length / 4);
    expect(usual).toBeLessThan((3 * PEOPLE.length) / 4);
    const expected = ofKind(facts, 'scenario').map(
      ({ body }) => [body.scenario, body.groupShares.rules] as const,
    );
    expect(expected).toEqual(
      expect.arrayContaining([
        ['usual', 0.5],
        ['plain', 0],
      ]),
    );
    const stored = await database.query<{ state: string }>('SELECT DISTINCT state FROM delivery');
    expect(stored.rows).toEqual([{ state: 'accepted' }]);
  });
});
