import { fail, ok, type EpochMs, type Json, type JsonObject, type Result } from '#libs/kernel';
import { bindingsOf, concerns, evaluateJson, type ConditionFailure } from './condition.js';
import type { Definition, Goal, Reward, StepId } from './definition.js';
import type { Context, InputEvent } from './input.js';
import type { DecisionTaken, State } from './state.js';

/**
 * What a stored watch keeps so that `when` and `value` can be evaluated after the enrolment's end.
 */
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

/** Why an event achieves nothing. */
export type WatchMiss =
  'other_event' | 'outside_window' | 'condition_false' | 'condition_failed' | 'unknown_watch';

/** An achievement; `value` is null where the definition names none or it has no number. */
export interface Achievement {
  readonly value: number | null;
}

/** The goal's watch of an enrolment of any group, once entered; null without a goal. */
export function goalWatch(definition: Definition, state: State): WatchSpec | null {
  const { goal } = definition;
  if (goal === null || state.enteredAtMs === null) return null;
  return {
    kind: 'goal',
    on: goal.on,
    stepId: null,
    decisionId: null,
    vars: varsFor(goal, state),
    fromMs: state.entryMark.atMs,
    untilMs: state.enteredAtMs + goal.withinMs,
  };
}

/**
 * The reward's watch of a decision, taken at `decidedAtMs`; null where the step names no reward.
 */
export function rewardWatch(
  definition: Definition,
  state: State,
  decided: {
    readonly stepId: StepId;
    readonly decisionId: string;
    readonly decidedAtMs: EpochMs;
  },
): WatchSpec | null {
  const step = definition.steps[decided.stepId];
  if (step?.type !== 'decide' || step.reward === null) return null;
  return {
    kind: 'reward',
    on: step.reward.on,
    stepId: decided.stepId,
    decisionId: decided.decisionId,
    vars: varsFor(step.reward, state),
    fromMs: decided.decidedAtMs,
    untilMs: decided.decidedAtMs + step.reward.withinMs,
  };
}

/**
 * Whether the event achieves what is watched for, and its worth. Historical events count as well:
 * an offline order that arrives in a file is an order; only its own time matters.
 */
export function watchMatches(
  definition: Definition,
  watch: WatchSpec,
  event: InputEvent,
  context: Context,
): Result<Achievement, WatchMiss> {
  const watched = watchedBy(definition, watch);
  if (watched === null) return fail('unknown_watch');
  if (!concerns(watched, event)) return fail('other_event');
  if (event.atMs <= watch.fromMs || event.atMs > watch.untilMs) return fail('outside_window');
  if (watched.when === undefined && watched.value === undefined) return ok({ value: null });
  const bindings = bindingsOf({ atMs: event.atMs, context, event, ...watch.vars });
  if (watched.when !== undefined) {
    const answer = evaluateJson(definition, watched.when, bindings);
    if (!answer.ok) return fail('condition_failed');
    if (answer.value !== true) return fail('condition_false');
  }
  if (watched.value === undefined) return ok({ value: null });
  return ok({ value: numberOf(evaluateJson(definition, watched.value, bindings)) });
}

function watchedBy(definition: Definition, watch: WatchSpec): Goal | Reward | null {
  if (watch.kind === 'goal') return definition.goal;
  const step = watch.stepId === null ? undefined : definition.steps[watch.stepId];
  return step?.type === 'decide' ? step.reward : null;
}

function varsFor(watched: Goal | Reward, state: State): WatchVars {
  // Without an expression there is nothing to evaluate later: most watches then stay tiny.
  if (watched.when === undefined && watched.value === undefined) {
    return { entry: {}, decisions: {}, vars: {} };
  }
  return { entry: state.entry, decisions: state.decisions, vars: state.vars };
}

function numberOf(answer: Result<Json, ConditionFailure>): number | null {
  return answer.ok && typeof answer.value === 'number' ? answer.value : null;
}
