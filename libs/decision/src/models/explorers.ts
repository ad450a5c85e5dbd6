import type { Random } from '#libs/kernel';
import { meanOf, type ScoreDistribution } from '../numeric/distribution.js';
import { winProbabilities } from '../numeric/maximum.js';
import { drawScore } from '../numeric/sampler.js';
import type { Explorer } from './model.js';

/** Index of the largest; of equals the first. */
export function argMax(values: readonly number[]): number {
  let best = 0;
  values.forEach((value, index) => {
    if (value > (values[best] ?? Number.NEGATIVE_INFINITY)) best = index;
  });
  return best;
}

function uniformIndex(random: Random, count: number): number {
  return Math.min(count - 1, Math.floor(random() * count));
}

/** One draw of Thompson sampling with a uniform floor. */
export interface ThompsonDraw {
  readonly index: number;
  readonly isUniform: boolean;
  readonly scores: readonly number[];
}

/** The draw itself, apart from its propensities, so that tests can repeat it cheaply. */
export function drawThompson(
  beliefs: readonly ScoreDistribution[],
  floor: number,
  random: Random,
): ThompsonDraw {
  // The floor's draws come first and always, so that the stream does not depend on their result.
  const isUniform = random() < floor;
  const uniform = uniformIndex(random, beliefs.length);
  const scores = beliefs.map((belief) => drawScore(random, belief));
  return { index: isUniform ? uniform : argMax(scores), isUniform, scores };
}

/** Thompson sampling: the largest draw wins, except for the floor's share, drawn uniformly. */
export const thompson: Explorer = {
  choose(beliefs, floor, random) {
    const { index, isUniform, scores } = drawThompson(beliefs, floor, random);
    const wins = winProbabilities(beliefs);
    return {
      index,
      propensities: Array.from(wins, (win) => (1 - floor) * win + floor / beliefs.length),
      scores,
      isDrawn: true,
      isUniform,
      isRandom: true,
      epsilon: floor,
      wonBy: isUniform ? 'drawn' : 'highest_score',
      lostBy: isUniform ? 'not_drawn' : 'lower_score',
    };
  },
};

/** Every survivor has the same chance. */
export const uniform: Explorer = {
  choose(beliefs: readonly ScoreDistribution[], _floor, random) {
    return {
      index: uniformIndex(random, beliefs.length),
      propensities: beliefs.map(() => 1 / beliefs.length),
      scores: beliefs.map(meanOf),
      isDrawn: false,
      isUniform: true,
      isRandom: true,
      epsilon: 1,
      wonBy: 'drawn',
      lostBy: 'not_drawn',
    };
  },
};

/** The first survivor in listed order, surely. */
export const firstListed: Explorer = {
  choose(beliefs) {
    return {
      index: 0,
      propensities: beliefs.map((_, index) => (index === 0 ? 1 : 0)),
      scores: beliefs.map(meanOf),
      isDrawn: false,
      isUniform: false,
      isRandom: false,
      epsilon: 0,
      wonBy: 'first_listed',
      lostBy: 'listed_later',
    };
  },
};
