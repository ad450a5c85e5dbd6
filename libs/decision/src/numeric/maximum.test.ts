import { seededRandom } from '#libs/kernel';
import { describe, expect, it } from 'vitest';
import { betaScore, type ScoreDistribution } from './distribution.js';
import { gaussRule } from './gauss.js';
import { winProbabilities } from './maximum.js';
import { regularisedBeta } from './special.js';

const FINE = { rule: gaussRule(24), widthSd: 0.4, maxLogChange: 1.5 };

/** Random races: posteriors from Beta(1,1) to Beta(5000,100000), unequal values and costs. */
function race(seed: string, count: number, isFractional: boolean): ScoreDistribution[] {
  const random = seededRandom('race', seed, String(count));
  const scores: ScoreDistribution[] = [];
  const spread = random() < 0.5 ? 0.3 : 3;
  for (let index = 0; index < count; index += 1) {
    if (index === count - 1 && random() < 0.5) {
      scores.push({ kind: 'point', at: 0 });
      continue;
    }
    const shows = Math.exp(random() * Math.log(100_000));
    const rate = random() < 0.3 ? random() : random() * 0.06;
    const successes = isFractional ? shows * rate * 0.7 : Math.floor(shows * rate);
    const failures = isFractional ? shows * (1 - rate) : Math.floor(shows * (1 - rate));
    const prior = isFractional ? 0.5 + random() : 1;
    const value = 5 * Math.exp(spread * (random() - 0.5));
    scores.push(betaScore(prior + successes, prior + failures, value, 0.3 * random()));
  }
  return scores;
}

/** Races that are hard to integrate: spikes, flats, equals, fractional powers at both ends. */
function hardRace(seed: string, count: number): ScoreDistribution[] {
  const random = seededRandom('hard', seed, String(count));
  const shapes = [
    [1, 1],
    [5_000, 100_000],
    [1, 100],
    [1.3, 5.2],
    [0.5, 0.5],
    [0.5 + 3 * random(), 0.5 + 3 * random()],
  ] as const;
  const isEqual = random() < 0.3;
  const scores: ScoreDistribution[] = Array.from({ length: count }, () => {
    const [alpha, beta] = shapes[Math.floor(random() * shapes.length)] ?? shapes[0];
    const value = isEqual ? 5 : Math.exp(6 * (random() - 0.5));
    return betaScore(alpha, beta, value, isEqual ? 0.1 : 2 * value * random() ** 3);
  });
  if (random() < 0.5) scores.push({ kind: 'point', at: 0 });
  return scores;
}

/** Each candidate on its own, distribution values straight from the incomplete beta function. */
function bruteForce(scores: readonly ScoreDistribution[], cuts: number): number[] {
  const rule = gaussRule(16);
  const atMost = (score: ScoreDistribution, at: number) => {
    if (score.kind === 'point') return at >= score.at ? 1 : 0;
    return regularisedBeta((at - score.offset) / score.scale, score.alpha, score.beta);
  };
  return scores.map((own, index) => {
    const others = scores.filter((_, other) => other !== index);
    if (own.kind === 'point') {
      return others.reduce((product, other) => product * atMost(other, own.at), 1);
    }
    const total = own.alpha + own.beta;
    const sd = Math.sqrt((own.alpha * own.beta) / (total + 1)) / total;
    const middle = own.alpha / total;
    const lowest = Math.max(0, middle - 40 * sd);
    const to = Math.min(1, middle + 40 * sd);
    const points = others.map((other) => (other.kind === 'point' ? other.at : -Infinity));
    const from = Math.min(to, Math.max(lowest, (Math.max(...points) - own.offset) / own.scale));
    let win = 0;
    for (let cut = 0; cut < cuts; cut += 1) {
      const half = (to - from) / cuts / 2;
      const centre = from + (2 * cut + 1) * half;
      rule.nodes.forEach((node, k) => {
        const x = centre + half * node;
        const ln = (own.alpha - 1) * Math.log(x) + (own.beta - 1) * Math.log1p(-x);
        const top = (own.alpha - 1) * Math.log(middle) + (own.beta - 1) * Math.log1p(-middle);
        let product = Math.exp(ln - top);
        for (const other of others) product *= atMost(other, own.offset + own.scale * x);
        win += half * (rule.weights[k] ?? 0) * product;
      });
    }
    return win / normaliser(own, lowest, to, cuts);
  });
}

