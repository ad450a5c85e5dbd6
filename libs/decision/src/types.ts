import type { EpochMs } from '#libs/kernel';
import type { Reason, Stage, StageVerdict } from './stages.js';

/** The action that does nothing; its score is 0 and no filter applies to it. */
export const NOTHING = 'nothing';

/** How an enrolment is treated, sticky: see `assignGroup`. */
export type Group = 'policy' | 'random_control' | 'rules' | 'holdout';

/** Models of this version; later ones join the list. */
export type ModelName = 'betaTS' | 'random' | 'rules';

/** Weighted counts of good and other outcomes. As a prior: pseudo-counts, each at least 0.5. */
export interface Posterior {
  readonly successes: number;
  readonly failures: number;
}

/** Without a prior of its own a candidate starts at Beta(1, 1). */
export const DEFAULT_PRIOR: Posterior = { successes: 1, failures: 1 };

/** One (action, treatment). Its place in the input's list is the author's listed order. */
export interface CandidateInput {
  readonly action: string;
  /** Null for `nothing`. */
  readonly treatment: string | null;
  /** `email`, `sms`, `task`...; null for `nothing`. */
  readonly channel: string | null;
  /** Verdicts in funnel order, up to the first refusal. */
  readonly filters: readonly StageVerdict[];
  /** Gain when it works, in the workspace's currency. */
  readonly value: number;
  /** Cost of doing it, in the workspace's currency. */
  readonly cost: number;
  /** Multipliers of the value; 1 when absent. */
  readonly contextWeight?: number;
  readonly lever?: number;
  /** Outcomes learned so far under the key (scenario, step, action, treatment). */
  readonly posterior?: Posterior;
  readonly prior?: Posterior;
}

/** Everything a decision depends on. The same input gives the same record. */
export interface DecideInput {
  readonly decisionId: string;
  /** All chance comes from here. */
  readonly seed: string;
  readonly atMs: EpochMs;
  readonly scenario: string;
  /** Content hash of the scenario version. */
  readonly definition: string;
  readonly stepId: string;
  readonly enrolmentId?: string;
  readonly profileId: string;
  readonly group: Group;
  readonly model: ModelName;
  readonly modelVersion: string;
  /** Version of the contact policy. */
  readonly policy: string;
  /** Share of decisions drawn uniformly, 0 to 1; 0.05 when absent. */
  readonly floor?: number;
  readonly candidates: readonly CandidateInput[];
  /** Action taken when no answer comes in time. */
  readonly fallback?: string;
  /** Action of the group `rules`. */
  readonly businessAsUsual?: string;
  /** ISO 4217, of value, cost and score. */
  readonly currency?: string;
  readonly features?: Readonly<Record<string, number>>;
}

/** Why the model's choice was not taken. */
export type FallbackReason =
  | 'no_candidate'
  | 'holdout'
  | 'business_as_usual_unavailable'
  | 'timeout'
  | 'error'
  | 'model_unavailable'
  | 'missing_features';

/** One candidate as logged: the row of `decision_candidates`. */
export interface CandidateRecord {
  readonly action: string;
  readonly treatment: string | null;
  readonly channel: string | null;
  /** Where it lost, `arbitration` when another was preferred, `output` for the chosen. */
  readonly stage: Stage;
  /** It took part in the draw: propensities sum to 1 over these. */
  readonly passed: boolean;
  readonly reason: Reason;
  readonly reasonDetail: string | null;
  /** Mean of the posterior; null without one. */
  readonly pRaw: number | null;
  /** The draw of the outcome propensity; null when nothing was drawn. */
  readonly pSampled: number | null;
  readonly pCalibrated: number | null;
  /** Standard deviation of the posterior. */
  readonly sd: number | null;
  readonly value: number;
  readonly contextWeight: number;
  readonly lever: number;
  readonly cost: number;
  /** What was compared: drawn by betaTS, expected by the other models; null if not scored. */
  readonly score: number | null;
  /** Exact logging propensity; 0 when it did not take part. */
  readonly propensity: number;
  /** 1 for the best score among those that took part, else null. */
  readonly rank: number | null;
  /** Parts that add up to the score: the expected gain, the luck of the draw, the cost. */
  readonly contributions: readonly (readonly [name: string, amount: number])[];
}

/** A decision as logged: the row of `decisions` with its `decision_candidates`. */
export interface DecisionRecord {
  readonly decisionId: string;
  readonly enrolmentId: string | null;
  readonly atMs: EpochMs;
  readonly scenario: string;
  readonly definition: string;
  readonly stepId: string;
  readonly profileId: string;
  readonly group: Group;
  /** The model that chose: `random` in random control, `rules` in the group `rules`. */
  readonly model: ModelName;
  readonly modelVersion: string;
  readonly policy: string;
  readonly seed: string;
  readonly chosenAction: string | null;
  readonly chosenTreatment: string | null;
  readonly chosenChannel: string | null;
  readonly chosenPropensity: number;
  /** Index of the chosen among `candidates`, or null. */
  readonly chosenIndex: number | null;
  readonly explored: boolean;
  /** Share of the choice that was uniform. */
  readonly epsilon: number;
  readonly nCandidates: number;
  readonly nEligible: number;
  readonly fallbackReason: FallbackReason | null;
  readonly currency: string | null;
  readonly features: Readonly<Record<string, number>>;
  readonly candidates: readonly CandidateRecord[];
}
