import { assert } from '#libs/kernel';
import { advance, comesBack, settle } from './advance.js';
import type { IgnoredReason } from './command.js';
import type { Step } from './definition.js';
import { commandIdOf } from './ids.js';
import type { InputEvent, ResultInput, TimerInput } from './input.js';
import { markOf } from './mark.js';
import {
  bindingsFor,
  closeWait,
  leavePlace,
  moveMark,
  standAt,
  type Outcome,
  type Run,
  type Spot,
} from './run.js';
import type { Cursor, Wait } from './state.js';
import { decided } from './steps/decide.js';
import { delivered } from './steps/deliver.js';
import { waitMatch } from './steps/wait-for.js';
import { called } from './steps/webhook.js';

/** A due timer ends the wait it belongs to. One that comes early is armed again. */
export function wakeByTimer(run: Run, input: TimerInput): IgnoredReason | null {
  const cursor = run.cursors.find((each) => each.wait.commandId === input.commandId);
  const dueMs = cursor === undefined ? null : dueOf(cursor.wait);
  if (cursor === undefined || dueMs === null) return 'unknown_command';
  if (dueMs > run.atMs) {
    run.commands.push({ type: 'arm', commandId: input.commandId, dueMs });
    return 'not_due';
  }
  leavePlace(run, cursor);
  leaveWait(run, cursor, expire(run, cursor, 'timer'));
  return null;
}

/**
 * Every wait the event meets is over, one a branch at most; where none is, the reason of the nearest
 * miss. Branches that an earlier one has cut short or ended are passed over.
 */
export function wakeByEvent(run: Run, event: InputEvent): IgnoredReason | null {
  let missed: IgnoredReason = event.historical ? 'historical' : 'no_match';
  let hasMatched = false;
  for (const cursor of run.cursors) {
    if (!run.cursors.includes(cursor)) continue;
    const step = stepOf(run, cursor);
    if (cursor.wait.kind !== 'event' || step.type !== 'wait_for') continue;
    const match = waitMatch(run.definition, { step, wait: cursor.wait }, event, () =>
      bindingsFor(run),
    );
    if (typeof match !== 'number') {
      missed = match;
      continue;
    }
    hasMatched = true;
    closeWait(run, cursor.wait, 'none');
    leavePlace(run, cursor);
    moveMark(run, markOf(event));
    leaveWait(run, cursor, {
      kind: 'go',
      next: step.then,
      result: 'matched',
      branch: event.name,
    });
  }
  return hasMatched ? null : missed;
}

/** The answer to a `decide`, a `deliver` or a `webhook`. */
export function wakeByResult(run: Run, input: ResultInput): IgnoredReason | null {
  const cursor = run.cursors.find(
    (each) => each.wait.kind === 'result' && each.wait.commandId === input.commandId,
  );
  if (cursor === undefined) return 'unknown_command';
  const outcome = answered(run, cursor, input);
  if (outcome === null) return 'result_does_not_fit';
  leavePlace(run, cursor);
  const effectAtMs = Math.min(input.effectAtMs ?? run.atMs, run.atMs);
  moveMark(run, { atMs: effectAtMs, eventKey: '' });
  leaveWait(run, cursor, outcome);
  return null;
}

/** Goes on after a pause: what is over continues, what fell due meanwhile does as its step says. */
export function wakeByResume(run: Run): void {
  for (const cursor of run.cursors) {
    if (!run.cursors.includes(cursor)) continue;
    const { wait } = cursor;
    if (wait.kind === 'held') {
      leavePlace(run, cursor);
      advance(run, wait.next);
      continue;
    }
    const dueMs = dueOf(wait);
    if (dueMs === null || dueMs > run.atMs) continue;
    leavePlace(run, cursor);
    // The host may or may not have fired the timer during the pause: disarming again is harmless.
    leaveOverdue(run, cursor, expire(run, cursor, 'none'));
  }
}

function leaveOverdue(run: Run, cursor: Cursor, outcome: Outcome): void {
  const step = stepOf(run, cursor);
  const onResume = 'onResume' in step ? step.onResume : 'continue';
  if (outcome.kind !== 'go' || onResume === 'continue') return leaveWait(run, cursor, outcome);
  if (onResume === 'exit') {
    const { result } = outcome;
    return leaveWait(run, cursor, { kind: 'end', as: 'stopped', result, branch: 'overdue' });
  }
  const skipped = outcome.next === null ? undefined : run.definition.steps[outcome.next];
  // The end of a branch or a round is no step of its own that could be skipped.
  const isLast = skipped === undefined || outcome.next === null || comesBack(run, outcome.next);
  if (isLast) return leaveWait(run, cursor, outcome);
  settle(run, { ...spotOf(run, cursor), enteredAtMs: cursor.enteredAtMs }, outcome);
  const visit = (run.visits[outcome.next] ?? 0) + 1;
  run.visits[outcome.next] = visit;
  const commandId = commandIdOf(run.before.enrolmentId, outcome.next, visit);
  const at = { stepId: outcome.next, visit, commandId, enteredAtMs: run.atMs };
  settle(run, at, { kind: 'go', next: skipped.next, result: 'skipped' });
  advance(run, skipped.next);
}

/** What a wait whose time has come leads to. Its end is its due time, however late the timer. */
function expire(run: Run, cursor: Cursor, fired: 'timer' | 'none'): Outcome {
  const step = stepOf(run, cursor);
  const { wait } = cursor;
  closeWait(run, wait, fired);
  moveMark(run, { atMs: dueOf(wait) ?? run.atMs, eventKey: '' });
  if (step.type === 'wait_for') return { kind: 'go', next: step.else, result: 'timed_out' };
  // A withheld delivery has rested: the same step once more, as its next visit.
  if (step.type === 'deliver') return { kind: 'go', next: cursor.stepId, result: 'withheld' };
  return { kind: 'go', next: step.next, result: 'done' };
}

/** Goes on from a cursor that has been taken up. */
function leaveWait(run: Run, cursor: Cursor, outcome: Outcome): void {
  const at = { ...spotOf(run, cursor), enteredAtMs: cursor.enteredAtMs };
  const standing = settle(run, at, outcome);
  if (standing === 'stays') return;
  if (run.status !== 'paused') return advance(run, standing.next);
  const { commandId } = cursor.wait;
  standAt(run, { ...cursor, wait: { kind: 'held', commandId, next: standing.next } });
}

function answered(run: Run, cursor: Cursor, input: ResultInput): Outcome | null {
  const step = stepOf(run, cursor);
  const spot = spotOf(run, cursor);
  if (step.type === 'decide') return decided(run, step, spot, input.result);
  if (step.type === 'deliver') return delivered(run, step, spot, input.result);
  if (step.type === 'webhook') return called(run, step, spot, input.result);
  return null;
}

function dueOf(wait: Wait): number | null {
  return wait.kind === 'timer' || wait.kind === 'event' ? wait.dueMs : null;
}

function stepOf(run: Run, cursor: Cursor): Step {
  const step = run.definition.steps[cursor.stepId];
  assert(step !== undefined, `no step ${cursor.stepId} in ${run.definition.scenario}`);
  return step;
}

function spotOf(run: Run, cursor: Cursor): Spot {
  const { stepId, visit } = cursor;
  return { stepId, visit, commandId: commandIdOf(run.before.enrolmentId, stepId, visit) };
}
