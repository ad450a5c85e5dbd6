import { betaScore, type ScoreDistribution } from '../numeric/distribution.js';
import { DEFAULT_PRIOR, NOTHING, type CandidateInput, type Posterior } from '../types.js';
import type { Model } from './model.js';

/** What a success brings: value x context weight x lever. */
export function gainOf(candidate: CandidateInput): number {
  return candidate.value * (candidate.contextWeight ?? 1) * (candidate.lever ?? 1);
}

/** Prior plus learned counts: the parameters of the beta posterior. */
export function parametersOf(candidate: CandidateInput): Posterior {
  const prior = candidate.prior ?? DEFAULT_PRIOR;
  return {
    successes: prior.successes + (candidate.posterior?.successes ?? 0),
    failures: prior.failures + (candidate.posterior?.failures ?? 0),
  };
}

/** Beta posterior of the outcome, scaled by the gain and shifted by the cost; `nothing` is 0. */
export const betaModel: Model = {
  scoreOf(candidate: CandidateInput): ScoreDistribution {
    if (candidate.action === NOTHING) return { kind: 'point', at: 0 };
    const { successes, failures } = parametersOf(candidate);
    return betaScore(successes, failures, gainOf(candidate), candidate.cost);
  },
};
