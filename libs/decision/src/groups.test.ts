import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignGroup, type GroupRules } from './groups.js';
import { chiSquareTail } from './numeric/special.js';

const PEOPLE = 200_000;

function rules(unit: string, scenario: string): GroupRules {
  return {
    globalHoldout: { share: 0.05, salt: '2026-q4' },
    scenarioHoldout: { share: 0.1, salt: `2026-q4/${scenario}` },
    randomControl: { share: 0.02, salt: '2026-q4' },
    unit,
  };
}

function fit(counts: readonly number[], expected: readonly number[]): number {
  let statistic = 0;
  counts.forEach((count, index) => {
    const mean = expected[index] ?? 1;
    statistic += (count - mean) ** 2 / mean;
  });
  return statistic;
}

describe('assignGroup', () => {
  it('splits people as asked, independently between scenarios', () => {
    const split = { holdout: 0, random_control: 0, rules: 0, policy: 0 };
    const both = [0, 0, 0, 0];
    for (let person = 0; person < PEOPLE; person += 1) {
      const cart = rules(`p${person}`, 'cart');
      split[assignGroup(cart)] += 1;
      const isIn = (scenario: string) => {
        const only = { ...rules(`p${person}`, scenario), globalHoldout: { share: 0, salt: '' } };
        return assignGroup(only) === 'holdout' ? 1 : 0;
      };
      const cell = 2 * isIn('cart') + isIn('welcome');
      both[cell] = (both[cell] ?? 0) + 1;
    }
    const heldOut = 1 - 0.95 * 0.9;
    const shares = [heldOut, (1 - heldOut) * 0.02, (1 - heldOut) * 0.98];
    const seen = [split.holdout, split.random_control, split.policy];
    const expected = shares.map((share) => share * PEOPLE);
    expect(chiSquareTail(fit(seen, expected), 2)).toBeGreaterThan(0.001);
    const crossed = [0.81, 0.09, 0.09, 0.01].map((share) => share * PEOPLE);
    expect(chiSquareTail(fit(both, crossed), 3)).toBeGreaterThan(0.001);
  });

  it('puts the global holdout first, and a larger share keeps those it had', () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ min: 0, max: 1, noNaN: true }), (unit, share) => {
        const given = rules(unit, 'cart');
        const group = assignGroup(given);
        expect(assignGroup(given)).toBe(group);
        const all = { ...given, globalHoldout: { share: 1, salt: 'x' } };
        expect(assignGroup(all)).toBe('holdout');
        const less = { share: share / 2, salt: 'x' };
        if (assignGroup({ ...given, globalHoldout: less }) !== 'holdout') return;
        const more = { share, salt: 'x' };
        expect(assignGroup({ ...given, globalHoldout: more })).toBe('holdout');
      }),
    );
  });

  it('gives a share of those left to business as usual', () => {
    const none = { share: 0, salt: '' };
    const given = { globalHoldout: none, scenarioHoldout: none, randomControl: none, unit: 'p' };
    expect(assignGroup({ ...given, rules: { share: 1, salt: 's' } })).toBe('rules');
    expect(assignGroup(given)).toBe('policy');
  });
});
