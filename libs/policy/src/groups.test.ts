import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignGroup, groupFor, type Group, type GroupShares } from './index.js';

const GLOBAL: GroupShares = {
  salt: '2026-q4',
  unit: 'workspace',
  holdout: 0.05,
  randomControl: 0.02,
  rules: 0,
};
const people = Array.from({ length: 20_000 }, (_, index) => `profile-${index}`);

function share(group: Group, shares: GroupShares): number {
  return people.filter((id) => assignGroup(shares, id) === group).length / people.length;
}

describe('groups', () => {
  it('come close to their shares', () => {
    expect(Math.abs(share('holdout', GLOBAL) - 0.05)).toBeLessThan(0.006);
    expect(Math.abs(share('random_control', GLOBAL) - 0.02)).toBeLessThan(0.004);
    expect(share('holdout', { ...GLOBAL, holdout: 0, randomControl: 0 })).toBe(0);
    const usual = { ...GLOBAL, rules: 0.1 };
    expect(Math.abs(share('rules', usual) - 0.1)).toBeLessThan(0.009);
    expect(share('random_control', usual)).toBe(share('random_control', GLOBAL));
    expect(share('rules', { ...GLOBAL, holdout: 1, rules: 0.5 })).toBe(0);
  });
  it('are drawn apart by unit and by salt', () => {
    const scenario = { ...GLOBAL, unit: 'abandoned-cart', holdout: 0.5, randomControl: 0 };
    const heldOut = people.filter((id) => assignGroup(GLOBAL, id) === 'holdout');
    const both = heldOut.filter((id) => assignGroup(scenario, id) === 'holdout');
    expect(Math.abs(both.length / heldOut.length - 0.5)).toBeLessThan(0.06);
  });
  it('keep everyone whom a larger holdout had already', () => {
    const id = fc.string({ minLength: 1 });
    const size = fc.double({ min: 0, max: 0.4, noNaN: true });
    fc.assert(
      fc.property(id, size, size, (profileId, one, other) => {
        const small = { ...GLOBAL, holdout: Math.min(one, other) };
        const large = { ...GLOBAL, holdout: Math.max(one, other) };
        if (assignGroup(small, profileId) === 'holdout') {
          expect(assignGroup(large, profileId)).toBe('holdout');
        }
      }),
    );
  });
  it('of the workspace come before those of a scenario', () => {
    const scenario = { ...GLOBAL, unit: 'abandoned-cart', holdout: 1, randomControl: 0 };
    for (const id of people.slice(0, 500)) {
      const global = assignGroup(GLOBAL, id);
      expect(groupFor(GLOBAL, scenario, id)).toBe(global === 'policy' ? 'holdout' : global);
      expect(groupFor(GLOBAL, null, id)).toBe(global);
    }
  });
});
