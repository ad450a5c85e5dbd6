import { describe, expect, it } from 'vitest';
import type { DecideStep } from '#libs/scenario';
import { drawGroup, type GroupRules } from './groups.js';

const RULES: GroupRules = {
  holdout: { share: 0.05, salt: '2026-q4' },
  randomControlShare: 0.02,
  businessAsUsualShare: 0.1,
  purposes: new Map([
    ['marketing', { id: 'marketing', basis: ['opt_in'] }],
    ['service', { id: 'service', basis: ['contract'], ignores: ['holdout'] }],
  ]),
};
const DECIDE: DecideStep = {
  next: null,
  type: 'decide',
  actions: ['usual', 'offer'],
  model: 'betaTS',
  reward: null,
  timeoutMs: 150,
  fallback: 'usual',
  businessAsUsual: 'usual',
};
const SCENARIO = {
  scenario: 'win-back',
  purpose: 'marketing',
  holdoutShare: 0.1,
  steps: { pick: DECIDE },
};
const drawn = (definition: typeof SCENARIO, unit: string) =>
  drawGroup(RULES, { purpose: definition.purpose, definition }, unit);
const UNITS = Array.from({ length: 100_000 }, (_, index) => `profile-${index}`);

function sharesOf(scenario: typeof SCENARIO): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const unit of UNITS) {
    const group = drawn(scenario, unit);
    counts[group] = (counts[group] ?? 0) + 1 / UNITS.length;
  }
  return counts;
}

describe('the group of somebody who enters', () => {
  it('comes out in the shares asked for', () => {
    const shares = sharesOf(SCENARIO);
    const left = 1 - 0.05 - 0.02;
    const expected = {
      holdout: 0.05 + left * 0.1,
      random_control: 0.02,
      rules: left * 0.1,
      policy: left * 0.8,
    };
    expect(Object.keys(shares).sort()).toEqual(Object.keys(expected).sort());
    for (const [group, share] of Object.entries(expected)) {
      const deviation = Math.sqrt((share * (1 - share)) / UNITS.length);
      expect(Math.abs((shares[group] ?? 0) - share), group).toBeLessThan(4 * deviation);
    }
  });
  it('is the same each time, and of the others when business as usual is left out', () => {
    const without = { ...SCENARIO, steps: { pick: { ...DECIDE, businessAsUsual: null } } };
    for (const unit of UNITS.slice(0, 20_000)) {
      const group = drawn(SCENARIO, unit);
      expect(drawn(SCENARIO, unit)).toBe(group);
      expect(drawn(without, unit)).toBe(group === 'rules' ? 'policy' : group);
    }
  });
  it('is policy for all where the purpose ignores the holdout', () => {
    expect(Object.keys(sharesOf({ ...SCENARIO, purpose: 'service' }))).toEqual(['policy']);
  });
});
