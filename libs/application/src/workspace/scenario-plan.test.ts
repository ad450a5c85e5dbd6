import { describe, expect, it } from 'vitest';
import { present } from '#libs/kernel';
import type { Definition } from '#libs/scenario';
import { CART, changed, SAMPLE, type Changes } from '../testing/changed-sample.js';
import { lintWorkspace } from './lint-workspace.js';
import { differencesOf, movedIds } from './scenario-diff.js';
import { planScenario, type PeopleOnStep, type ScenarioPlan } from './scenario-plan.js';

const SCENARIO = 'abandoned-cart';
const definitionOf = (files: ReadonlyMap<string, string>): Definition => {
  const { workspace, problems } = lintWorkspace(files);
  const all = present(workspace, JSON.stringify(problems.slice(0, 3))).definitions;
  return present(
    all.find(({ scenario }) => scenario === SCENARIO),
    SCENARIO,
  );
};
const published = definitionOf(SAMPLE);
const edited = (...edits: readonly (readonly [string, string])[]): Definition => {
  let text = present(SAMPLE.get(CART), CART);
  for (const [before, after] of edits) {
    expect(text).toContain(before);
    text = text.replace(before, after);
  }
  return definitionOf(changed({ [CART]: text } satisfies Changes));
};
const MIGRATE = ['on_change: pin', 'on_change: migrate'] as const;

const on = (stepId: string, people: number, definition: Definition = published): PeopleOnStep => ({
  definition: definition.hash,
  stepId,
  people,
});

function planOf(
  to: Definition | null,
  standing: readonly PeopleOnStep[],
  versions: readonly Definition[] = [published],
): ScenarioPlan {
  return planScenario({ scenario: SCENARIO, from: published, to, versions, standing });
}

const codesOf = ({ problems }: ScenarioPlan): readonly string[] =>
  problems.map(({ code, severity, message }) => `${code} ${severity} ${message['en'] ?? ''}`);

describe('what becomes of people in flight', () => {
  it('keeps everybody under pin, with a word on a step that is gone', () => {
    const to = edited(['- wait: 1h', '- wait: { id: first_hour, for: 1h }']);
    const plan = planOf(to, [on('wait-1', 12), on('came_back', 3), on('', 2)]);
    expect(plan.inFlight.map(({ stepId, fate, reason }) => [stepId, fate, reason])).toEqual([
      ['', 'kept', 'pinned'],
      ['wait-1', 'kept', 'pinned'],
      ['came_back', 'kept', 'pinned'],
    ]);
    expect(codesOf(plan)).toEqual([
      'RLN-1213 warning The step "wait-1" of the scenario "abandoned-cart" is gone: 12 people stand on it.',
    ]);
  });

  it('moves whom it can under migrate, and refuses a step that leads nowhere while people are on it', () => {
    const to = edited(MIGRATE, ['- wait: 1h', '- wait: { id: first_hour, for: 1h }']);
    const crowd = [on('wait-1', 10), { ...on('wait-1', 2) }, on('came_back', 3), on('', 2)];
    const plan = planOf(to, crowd);
    expect(plan.inFlight).toMatchObject([
      { stepId: '', fate: 'moved', to: '', people: 2 },
      { stepId: 'wait-1', fate: 'refused', reason: 'unmapped_step', people: 12 },
      { stepId: 'came_back', fate: 'moved', to: 'came_back', people: 3 },
    ]);
    expect(codesOf(plan)).toEqual([expect.stringMatching(/^RLN-1230 error .*"wait-1".*: 12\.$/)]);
    expect(planOf(to, [on('came_back', 3)]).problems).toEqual([]);
    const redirected = edited(
      ['on_change: pin', 'on_change: migrate\nredirects: { wait-1: first_hour }'],
      ['- wait: 1h', '- wait: { id: first_hour, for: 1h }'],
    );
    const mended = planOf(redirected, crowd);
    expect(mended.problems).toEqual([]);
    expect(mended.inFlight[1]).toMatchObject({ fate: 'moved', to: 'first_hour', people: 12 });
  });

  it('refuses a step that waits for something else now, and a version nobody knows', () => {
    const to = edited(['on_change: pin', 'on_change: migrate\nredirects: { wait-1: came_back }']);
    const plan = planOf(to, [on('wait-1', 4), { definition: 'gone', stepId: 'x', people: 1 }]);
    expect(plan.inFlight.map(({ fate, reason }) => [fate, reason])).toEqual([
      ['refused', 'unknown_version'],
      ['refused', 'unfit_step'],
    ]);
    expect(codesOf(plan).map((text) => text.slice(0, 14))).toEqual([
      'RLN-1230 error',
      'RLN-1231 error',
    ]);
  });

  it('looks at every older version, and leaves out who is in the new one already', () => {
    const to = edited(MIGRATE);
    const older = edited(['priority: 60', 'priority: 59']);
    const plan = planOf(to, [on('wait-1', 1, older), on('wait-1', 2, to)], [older, published, to]);
    expect(plan.inFlight).toMatchObject([{ definition: older.hash, fate: 'moved', people: 1 }]);
  });

  it('counts who stands in several places once, on the one that keeps them', () => {
    const to = edited(MIGRATE, ['- wait: 1h', '- wait: { id: first_hour, for: 1h }']);
    const both = { ...on('came_back', 6), stepIds: ['came_back', 'wait-1'] };
    expect(planOf(to, [both, on('came_back', 3)]).inFlight).toMatchObject([
      { stepId: 'wait-1', fate: 'refused', people: 6 },
      { stepId: 'came_back', fate: 'moved', people: 3 },
    ]);
  });

  it('warns of a redirect from a step that no version has', () => {
    const to = edited(['on_change: pin', 'on_change: migrate\nredirects: { wiat-1: came_back }']);
    expect(codesOf(planOf(to, [on('wait-1', 1)]))).toEqual([
      expect.stringMatching(/^RLN-1233 warning .*"wiat-1"/),
    ]);
  });

  it('of a scenario that is taken out everybody stays to the end', () => {
    expect(planOf(null, [on('wait-1', 1)])).toMatchObject({
      inFlight: [{ fate: 'kept' }],
      problems: [],
    });
  });
});

