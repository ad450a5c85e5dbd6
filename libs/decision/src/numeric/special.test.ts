import fc from 'fast-check';
import { seededRandom } from '#libs/kernel';
import { describe, expect, it } from 'vitest';
import { drawBeta } from './sampler.js';
import { chiSquareTail, lnGamma, regularisedBeta, studentTail } from './special.js';

describe('special functions', () => {
  it('knows values in closed form', () => {
    expect(lnGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 14);
    expect(lnGamma(11)).toBeCloseTo(Math.log(3_628_800), 13);
    expect(regularisedBeta(0.3, 1, 1)).toBeCloseTo(0.3, 14);
    expect(regularisedBeta(0.3, 2, 1)).toBeCloseTo(0.09, 14);
    expect(regularisedBeta(0.5, 5_000, 5_000)).toBeCloseTo(0.5, 11);
    expect(regularisedBeta(0.5, 0.5, 0.5)).toBeCloseTo(0.5, 13);
    expect(chiSquareTail(2 * Math.log(20), 2)).toBeCloseTo(0.05, 13);
    expect(chiSquareTail(3.841458820694124, 1)).toBeCloseTo(0.05, 12);
    expect(studentTail(12.706204736174698, 1)).toBeCloseTo(0.05, 10);
    expect(studentTail(1.9599639845400545, 1e6)).toBeCloseTo(0.05, 6);
  });

  it('mirrors, rises and obeys the recurrence in its parameters', () => {
    const parameter = fc.double({ min: 0.5, max: 5_000, noNaN: true });
    const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(parameter, parameter, share, (alpha, beta, x) => {
        const value = regularisedBeta(x, alpha, beta);
        expect(Math.abs(value + regularisedBeta(1 - x, beta, alpha) - 1)).toBeLessThan(1e-10);
        expect(regularisedBeta(Math.min(1, x * 1.01), alpha, beta)).toBeGreaterThanOrEqual(
          value - 1e-12,
        );
        const ln = alpha * Math.log(x) + beta * Math.log1p(-x) - Math.log(alpha);
        const step = Math.exp(ln + lnGamma(alpha + beta) - lnGamma(alpha) - lnGamma(beta));
        expect(Math.abs(value - step - regularisedBeta(x, alpha + 1, beta))).toBeLessThan(1e-10);
      }),
      { numRuns: 500 },
    );
  });
});

describe('drawBeta', () => {
  it.each([
    [1, 1],
    [0.5, 3],
    [2.5, 40],
    [5_000, 100_000],
  ])('follows Beta(%d, %d)', (alpha, beta) => {
    const random = seededRandom('beta', String(alpha), String(beta));
    const cells = new Float64Array(20);
    const draws = 40_000;
    for (let draw = 0; draw < draws; draw += 1) {
      const place = Math.floor(20 * regularisedBeta(drawBeta(random, alpha, beta), alpha, beta));
      cells[Math.min(19, place)] = (cells[Math.min(19, place)] ?? 0) + 1;
    }
    const expected = draws / 20;
    const statistic = cells.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
    expect(chiSquareTail(statistic, 19)).toBeGreaterThan(0.001);
  });
});
