import type { Random } from '#libs/kernel';
import type { ScoreDistribution } from './distribution.js';

/** One standard normal draw by the polar method; the twin draw is dropped to keep no state. */
export function drawNormal(random: Random): number {
  for (;;) {
    const u = 2 * random() - 1;
    const v = 2 * random() - 1;
    const square = u * u + v * v;
    if (square > 0 && square < 1) return u * Math.sqrt((-2 * Math.log(square)) / square);
  }
}

/** One Gamma(shape, 1) draw by Marsaglia and Tsang's method. */
export function drawGamma(random: Random, shape: number): number {
  if (shape < 1) {
    // Boost: a draw of shape + 1 times a power of a uniform has the smaller shape.
    const uniform = 1 - random();
    return drawGamma(random, shape + 1) * uniform ** (1 / shape);
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = drawNormal(random);
    const root = 1 + c * normal;
    if (root <= 0) continue;
    const cube = root * root * root;
    const uniform = 1 - random();
    if (Math.log(uniform) < (normal * normal) / 2 + d - d * cube + d * Math.log(cube)) {
      return d * cube;
    }
  }
}

/** One Beta(alpha, beta) draw. */
export function drawBeta(random: Random, alpha: number, beta: number): number {
  const first = drawGamma(random, alpha);
  const second = drawGamma(random, beta);
  return first / (first + second);
}

/** One draw of a score. A point takes nothing from the stream. */
export function drawScore(random: Random, score: ScoreDistribution): number {
  if (score.kind === 'point') return score.at;
  return score.offset + score.scale * drawBeta(random, score.alpha, score.beta);
}
