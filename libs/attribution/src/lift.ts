import { assert } from '#libs/kernel';
import { chiSquareTail, studentTail } from '#libs/decision';

/** A group's results: only counts and sums that add up. */
export interface GroupTotals {
  /** People entered, by assigned group. */
  readonly n: number;
  readonly converted: number;
  /** Sum and sum of squares of revenue per person, one currency. */
  readonly sum: number;
  readonly sumsq: number;
}

/** A difference treated minus control, with its 95 % interval. */
export interface Difference {
  readonly treated: number;
  readonly control: number;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Relative to control; null when control is 0. */
  readonly relative: number | null;
  /** The interval excludes 0. */
  readonly isSignificant: boolean;
}

/** Whether people were split as asked. */
export interface SampleRatio {
  /** Chance of a split at least this uneven if people are assigned as asked. */
  readonly p: number;
  /** p below 0.001: something loses people of one group; do not trust the lift. */
  readonly isSuspect: boolean;
}

/** What treatment changed, and how sure that is. */
export interface Lift {
  /** Share of people converted; interval by Newcombe's method, sound for small counts. */
  readonly rate: Difference;
  /** Revenue per person entered; interval by Welch's method. Null with under two people a side. */
  readonly revenue: Difference | null;
  /** Null when the expected share of treated was not given. */
  readonly sampleRatio: SampleRatio | null;
  /** Too few people or conversions to read anything into it. */
  readonly isTooEarly: boolean;
  /** What is still missing in the smaller group, and in conversions over both. */
  readonly missing: { readonly people: number; readonly conversions: number };
}

/** Fewer people than this in either group is too early. */
export const MIN_PEOPLE = 100;
/** Fewer conversions than this over both groups is too early. */
export const MIN_CONVERSIONS = 20;
const SUSPECT_BELOW = 0.001;
const Z_95 = 1.959963984540054;

function difference(treated: number, control: number, low: number, high: number): Difference {
  return {
    treated,
    control,
    difference: treated - control,
    low,
    high,
    relative: control === 0 ? null : (treated - control) / control,
    isSignificant: low > 0 || high < 0,
  };
}

/** Wilson's score interval of a share. */
function wilson(converted: number, n: number): { readonly low: number; readonly high: number } {
  if (n === 0) return { low: 0, high: 1 };
  const share = converted / n;
  const square = Z_95 * Z_95;
  const centre = (share + square / (2 * n)) / (1 + square / n);
  const spread = Math.sqrt((share * (1 - share)) / n + square / (4 * n * n));
  const half = (Z_95 * spread) / (1 + square / n);
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

function shareOf(totals: GroupTotals): number {
  return totals.n === 0 ? 0 : totals.converted / totals.n;
}

function rateDifference(treated: GroupTotals, control: GroupTotals): Difference {
  const t = shareOf(treated);
  const c = shareOf(control);
  const tRange = wilson(treated.converted, treated.n);
  const cRange = wilson(control.converted, control.n);
  const low = t - c - Math.hypot(t - tRange.low, cRange.high - c);
  const high = t - c + Math.hypot(tRange.high - t, c - cRange.low);
  return difference(t, c, low, high);
}

/** The value that |T| exceeds with a chance of 5 %. */
function studentLimit(degrees: number): number {
  if (degrees > 100_000) return Z_95 + (Z_95 ** 3 + Z_95) / (4 * degrees);
  let low = Z_95;
  let high = 1_000;
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (studentTail(middle, degrees) > 0.05) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function meanOf(totals: GroupTotals): { readonly mean: number; readonly square: number } {
  const mean = totals.sum / totals.n;
  const variance = Math.max(0, (totals.sumsq - totals.n * mean * mean) / (totals.n - 1));
  return { mean, square: variance / totals.n };
}

function revenueDifference(treated: GroupTotals, control: GroupTotals): Difference | null {
  if (treated.n < 2 || control.n < 2) return null;
  const t = meanOf(treated);
  const c = meanOf(control);
  const square = t.square + c.square;
  const spread = t.square ** 2 / (treated.n - 1) + c.square ** 2 / (control.n - 1);
  const half = spread === 0 ? 0 : studentLimit(square ** 2 / spread) * Math.sqrt(square);
  const middle = t.mean - c.mean;
  return difference(t.mean, c.mean, middle - half, middle + half);
}

/** Chi-square check of counts against the shares asked for; shares need not add up to 1. */
export function sampleRatioOf(counts: readonly number[], shares: readonly number[]): SampleRatio {
  assert(counts.length === shares.length && counts.length >= 2, 'one share a group, two or more');
  assert(
    shares.every((share) => share > 0),
    'shares are above 0',
  );
  const people = counts.reduce((sum, count) => sum + count, 0);
  if (people === 0) return { p: 1, isSuspect: false };
  const total = shares.reduce((sum, share) => sum + share, 0);
  let statistic = 0;
  counts.forEach((count, index) => {
    const expected = (people * (shares[index] ?? 0)) / total;
    statistic += (count - expected) ** 2 / expected;
  });
  const p = chiSquareTail(statistic, counts.length - 1);
  return { p, isSuspect: p < SUSPECT_BELOW };
}

/**
 * Lift of treatment over control, everyone entered, by assigned group. Give the share of people
 * that should be treated, among the two groups, to have the split checked.
 */
export function liftOf(
  treated: GroupTotals,
  control: GroupTotals,
  expectedTreatedShare?: number,
): Lift {
  for (const { n, converted } of [treated, control]) {
    assert(n >= 0 && converted >= 0 && converted <= n, 'conversions are among the people');
  }
  const missing = {
    people: Math.max(0, MIN_PEOPLE - Math.min(treated.n, control.n)),
    conversions: Math.max(0, MIN_CONVERSIONS - treated.converted - control.converted),
  };
  const share = expectedTreatedShare;
  return {
    rate: rateDifference(treated, control),
    revenue: revenueDifference(treated, control),
    sampleRatio:
      share === undefined ? null : sampleRatioOf([treated.n, control.n], [share, 1 - share]),
    isTooEarly: missing.people > 0 || missing.conversions > 0,
    missing,
  };
}
