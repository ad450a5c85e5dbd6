import type { EpochMs, JsonObject } from '#libs/kernel';
import type { StepId } from './definition.js';
import type { DecisionTaken } from './state.js';

/** What a stored watch keeps so that `when` and `value` can be evaluated after the enrolment's end. */
export interface WatchVars {
  readonly entry: JsonObject;
  readonly decisions: Readonly<Record<StepId, DecisionTaken>>;
  readonly vars: JsonObject;
}

/** A goal or a reward to look out for; the host stores it with the profile and the enrolment. */
export interface WatchSpec {
  readonly kind: 'goal' | 'reward';
  /** Any of these names. */
  readonly on: readonly string[];
  /** The deciding step; null for the goal. */
  readonly stepId: StepId | null;
  /** Rewards only: the decision to credit. */
  readonly decisionId: string | null;
  readonly vars: WatchVars;
  /** Events after this instant, by their own time, up to and including `untilMs`. */
  readonly fromMs: EpochMs;
  readonly untilMs: EpochMs;
}
