import { RFM_AGGREGATES } from './metrics.js';

/** Recency (time of the last event), frequency and monetary value of one profile. */
export interface RfmInput {
  readonly lastAtMs: number;
  readonly count: number;
  readonly value: number;
}

/** Four cuts a dimension: a value above the n-th scores n + 1 at least. */
export interface RfmCuts {
  readonly recency: readonly number[];
  readonly frequency: readonly number[];
  readonly monetary: readonly number[];
}

/**
 * Cuts of one dimension: the least values that 20, 40, 60 and 80 % of the profiles do not exceed, as
 * SQL's `percentile_disc` gives them. The same for any order; equal values always score the same.
 */
export function quintileCuts(values: readonly number[]): readonly number[] {
  const sorted = [...values].sort((left, right) => left - right);
  return [1, 2, 3, 4].map((part) => sorted[Math.ceil((sorted.length * part) / 5) - 1] ?? Infinity);
}

/** Cuts over the profiles that had an event within the window; null without any. */
export function rfmCuts(inputs: readonly RfmInput[]): RfmCuts | null {
  const active = inputs.filter((input) => input.count > 0);
  if (active.length === 0) return null;
  return {
    recency: quintileCuts(active.map((input) => input.lastAtMs)),
    frequency: quintileCuts(active.map((input) => input.count)),
    monetary: quintileCuts(active.map((input) => input.value)),
  };
}

/** What RFM reads of a profile's aggregates. */
export function rfmInputOf(aggregates: Readonly<Record<string, number>>): RfmInput {
  return {
    lastAtMs: aggregates[RFM_AGGREGATES.recency] ?? 0,
    count: aggregates[RFM_AGGREGATES.frequency] ?? 0,
    value: aggregates[RFM_AGGREGATES.monetary] ?? 0,
  };
}

function scoreOf(value: number, cuts: readonly number[]): number {
  let score = 1;
  for (const cut of cuts) if (value > cut) score += 1;
  return score;
}

/** `5-4-3`: scores of 1 to 5, five the best; empty without an event in the window or without cuts. */
export function rfmText(input: RfmInput, cuts: RfmCuts | null): string {
  if (cuts === null || input.count <= 0) return '';
  return [
    scoreOf(input.lastAtMs, cuts.recency),
    scoreOf(input.count, cuts.frequency),
    scoreOf(input.value, cuts.monetary),
  ].join('-');
}
