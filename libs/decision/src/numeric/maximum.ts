import { assert } from '#libs/kernel';
import { shapeOf, type BetaShape, type ScoreDistribution } from './distribution.js';
import { gaussRule, PANEL_NODES, type GaussRule } from './gauss.js';
import { regularisedBeta } from './special.js';

/** How finely the scores are cut; only the tests use another than the default. */
export interface Resolution {
  readonly rule: GaussRule;
  /** Largest panel in local standard deviations of the sharpest density on it. */
  readonly widthSd: number;
  /** Largest change of a log density over a panel. */
  readonly maxLogChange: number;
}

/** Measured against `regularisedBeta` and finer cuts: below 1e-8 up to 30 candidates. */
export const DEFAULT_RESOLUTION: Resolution = {
  rule: gaussRule(PANEL_NODES),
  widthSd: 2,
  maxLogChange: 8,
};

/** What is left of a distribution counts as nothing below this. */
const NEGLIGIBLE = 1e-8;
const MAX_PANELS = 20_000;

/** A density x^n (1-x)^m with a small whole exponent is a polynomial there: no refinement. */
function isPolynomial(exponent: number): boolean {
  return exponent <= 4 && exponent >= 0 && Number.isInteger(exponent);
}

/** The widest panel, in scores, that resolves this density from the score given. */
function stepFrom(shape: BetaShape, score: number, resolution: Resolution): number {
  const x = Math.max((score - shape.offset) / shape.scale, Number.MIN_VALUE);
  const rest = Math.max(1 - x, 1e-17);
  const low = isPolynomial(shape.low) ? 0 : shape.low;
  const high = isPolynomial(shape.high) ? 0 : shape.high;
  const curvature = Math.abs(low) / (x * x) + Math.abs(high) / (rest * rest);
  const slope = Math.abs(low / x - high / rest);
  let width = Math.min(
    resolution.widthSd / Math.sqrt(curvature),
    resolution.maxLogChange / slope,
    0.25,
  );
  // A fractional power is not smooth at its end: panels shrink geometrically towards it.
  if (low !== 0) width = Math.min(width, 7 * x);
  if (high !== 0) width = Math.min(width, 0.6 * rest);
  return width * shape.scale;
}

interface Racer {
  readonly index: number;
  readonly shape: BetaShape;
  /** Chance that its score is at most the panel's left end. */
  below: number;
  /** Per node: probability mass a unit of weight, and the chance of being at most the node. */
  readonly mass: Float64Array;
  readonly atMost: Float64Array;
}

/** Densities and distribution values of one racer at the nodes of the panel [from, from + width]. */
function fillPanel(racer: Racer, from: number, width: number, rule: GaussRule): void {
  const { shape, mass, atMost } = racer;
  const count = rule.nodes.length;
  const half = width / 2 / shape.scale;
  const middle = (from - shape.offset) / shape.scale + half;
  for (let k = 0; k < count; k += 1) {
    const x = middle + half * (rule.nodes[k] as number);
    const rest = 1 - x;
    if (x <= 0 || rest <= 0) {
      mass[k] = 0;
      continue;
    }
    const ln =
      (shape.low === 0 ? 0 : shape.low * Math.log(x)) +
      (shape.high === 0 ? 0 : shape.high * Math.log(rest));
    mass[k] = half * Math.exp(ln - shape.lnNorm);
  }
  for (let i = 0; i < count; i += 1) {
    let sum = racer.below;
    const row = i * count;
    for (let k = 0; k < count; k += 1) {
      sum += (rule.cumulative[row + k] as number) * (mass[k] as number);
    }
    atMost[i] = sum;
  }
}

/** Adds to each racer the chance that it is the maximum and lies in the panel. */
function addPanel(racers: readonly Racer[], rule: GaussRule, wins: Float64Array): void {
  const count = rule.nodes.length;
  const before = new Float64Array(racers.length);
  for (let k = 0; k < count; k += 1) {
    let product = 1;
    for (let r = 0; r < racers.length; r += 1) {
      before[r] = product;
      product *= (racers[r] as Racer).atMost[k] as number;
    }
    let after = rule.weights[k] as number;
    for (let r = racers.length - 1; r >= 0; r -= 1) {
      const racer = racers[r] as Racer;
      wins[racer.index] =
        (wins[racer.index] as number) + (racer.mass[k] as number) * (before[r] as number) * after;
      after *= racer.atMost[k] as number;
    }
  }
  for (const racer of racers) {
    let sum = 0;
    for (let k = 0; k < count; k += 1) {
      sum += (rule.weights[k] as number) * (racer.mass[k] as number);
    }
    racer.below += sum;
  }
}

