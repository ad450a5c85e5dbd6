import type { CommandId, EpochMs, JsonObject } from '#libs/kernel';
import type { Command, EffectScope, StepResult, StepTaken } from './command.js';
import { bindingsOf, type Bindings } from './condition.js';
import type { Definition, Step, StepId } from './definition.js';
import { endCommandIdOf } from './ids.js';
import type { Context, InputEvent } from './input.js';
import { laterMark } from './mark.js';
import {
  STEP_BUDGET,
  type Cursor,
  type DecisionTaken,
  type EnrolmentStatus,
  type Mark,
  type State,
  type Wait,
} from './state.js';

/**
 * One transition in the making: a draft private to one call of `transition`, opened from a state
 * and closed into the next. Nothing outside the call sees it change.
 */
export interface Run {
  readonly definition: Definition;
  readonly before: State;
  readonly context: Context;
  readonly event: InputEvent | null;
  readonly atMs: EpochMs;
  readonly commands: Command[];
  readonly steps: StepTaken[];
  readonly visits: Record<StepId, number>;
  status: EnrolmentStatus;
  endedAs: string | null;
  enteredAtMs: EpochMs | null;
  entry: JsonObject;
  entryMark: Mark;
  mark: Mark;
  decisions: Readonly<Record<StepId, DecisionTaken>>;
  cursors: readonly Cursor[];
  budget: number;
  bindings: Bindings | null;
}

/** Where a cursor stands while its step runs. */
export interface Spot {
  readonly stepId: StepId;
  readonly visit: number;
  readonly commandId: CommandId;
}

/** What entering or waking a step came to. */
export type Outcome =
  | {
      readonly kind: 'go';
      readonly next: StepId | null;
      readonly result: StepResult;
      readonly branch?: string;
    }
  | { readonly kind: 'wait'; readonly wait: Wait }
  | {
      readonly kind: 'end';
      readonly as: string;
      readonly result: StepResult;
      readonly branch?: string;
    };

/** Opens a draft. The clock never goes back: an earlier `atMs` counts as the state's last. */
export function openRun(
  definition: Definition,
  state: State,
  input: { readonly atMs: EpochMs; readonly context: Context },
  event: InputEvent | null,
): Run {
  return {
    definition,
    before: state,
    context: input.context,
    event,
    atMs: Math.max(input.atMs, state.lastAtMs),
    commands: [],
    steps: [],
    visits: { ...state.visits },
    status: state.status,
    endedAs: state.endedAs,
    enteredAtMs: state.enteredAtMs,
    entry: state.entry,
    entryMark: state.entryMark,
    mark: state.mark,
    decisions: state.decisions,
    cursors: state.cursors,
    budget: STEP_BUDGET,
    bindings: null,
  };
}

/** The state the draft came to. */
export function closedState(run: Run): State {
  return {
    enrolmentId: run.before.enrolmentId,
    profileId: run.before.profileId,
    definition: run.before.definition,
    entryKey: run.before.entryKey,
    status: run.status,
    endedAs: run.endedAs,
    enteredAtMs: run.enteredAtMs,
    lastAtMs: run.atMs,
    entry: run.entry,
    entryMark: run.entryMark,
    mark: run.mark,
    decisions: run.decisions,
    vars: run.before.vars,
    cursors: run.cursors,
    visits: run.visits,
  };
}

/** Names expressions may use, built at most once a transition and anew after a decision. */
export function bindingsFor(run: Run): Bindings {
  run.bindings ??= bindingsOf({
    atMs: run.atMs,
    context: run.context,
    event: run.event,
    entry: run.entry,
    decisions: run.decisions,
    vars: run.before.vars,
  });
  return run.bindings;
}

/** Keeps a decision's answer under the deciding step. */
export function recordDecision(run: Run, stepId: StepId, decision: DecisionTaken): void {
  run.decisions = { ...run.decisions, [stepId]: decision };
  run.bindings = null;
}

/** The end of a waiting step: the next wait looks back to here. */
export function moveMark(run: Run, mark: Mark): void {
  run.mark = laterMark(run.mark, mark);
}

/** What effects may refer to. */
export function effectScope(run: Run): EffectScope {
  return { entry: run.entry, decisions: run.decisions, vars: run.before.vars };
}

/** Notes that a step was taken or left. */
export function noteStep(
  run: Run,
  spot: { readonly stepId: StepId; readonly visit: number; readonly enteredAtMs: EpochMs },
  result: StepResult,
  branch?: string,
): void {
  const { type } = run.definition.steps[spot.stepId] as Step;
  const { stepId, visit, enteredAtMs } = spot;
  const taken = { stepId, type, visit, enteredAtMs, result };
  const left = result === 'waiting' ? taken : { ...taken, leftAtMs: run.atMs };
  run.steps.push(branch === undefined ? left : { ...left, branch });
}

/**
 * Closes what a cursor has open at the host. A fired timer or matched wait is closed by its input.
 */
export function closeWait(run: Run, wait: Wait, fired: 'timer' | 'none'): void {
  if (wait.kind === 'event') run.commands.push({ type: 'unlisten', commandId: wait.commandId });
  const armed = wait.kind === 'timer' || (wait.kind === 'event' && wait.dueMs !== null);
  if (armed && fired !== 'timer') run.commands.push({ type: 'disarm', commandId: wait.commandId });
}

/** Ends the enrolment: open steps are cut short, open waits closed, `end` comes last. */
export function endRun(run: Run, as: string): void {
  for (const cursor of run.cursors) {
    if (cursor.wait.kind === 'held') continue;
    closeWait(run, cursor.wait, 'none');
    noteStep(run, cursor, 'cut_short');
  }
  run.cursors = [];
  run.status = 'ended';
  run.endedAs = as;
  run.commands.push({ type: 'end', commandId: endCommandIdOf(run.before.enrolmentId), as });
}
