import type { Random } from '#libs/kernel';
import type { ScoreDistribution } from '../numeric/distribution.js';
import type { CandidateInput } from '../types.js';
import type { Reason } from '../stages.js';

/**
 * What is believed of a candidate's score. A new model (ridge, hashedLogit) is one more of these;
 * if its family is new, `ScoreDistribution` and the quadrature learn it too.
 */
export interface Model {
  scoreOf(candidate: CandidateInput): ScoreDistribution;
}

/** A choice among survivors, by index, with the chance of each. */
export interface Choice {
  readonly index: number;
  /** Exact chance of each survivor to be chosen; sums to 1 within 1e-9. */
  readonly propensities: readonly number[];
  /** What was compared, one a survivor. */
  readonly scores: readonly number[];
  readonly isDrawn: boolean;
  /** The uniform part of the choice decided. */
  readonly isUniform: boolean;
  /** Chance has a part in it at all. */
  readonly isRandom: boolean;
  readonly epsilon: number;
  readonly wonBy: Reason;
  readonly lostBy: Reason;
}

/** How to choose given beliefs. Its propensities must be exact for its own drawing code. */
export interface Explorer {
  choose(beliefs: readonly ScoreDistribution[], floor: number, random: Random): Choice;
}