/** Where the panel that starts here ends: as far as every density on it allows. */
function panelEnd(racers: readonly Racer[], from: number, resolution: Resolution): number {
  let to = Number.POSITIVE_INFINITY;
  for (const { shape } of racers) {
    if (shape.isHardEnd && shape.to < to) to = shape.to;
    const end = from + stepFrom(shape, from, resolution);
    if (end < to) to = end;
  }
  assert(to > from, 'the quadrature does not advance');
  return to;
}

function chanceAllBelow(racers: readonly Racer[], except: Racer | null): number {
  let product = 1;
  for (const racer of racers) if (racer !== except) product *= racer.below;
  return product;
}

/** Takes out who cannot exceed the score any more; what is left of its mass lies at its end. */
function stillRunning(racers: readonly Racer[], from: number, wins: Float64Array): Racer[] {
  const running: Racer[] = [];
  for (const racer of racers) {
    if (racer.below < 1 - NEGLIGIBLE && from < racer.shape.to) {
      running.push(racer);
      continue;
    }
    const left = Math.max(0, 1 - racer.below) * chanceAllBelow(racers, racer);
    wins[racer.index] = (wins[racer.index] as number) + left;
  }
  return running;
}

/** Sweeps the scores upwards from `start` until at most one racer can still exceed the others. */
function sweep(
  starters: readonly Racer[],
  start: number,
  resolution: Resolution,
  wins: Float64Array,
): void {
  let racers = starters;
  let from = start;
  for (let panel = 0; panel < MAX_PANELS; panel += 1) {
    racers = stillRunning(racers, from, wins);
    const last = racers[0];
    if (last === undefined) return;
    if (racers.length === 1) {
      wins[last.index] = (wins[last.index] as number) + 1 - last.below;
      return;
    }
    const to = panelEnd(racers, from, resolution);
    for (const racer of racers) fillPanel(racer, from, to - from, resolution.rule);
    addPanel(racers, resolution.rule, wins);
    from = to;
  }
  assert(false, 'the quadrature needs too many panels');
}

function racersOf(scores: readonly ScoreDistribution[], nodeCount: number): Racer[] {
  const racers: Racer[] = [];
  scores.forEach((score, index) => {
    if (score.kind === 'point') return;
    const mass = new Float64Array(nodeCount);
    racers.push({
      index,
      shape: shapeOf(score),
      below: 0,
      mass,
      atMost: new Float64Array(nodeCount),
    });
  });
  return racers;
}

function bestPoint(scores: readonly ScoreDistribution[]): { index: number; at: number } {
  let best = { index: -1, at: Number.NEGATIVE_INFINITY };
  scores.forEach((score, index) => {
    if (score.kind === 'point' && score.at > best.at) best = { index, at: score.at };
  });
  return best;
}

/**
 * For each score the exact probability that an independent draw of it is the largest; of equal
 * points the first listed. Absolute error below 1e-6; the sum is 1 within 1e-9. Deterministic.
 *
 * One sweep over the scores serves all candidates: panels are as wide as the sharpest density on
 * them allows, and within a panel the distribution values come from the densities.
 */
export function winProbabilities(
  scores: readonly ScoreDistribution[],
  resolution: Resolution = DEFAULT_RESOLUTION,
): Float64Array {
  assert(scores.length > 0, 'no score to compare');
  if (scores.length === 1) return Float64Array.of(1);
  const wins = new Float64Array(scores.length);
  const racers = racersOf(scores, resolution.rule.nodes.length);
  const point = bestPoint(scores);
  let start = point.at;
  // Whoever starts highest owns the chance that nobody exceeds the start.
  let owner = point.index;
  for (const { index, shape } of racers) {
    if (shape.from <= start) continue;
    start = shape.from;
    owner = index;
  }
  for (const racer of racers) {
    const { shape } = racer;
    const score = scores[racer.index] as Extract<ScoreDistribution, { kind: 'beta' }>;
    const x = (start - shape.offset) / shape.scale;
    racer.below = start >= shape.to ? 1 : regularisedBeta(x, score.alpha, score.beta);
  }
  wins[owner] = chanceAllBelow(racers, null);
  sweep(racers, start, resolution, wins);
  return normalised(wins);
}

function normalised(wins: Float64Array): Float64Array {
  let sum = 0;
  for (const win of wins) sum += win;
  assert(Math.abs(sum - 1) < 1e-6, `win probabilities sum to ${sum}`);
  return wins.map((win) => Math.max(0, win) / sum);
}
