import { assert } from '#libs/kernel';

/** Coefficients B(2k) / (2k (2k - 1)) of Stirling's series. */
const STIRLING = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
] as const;
const HALF_LN_TWO_PI = 0.9189385332046727;
/** From here on eight terms of the series are exact to the last bits of a double. */
const STIRLING_FROM = 10;

/** Natural logarithm of the gamma function, for a positive argument; about 1e-15 relative. */
export function lnGamma(argument: number): number {
  assert(argument > 0, 'lnGamma needs a positive argument');
  let x = argument;
  let product = 1;
  while (x < STIRLING_FROM) {
    product *= x;
    x += 1;
  }
  const inverse = 1 / x;
  const square = inverse * inverse;
  let series = 0;
  for (let index = STIRLING.length - 1; index >= 0; index -= 1) {
    series = series * square + (STIRLING[index] ?? 0);
  }
  return (x - 0.5) * Math.log(x) - x + HALF_LN_TWO_PI + series * inverse - Math.log(product);
}

/** Natural logarithm of the beta function. */
export function lnBeta(alpha: number, beta: number): number {
  return lnGamma(alpha) + lnGamma(beta) - lnGamma(alpha + beta);
}

const TINY = 1e-300;
const CONVERGED = 1e-15;

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** The continued fraction of the incomplete beta function, by Lentz's method. */
function betaFraction(x: number, alpha: number, beta: number): number {
  // Terms needed grow with the root of the counts; the bound only catches a fault of ours.
  const maxTerms = 500 + Math.ceil(10 * Math.sqrt(alpha + beta));
  let c = 1;
  let d = 1 / awayFromZero(1 - ((alpha + beta) * x) / (alpha + 1));
  let value = d;
  for (let term = 1; term <= maxTerms; term += 1) {
    const twice = 2 * term;
    const even = (term * (beta - term) * x) / ((alpha + twice - 1) * (alpha + twice));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    value *= d * c;
    const odd =
      (-(alpha + term) * (alpha + beta + term) * x) / ((alpha + twice) * (alpha + twice + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    const factor = d * c;
    value *= factor;
    if (Math.abs(factor - 1) < CONVERGED) return value;
  }
  assert(false, 'the incomplete beta fraction did not converge');
}

/** Regularised incomplete beta function: the chance that Beta(alpha, beta) is at most x. */
export function regularisedBeta(x: number, alpha: number, beta: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(alpha * Math.log(x) + beta * Math.log1p(-x) - lnBeta(alpha, beta));
  if (x < (alpha + 1) / (alpha + beta + 2)) return (front * betaFraction(x, alpha, beta)) / alpha;
  return 1 - (front * betaFraction(1 - x, beta, alpha)) / beta;
}

/** Lower regularised gamma by its series; for x below shape + 1. */
function gammaSeries(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let index = 1; index < 10_000; index += 1) {
    term *= x / (shape + index);
    sum += term;
    if (term < sum * CONVERGED) break;
  }
  return sum * Math.exp(shape * Math.log(x) - x - lnGamma(shape));
}

/** Upper regularised gamma by its continued fraction; for x above shape + 1. */
function gammaFraction(shape: number, x: number): number {
  let b = x + 1 - shape;
  let c = 1 / TINY;
  let d = 1 / awayFromZero(b);
  let value = d;
  for (let term = 1; term < 10_000; term += 1) {
    const numerator = -term * (term - shape);
    b += 2;
    d = 1 / awayFromZero(numerator * d + b);
    c = awayFromZero(b + numerator / c);
    const factor = d * c;
    value *= factor;
    if (Math.abs(factor - 1) < CONVERGED) break;
  }
  return value * Math.exp(shape * Math.log(x) - x - lnGamma(shape));
}

/** Chance that a chi-square variable with so many degrees of freedom exceeds the statistic. */
export function chiSquareTail(statistic: number, degrees: number): number {
  assert(degrees > 0, 'chi-square needs at least one degree of freedom');
  if (statistic <= 0) return 1;
  const shape = degrees / 2;
  const x = statistic / 2;
  return x < shape + 1 ? 1 - gammaSeries(shape, x) : gammaFraction(shape, x);
}

/** Two-sided tail of Student's t: the chance that |T| exceeds the statistic. */
export function studentTail(statistic: number, degrees: number): number {
  const square = statistic * statistic;
  return regularisedBeta(degrees / (degrees + square), degrees / 2, 0.5);
}
