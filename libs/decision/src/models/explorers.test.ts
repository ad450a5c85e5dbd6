import { seededRandom } from '#libs/kernel';
import { describe, expect, it } from 'vitest';
import { betaScore, type ScoreDistribution } from '../numeric/distribution.js';
import { chiSquareTail } from '../numeric/special.js';
import { drawThompson, thompson, uniform } from './explorers.js';

/** Unequal posteriors, values and costs; close enough that most of them win now and then. */
function race(seed: string, count: number): ScoreDistribution[] {
  const random = seededRandom('race', seed, String(count));
  return Array.from({ length: count }, (_, index): ScoreDistribution => {
    if (index === count - 1 && seed !== 'a') return { kind: 'point', at: 0 };
    const shows = Math.exp(3 + 5 * random());
    const rate = 0.02 + 0.04 * random();
    const value = (0.15 + 0.2 * random()) / rate;
    const cost = 0.3 * random();
    return betaScore(1 + Math.floor(shows * rate), 1 + shows * (1 - rate), value, cost);
  });
}

function goodnessOfFit(seen: Float64Array, chances: Float64Array): number {
  const total = seen.reduce((sum, count) => sum + count, 0);
  let statistic = 0;
  let cells = 0;
  let rareSeen = 0;
  let rareExpected = 0;
  seen.forEach((count, index) => {
    const expected = total * (chances[index] ?? 0);
    if (expected < 5) {
      rareSeen += count;
      rareExpected += expected;
      return;
    }
    statistic += (count - expected) ** 2 / expected;
    cells += 1;
  });
  if (rareExpected >= 1) {
    statistic += (rareSeen - rareExpected) ** 2 / rareExpected;
    cells += 1;
  }
  return cells < 2 ? 1 : chiSquareTail(statistic, cells - 1);
}

describe('drawThompson', () => {
  const contexts = ['a', 'b', 'c', 'd'].flatMap((seed) =>
    [2, 3, 10].map((count) => [seed, count] as const),
  );
  it.each(contexts)('chooses in 100,000 redraws as often as logged: %s, %i', (seed, count) => {
    const beliefs = race(seed, count);
    const { propensities } = thompson.choose(beliefs, 0.05, seededRandom('once'));
    const random = seededRandom('redraw', seed, String(count));
    const seen = new Float64Array(count);
    for (let draw = 0; draw < 100_000; draw += 1) {
      const { index } = drawThompson(beliefs, 0.05, random);
      seen[index] = (seen[index] ?? 0) + 1;
    }
    expect(goodnessOfFit(seen, Float64Array.from(propensities))).toBeGreaterThan(0.001);
  });
});

describe('uniform', () => {
  it('draws every survivor alike', () => {
    const beliefs = race('u', 7);
    const random = seededRandom('uniform');
    const seen = new Float64Array(7);
    for (let draw = 0; draw < 70_000; draw += 1) {
      const { index } = uniform.choose(beliefs, 0, random);
      seen[index] = (seen[index] ?? 0) + 1;
    }
    expect(goodnessOfFit(seen, new Float64Array(7).fill(1 / 7))).toBeGreaterThan(0.001);
  });
});
