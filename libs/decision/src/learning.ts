import { assert } from '#libs/kernel';
import type { Posterior } from './types.js';

/** Nothing learned yet. */
export const EMPTY_POSTERIOR: Posterior = { successes: 0, failures: 0 };

/**
 * Counts after final rewards, each the weight of a success from 0 to 1 (others are cut to that).
 * Counting each decision once is the caller's job.
 */
export function posteriorAfter(prior: Posterior, rewards: readonly number[]): Posterior {
  let { successes, failures } = prior;
  for (const reward of rewards) {
    assert(Number.isFinite(reward), 'a reward is finite');
    const weight = Math.min(1, Math.max(0, reward));
    successes += weight;
    failures += 1 - weight;
  }
  return { successes, failures };
}

/** A final reward: `key` names (scenario, step, action, treatment), see `posteriorKey`. */
export interface RewardRow {
  readonly decisionId: string;
  readonly key: string;
  readonly success: 0 | 1;
}

/** The key a posterior is learned under; shared by all versions of a scenario. */
export function posteriorKey(
  scenario: string,
  stepId: string,
  action: string,
  treatment: string | null,
): string {
  return JSON.stringify([scenario, stepId, action, treatment]);
}

/**
 * New counts by key. The order of rows does not matter; a decision counted before must be left out
 * by the caller. The map given is not changed.
 */
export function foldRewards(
  posteriors: ReadonlyMap<string, Posterior>,
  rows: readonly RewardRow[],
): ReadonlyMap<string, Posterior> {
  const folded = new Map(posteriors);
  for (const { key, success } of rows) {
    folded.set(key, posteriorAfter(folded.get(key) ?? EMPTY_POSTERIOR, [success]));
  }
  return folded;
}
