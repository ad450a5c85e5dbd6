import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldRewards, posteriorAfter, posteriorKey, type RewardRow } from './learning.js';

const anyRow: fc.Arbitrary<RewardRow> = fc.record({
  decisionId: fc.uuid(),
  key: fc.constantFrom('a', 'b', 'c'),
  success: fc.constantFrom(0 as const, 1 as const),
});

describe('learning', () => {
  it('does not depend on the order of rows, nor on how they are cut into batches', () => {
    const rows = fc.array(anyRow);
    fc.assert(
      fc.property(rows, fc.nat(), (given, cut) => {
        const once = foldRewards(new Map(), given);
        expect(foldRewards(new Map(), given.toReversed())).toEqual(once);
        const place = given.length === 0 ? 0 : cut % given.length;
        const first = foldRewards(new Map(), given.slice(0, place));
        expect(foldRewards(first, given.slice(place))).toEqual(once);
      }),
    );
  });

  it('adds one outcome a reward, cut to a share', () => {
    const after = posteriorAfter({ successes: 1, failures: 1 }, [1, 0, 0.25, 3, -1]);
    expect(after).toEqual({ successes: 3.25, failures: 3.75 });
  });

  it('keeps keys apart whatever their text', () => {
    expect(posteriorKey('a', 'b/c', 'd', null)).not.toBe(posteriorKey('a/b', 'c', 'd', null));
  });
});
