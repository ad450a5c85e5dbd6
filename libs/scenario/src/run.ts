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
  type Frame,
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
  /** End of the last waiting step on the scenario's own path and on branches that have joined. */
  mark: Mark;
  decisions: Readonly<Record<StepId, DecisionTaken>>;
  vars: JsonObject;
  cursors: readonly Cursor[];
  /** Where the path that is being followed is. */
  path: Path;
  /** Branches begun in this transition that are still to be followed, the next one first. */
  forks: readonly Fork[];
  budget: number;
  bindings: Bindings | null;
}

/** What a path through the graph is inside of, and where its next wait looks back to. */
export interface Path {
  readonly within: readonly Frame[];
  readonly mark: Mark;
}

/** A branch to follow. */
export interface Fork extends Path {
  readonly next: StepId;
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
  /** The step has been noted, and is left when the path comes back to it. */
  | { readonly kind: 'inside'; readonly next: StepId | null }
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
    vars: state.vars,
    cursors: state.cursors,
    path: { within: [], mark: state.mark },
    forks: [],
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
    vars: run.vars,
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
    vars: run.vars,
  });
  return run.bindings;
}

/** Keeps a decision's answer under the deciding step. */
export function recordDecision(run: Run, stepId: StepId, decision: DecisionTaken): void {
  run.decisions = { ...run.decisions, [stepId]: decision };
  run.bindings = null;
}

/** Keeps a step's answer as `vars.<step id>` where the definition names it. */
export function recordVar(run: Run, stepId: StepId, value: JsonObject): void {
  if (!run.definition.reads.vars.includes(stepId)) return;
  run.vars = { ...run.vars, [stepId]: value };
  run.bindings = null;
}

/** The end of a waiting step: the next wait of the same path looks back to here. */
export function moveMark(run: Run, mark: Mark): void {
  const { within } = run.path;
  run.path = { within, mark: laterMark(run.path.mark, mark) };
  if (within.length === 0) run.mark = run.path.mark;
}

/** Takes a cursor up: what follows happens on its path. */
export function leavePlace(run: Run, cursor: Cursor): void {
  run.cursors = run.cursors.filter((each) => each !== cursor);
  run.path = { within: cursor.within ?? [], mark: cursor.mark ?? run.mark };
}

/** Sets a cursor down on the path that is being followed. */
export function standAt(run: Run, place: Omit<Cursor, 'within' | 'mark'>): void {
  const { within, mark } = run.path;
  const { stepId, visit, enteredAtMs, wait } = place;
  const inside = within.length === 0 ? {} : { within, mark };
  run.cursors = [...run.cursors, { stepId, visit, enteredAtMs, wait, ...inside }];
}

/** What effects may refer to. */
export function effectScope(run: Run): EffectScope {
  return { entry: run.entry, decisions: run.decisions, vars: run.vars };
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

/** Closes cursors that go no further: their steps and what they are inside of are cut short. */
export function cutShort(run: Run, cursors: readonly Cursor[], frames: readonly Frame[]): void {
  for (const cursor of cursors) {
    if (cursor.wait.kind === 'held') continue;
    closeWait(run, cursor.wait, 'none');
    noteStep(run, cursor, 'cut_short');
  }
  for (const frame of frames) noteStep(run, frame, 'cut_short');
  run.cursors = run.cursors.filter((cursor) => !cursors.includes(cursor));
}

/** What any of the paths are inside of, each once, the innermost first. */
export function framesOf(paths: readonly { readonly within?: readonly Frame[] }[]): Frame[] {
  const frames = paths.flatMap(({ within = [] }) => within);
  const isFirst = (frame: Frame, index: number): boolean =>
    frames.findIndex(({ stepId }) => stepId === frame.stepId) === index;
  return frames.filter(isFirst).reverse();
}

/** Ends the enrolment: open steps are cut short, open waits closed, `end` comes last. */
export function endRun(run: Run, as: string): void {
  cutShort(run, run.cursors, framesOf([run.path, ...run.cursors, ...run.forks]));
  run.forks = [];
  run.status = 'ended';
  run.endedAs = as;
  run.commands.push({ type: 'end', commandId: endCommandIdOf(run.before.enrolmentId), as });
}
