import { assert } from '#libs/kernel';
import { WITHHELD_REASONS, type GateStage, type WithheldReason } from '#libs/policy';

/** The funnel, in order. A losing candidate carries the stage it lost at. */
export const STAGES = [
  'available',
  'channel',
  'consent',
  'eligibility',
  'applicability',
  'suitability',
  'suppression',
  'caps',
  'quiet_hours',
  'volume',
  'maturity',
  'score',
  'arbitration',
  'reservation',
  'output',
] as const;

/** A stage of the funnel. */
export type Stage = (typeof STAGES)[number];

/** Stages that the host evaluates before the draw; the others are the decision's own. */
export const FILTER_STAGES = [
  'available',
  'channel',
  'consent',
  'eligibility',
  'applicability',
  'suitability',
  'suppression',
  'caps',
  'quiet_hours',
  'volume',
  'maturity',
  'score',
] as const satisfies readonly Stage[];

/** A stage whose verdict the host supplies. */
export type FilterStage = (typeof FILTER_STAGES)[number];

/** Reasons of the decision itself; those of the contact policy come beside them. */
export const DECISION_REASONS = [
  // available
  'inactive',
  'not_yet_valid',
  'expired',
  'paused',
  // channel
  'channel_unavailable',
  // eligibility, applicability, suitability
  'not_eligible',
  'not_applicable',
  'not_suitable',
  'missing_data',
  'rule_error',
  // volume, reservation
  'limit_reached',
  'budget_spent',
  'reservation_failed',
  // maturity, score
  'model_immature',
  'no_value',
  'not_scored',
  // arbitration
  'lower_score',
  'not_drawn',
  'listed_later',
  'not_business_as_usual',
  // output
  'highest_score',
  'drawn',
  'first_listed',
  'business_as_usual',
  'only_candidate',
  'fallback',
] as const;

/** Why a candidate lost or won: a closed list, so that a refusal of the gate keeps its code. */
export type Reason = (typeof DECISION_REASONS)[number] | WithheldReason;

/** Every reason; each has a text in `REASON_TEXTS`. */
export const REASONS: readonly Reason[] = [...DECISION_REASONS, ...WITHHELD_REASONS];

/** The verdict of one stage on one candidate. */
export interface StageVerdict {
  readonly stage: FilterStage;
  readonly passed: boolean;
  /** Given when it did not pass. */
  readonly reason?: Reason;
  /** Words or figures of the case, for people: `2 discounts in 90 days`. Nothing personal. */
  readonly detail?: string;
}

/** A predicate's answer: passed, or refused with a reason. */
export type StageAnswer = true | { readonly reason: Reason; readonly detail?: string };

/** Predicates by stage, asked only when every earlier stage passed. */
export type FunnelChecks = { readonly [Name in FilterStage]?: () => StageAnswer };

/**
 * Asks the predicates in funnel order and stops at the first that refuses; the last verdict is then
 * the refusal. A stage without a predicate is left out.
 */
export function evaluateFunnel(checks: FunnelChecks): readonly StageVerdict[] {
  const verdicts: StageVerdict[] = [];
  for (const stage of FILTER_STAGES) {
    const check = checks[stage];
    if (check === undefined) continue;
    const answer = check();
    if (answer === true) {
      verdicts.push({ stage, passed: true });
      continue;
    }
    verdicts.push({ stage, passed: false, ...answer });
    return verdicts;
  }
  return verdicts;
}

const FILTER_OF_GATE: Readonly<Record<GateStage, FilterStage>> = {
  request: 'available',
  holdout: 'available',
  address: 'channel',
  suppression: 'suppression',
  consent: 'consent',
  holds: 'suppression',
  caps: 'caps',
  quiet_hours: 'quiet_hours',
  content: 'channel',
};

/** The stage of the funnel at which a refusal of the contact policy's gate counts. */
export function filterStageOf(stage: GateStage): FilterStage {
  return FILTER_OF_GATE[stage];
}

/** The first refusal among verdicts, or null. Asserts that they are in funnel order. */
export function firstRefusal(verdicts: readonly StageVerdict[]): StageVerdict | null {
  let last = -1;
  let refusal: StageVerdict | null = null;
  for (const verdict of verdicts) {
    const place = FILTER_STAGES.indexOf(verdict.stage);
    assert(place > last, `stage ${verdict.stage} is out of funnel order`);
    last = place;
    if (!verdict.passed && refusal === null) {
      assert(verdict.reason !== undefined, `stage ${verdict.stage} refuses without a reason`);
      refusal = verdict;
    }
  }
  return refusal;
}
