import { assert } from '#libs/kernel';
import { lnBeta } from './special.js';

/**
 * What a model believes about one candidate's score: the place where another family (a normal for
 * ridge, say) is added. `beta` is `offset + scale * X` with X ~ Beta(alpha, beta), scale > 0.
 */
export type ScoreDistribution =
  | { readonly kind: 'point'; readonly at: number }
  | {
      readonly kind: 'beta';
      readonly alpha: number;
      readonly beta: number;
      readonly scale: number;
      readonly offset: number;
    };

/** Smallest parameter for which a double still resolves the spike at an end of the support. */
export const MIN_BETA_PARAMETER = 0.5;

/** A gain that small is no gain: doubles would not resolve the score's spread. */
const SMALLEST_GAIN = 1e-9;
const SMALLEST_GAIN_PER_COST = 1e-3;

/**
 * Distribution of `gain * X - cost` with X ~ Beta(alpha, beta). A gain of 0, or too small to tell
 * beside the cost, is a point; a negative gain (a loss when it works) mirrors the beta.
 */
export function betaScore(
  alpha: number,
  beta: number,
  gain: number,
  cost: number,
): ScoreDistribution {
  assert(
    alpha >= MIN_BETA_PARAMETER && beta >= MIN_BETA_PARAMETER,
    'posterior parameters are at least 0.5',
  );
  assert(
    Number.isFinite(alpha) && Number.isFinite(beta) && Number.isFinite(gain - cost),
    'posterior, value and cost are finite',
  );
  const smallest = Math.max(SMALLEST_GAIN, SMALLEST_GAIN_PER_COST * Math.abs(cost));
  if (Math.abs(gain) < smallest) {
    return { kind: 'point', at: (gain * alpha) / (alpha + beta) - cost };
  }
  if (gain < 0) {
    return { kind: 'beta', alpha: beta, beta: alpha, scale: -gain, offset: gain - cost };
  }
  return { kind: 'beta', alpha, beta, scale: gain, offset: -cost };
}

/** Expected score. */
export function meanOf(score: ScoreDistribution): number {
  if (score.kind === 'point') return score.at;
  return score.offset + (score.scale * score.alpha) / (score.alpha + score.beta);
}

/** Log density drop, in the logit, beyond which about 1e-8 of the mass is left. */
const TAIL_DROP = 18;

/** x and 1 - x at the end of one tail of Beta(alpha, beta), on the side given. */
function tailEnd(alpha: number, beta: number, side: -1 | 1): number {
  // The logit of a beta variable has a log-concave density for every alpha and beta, so Newton's
  // method settles from outside after one overshoot.
  const total = alpha + beta;
  const lnMode = Math.log(alpha / total);
  const lnRest = Math.log(beta / total);
  let t = lnMode - lnRest + side * Math.sqrt((2 * TAIL_DROP * total) / (alpha * beta));
  for (let round = 0; round < 12; round += 1) {
    const lnOne = t > 0 ? Math.log1p(Math.exp(-t)) : Math.log1p(Math.exp(t)) - t;
    const drop = alpha * (-lnOne - lnMode) + beta * (-lnOne - t - lnRest) + TAIL_DROP;
    if (Math.abs(drop) < 0.25) break;
    const slope = alpha - total / (1 + Math.exp(-t));
    t -= drop / slope;
  }
  return 1 / (1 + Math.exp(-t));
}

/** A beta score prepared for the quadrature; all in scores except the exponents. */
export interface BetaShape {
  readonly scale: number;
  readonly offset: number;
  /** alpha - 1 and beta - 1. */
  readonly low: number;
  readonly high: number;
  readonly lnNorm: number;
  /** Outside [from, to] lies about 1e-8 of the mass. */
  readonly from: number;
  readonly to: number;
  /** The density ends abruptly at `to`, so that a panel must end there. */
  readonly isHardEnd: boolean;
}

/** Above this exponent the density meets the end of its support smoothly. */
const SOFT_EXPONENT = 12;

/** Nearest to an end of the support that scores still tell apart: some spacings of doubles. */
const CLOSEST_EDGE = 1e-14;
const EDGE_SPACINGS = 16 * Number.EPSILON;

/** Prepares a beta score. */
export function shapeOf(score: Extract<ScoreDistribution, { kind: 'beta' }>): BetaShape {
  const { alpha, beta, scale, offset } = score;
  const edge = Math.max(CLOSEST_EDGE, EDGE_SPACINGS * (1 + Math.abs(offset) / scale));
  const from = Math.max(edge, tailEnd(alpha, beta, -1));
  const to = Math.min(1 - edge, tailEnd(alpha, beta, 1));
  return {
    scale,
    offset,
    low: alpha - 1,
    high: beta - 1,
    lnNorm: lnBeta(alpha, beta),
    from: offset + scale * from,
    to: offset + scale * to,
    isHardEnd: beta - 1 < SOFT_EXPONENT,
  };
}