function normaliser(
  own: Extract<ScoreDistribution, { kind: 'beta' }>,
  from: number,
  to: number,
  cuts: number,
): number {
  const rule = gaussRule(16);
  const middle = own.alpha / (own.alpha + own.beta);
  const top = (own.alpha - 1) * Math.log(middle) + (own.beta - 1) * Math.log1p(-middle);
  let sum = 0;
  for (let cut = 0; cut < cuts; cut += 1) {
    const half = (to - from) / cuts / 2;
    const centre = from + (2 * cut + 1) * half;
    rule.nodes.forEach((node, k) => {
      const x = centre + half * node;
      const ln = (own.alpha - 1) * Math.log(x) + (own.beta - 1) * Math.log1p(-x);
      sum += half * (rule.weights[k] ?? 0) * Math.exp(ln - top);
    });
  }
  return sum;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let index = 0; index < a.length; index += 1) {
    largest = Math.max(largest, Math.abs((a[index] ?? 0) - (b[index] ?? 0)));
  }
  return largest;
}

describe('winProbabilities', () => {
  it.each([2, 3, 10, 30])('agrees with a much finer cut, %i candidates', (count) => {
    let worst = 0;
    for (let seed = 0; seed < 150; seed += 1) {
      const scores = race(String(seed), count, seed % 3 === 0);
      const difference = largestDifference(
        winProbabilities(scores),
        winProbabilities(scores, FINE),
      );
      worst = Math.max(worst, difference);
    }
    expect(worst).toBeLessThan(1e-6);
  });

  it.each([2, 3, 10, 30])('holds for hard shapes, %i candidates', (count) => {
    let worst = 0;
    for (let seed = 0; seed < 150; seed += 1) {
      const scores = hardRace(String(seed), count);
      const chances = winProbabilities(scores);
      const sum = chances.reduce((total, chance) => total + chance, 0);
      expect(Math.abs(sum - 1)).toBeLessThan(1e-9);
      worst = Math.max(worst, largestDifference(chances, winProbabilities(scores, FINE)));
    }
    expect(worst).toBeLessThan(1e-6);
  });

  it.each([2, 3, 10])('agrees with an independent quadrature, %i candidates', (count) => {
    let worst = 0;
    for (let seed = 0; seed < 6; seed += 1) {
      const scores = race(`brute ${seed}`, count, false);
      worst = Math.max(worst, largestDifference(winProbabilities(scores), bruteForce(scores, 400)));
    }
    expect(worst).toBeLessThan(1e-6);
  });

  it('knows closed forms', () => {
    const uniform = betaScore(1, 1, 1, 0);
    expect(largestDifference(winProbabilities([uniform, uniform]), [0.5, 0.5])).toBeLessThan(1e-9);
    const half = betaScore(1, 1, 0.5, 0);
    expect(largestDifference(winProbabilities([uniform, half]), [0.75, 0.25])).toBeLessThan(1e-9);
    const nothing: ScoreDistribution = { kind: 'point', at: 0 };
    const costly = betaScore(1, 1, 1, 0.3);
    expect(largestDifference(winProbabilities([costly, nothing]), [0.7, 0.3])).toBeLessThan(1e-9);
    expect([...winProbabilities([betaScore(2, 9, 0, 1), nothing])]).toEqual([0, 1]);
    expect([...winProbabilities([nothing, nothing])]).toEqual([1, 0]);
    expect([...winProbabilities([betaScore(50, 50, 10, 0), nothing])]).toEqual([1, 0]);
    expect([...winProbabilities([betaScore(3, 5, -1, 0.1), nothing])]).toEqual([0, 1]);
  });
});
