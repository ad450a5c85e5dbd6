import { seededRandom, type Random } from '#libs/kernel';
import { describe, expect, it } from 'vitest';
import { liftOf, sampleRatioOf, type GroupTotals } from './lift.js';

function simulate(random: Random, n: number, rate: number): GroupTotals {
  const totals = { n, converted: 0, sum: 0, sumsq: 0 };
  for (let person = 0; person < n; person += 1) {
    if (random() >= rate) continue;
    // A skewed basket with a mean of 1.
    const basket = -Math.log(1 - random());
    totals.converted += 1;
    totals.sum += basket;
    totals.sumsq += basket * basket;
  }
  return totals;
}

describe('liftOf', () => {
  it('agrees with figures worked by hand', () => {
    // Revenue 1..5 against 2, 4, 6: Welch's t with 2.9412 degrees of freedom, limit 3.2182.
    const treated = { n: 5, converted: 3, sum: 15, sumsq: 55 };
    const control = { n: 3, converted: 1, sum: 12, sumsq: 56 };
    const { revenue, rate } = liftOf(treated, control);
    const error = Math.sqrt(2.5 / 5 + 4 / 3);
    const half = (revenue?.high ?? 0) - (revenue?.difference ?? 0);
    expect(revenue?.difference).toBeCloseTo(-1, 12);
    expect(half / error).toBeGreaterThan(2.7);
    expect(half / error).toBeLessThan(3.3);
    expect(rate.difference).toBeCloseTo(0.6 - 1 / 3, 12);
  });

  it('knows a published example of the interval of a difference', () => {
    const { rate } = liftOf(
      { n: 70, converted: 56, sum: 0, sumsq: 0 },
      { n: 80, converted: 48, sum: 0, sumsq: 0 },
    );
    expect(rate.difference).toBeCloseTo(0.2, 12);
    expect(rate.low).toBeCloseTo(0.0524, 4);
    expect(rate.high).toBeCloseTo(0.3339, 4);
  });

  it('covers the truth about 95 times in 100', () => {
    const random = seededRandom('lift coverage');
    let rateCovered = 0;
    let revenueCovered = 0;
    const rounds = 2_000;
    for (let round = 0; round < rounds; round += 1) {
      const lift = liftOf(simulate(random, 3_000, 0.08), simulate(random, 1_200, 0.05));
      if (lift.rate.low <= 0.03 && lift.rate.high >= 0.03) rateCovered += 1;
      const { low = 1, high = 0 } = lift.revenue ?? {};
      if (low <= 0.03 && high >= 0.03) revenueCovered += 1;
    }
    for (const covered of [rateCovered, revenueCovered]) {
      expect(covered / rounds).toBeGreaterThan(0.935);
      expect(covered / rounds).toBeLessThan(0.965);
    }
  });

  it('says when it is too early and never shows a false certainty', () => {
    const none = { n: 0, converted: 0, sum: 0, sumsq: 0 };
    const few = { n: 40, converted: 0, sum: 0, sumsq: 0 };
    const lift = liftOf({ n: 900, converted: 15, sum: 700, sumsq: 40_000 }, few);
    expect(lift).toMatchObject({ isTooEarly: true, missing: { people: 60, conversions: 5 } });
    expect(lift.rate.high - lift.rate.low).toBeGreaterThan(0.05);
    expect(lift.rate.relative).toBeNull();
    expect(liftOf(none, none)).toMatchObject({ isTooEarly: true, revenue: null });
    expect(liftOf(none, none).rate.isSignificant).toBe(false);
  });
});

describe('sampleRatioOf', () => {
  it('lets chance pass and catches a leak', () => {
    expect(sampleRatioOf([9_010, 990], [0.9, 0.1]).p).toBeCloseTo(0.7389, 4);
    expect(sampleRatioOf([8_500, 1_000], [0.9, 0.1]).isSuspect).toBe(false);
    expect(sampleRatioOf([8_000, 1_100], [0.9, 0.1]).isSuspect).toBe(true);
    const even = { converted: 30, sum: 0, sumsq: 0 };
    const lift = liftOf({ ...even, n: 900 }, { ...even, n: 100 }, 0.9);
    expect(lift.sampleRatio?.p).toBeCloseTo(1, 12);
  });
});