describe('a step without a name', () => {
  const inserted = ['- wait: 1h', '- wait: 2m\n  - wait: 1h'] as const;

  it('that an edit before it calls otherwise is told with the people on it', () => {
    const to = edited(inserted);
    expect([...movedIds(published, to)]).toEqual([['wait-1', 'wait-2']]);
    expect(codesOf(planOf(to, [on('wait-1', 7)]))).toEqual([
      expect.stringMatching(/^RLN-1232 warning .*"wait-1".*now called "wait-2".*: 7\.$/),
    ]);
    expect(planOf(to, [on('came_back', 7)]).problems).toEqual([]);
  });

  it('is no concern once a redirect takes its people along', () => {
    const to = edited(inserted, [
      'on_change: pin',
      'on_change: migrate\nredirects: { wait-1: wait-2 }',
    ]);
    const plan = planOf(to, [on('wait-1', 7)]);
    expect(plan.problems).toEqual([]);
    expect(plan.inFlight).toMatchObject([{ fate: 'moved', to: 'wait-2' }]);
  });

  it('is the same step where nothing but its surroundings changed', () => {
    const to = edited(['priority: 60', 'priority: 61']);
    expect(movedIds(published, to).size).toBe(0);
    expect(differencesOf(published, to)).toEqual([
      { kind: 'head_changed', value: { path: 'priority', before: '60', after: '61' } },
    ]);
  });
});

describe('differences', () => {
  it('tell texts of conditions, exits, goal and limits as they were and are', () => {
    const to = edited(
      ['when: event.total >= 30.0', 'when: event.total >= 50.0'],
      ['within: 14d', 'within: 21d'],
      ['max_age: 30d', 'max_age: 40d'],
      ['up_to: 20h', 'up_to: 30h'],
    );
    const values = differencesOf(published, to).flatMap((one) =>
      'value' in one ? [`${one.value.path}: ${one.value.before} > ${one.value.after}`] : [one.kind],
    );
    const day = 86_400_000;
    expect(values).toEqual([
      'entry.when: event.total >= 30.0 > event.total >= 50.0',
      `goal.withinMs: ${14 * day} > ${21 * day}`,
      `maxAgeMs: ${30 * day} > ${40 * day}`,
      `upToMs: ${(20 * day) / 24} > ${(30 * day) / 24}`,
    ]);
  });

  it('are none between a version and itself', () => {
    expect(differencesOf(published, published)).toEqual([]);
  });
});
