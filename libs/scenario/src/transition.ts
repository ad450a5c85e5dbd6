import { unreachable, type EpochMs, type JsonObject, type Json } from '#libs/kernel';
import { advance } from './advance.js';
import type { IgnoredReason, Transition } from './command.js';
import type { Definition } from './definition.js';
import { endCommandIdOf } from './ids.js';
import type { ControlInput, EnteredInput, EventInput, Input, TimerInput } from './input.js';
import { markOf } from './mark.js';
import { exitOf } from './matching.js';
import { bindingsFor, closedState, endRun, openRun, type Run } from './run.js';
import { fitsState } from './state-size.js';
import type { State } from './state.js';
import { wakeByEvent, wakeByResult, wakeByResume, wakeByTimer } from './wake.js';

/**
 * One step of an enrolment's life: the state after the input, what the host must do, which steps
 * were taken. Pure, deterministic and total: the same definition, state and input give the same
 * answer, and whatever does not fit changes nothing and says why.
 */
export function transition(definition: Definition, state: State, input: Input): Transition {
  const refusal = refusalOf(definition, state, input);
  if (refusal !== null) return { state, commands: [], steps: [], ignored: refusal };
  const event = 'event' in input ? input.event : null;
  const run = openRun(definition, state, input, event);
  const ignored = apply(run, input);
  if (ignored !== null) return { state, commands: run.commands, steps: [], ignored };
  const next = closedState(run);
  if (!fitsState(definition, state, next)) return tooLarge(definition, state, input);
  return { state: next, commands: run.commands, steps: run.steps };
}

/**
 * Instant of the greatest age; for the held-out, the end of the goal's window where there is a
 * goal.
 */
export function endsAtMs(definition: Definition, state: State): EpochMs {
  const heldOutMs = definition.goal?.withinMs ?? definition.maxAgeMs;
  const lastsMs = state.status === 'held_out' ? heldOutMs : definition.maxAgeMs;
  return (state.enteredAtMs ?? 0) + lastsMs;
}

function refusalOf(definition: Definition, state: State, input: Input): IgnoredReason | null {
  if (state.definition !== definition.hash) return 'other_definition';
  if (state.status === 'ended') return 'ended';
  if (input.type === 'entered') return state.enteredAtMs === null ? null : 'already_entered';
  return state.enteredAtMs === null ? 'not_entered' : null;
}

function apply(run: Run, input: Input): IgnoredReason | null {
  switch (input.type) {
    case 'entered':
      return applyEntered(run, input);
    case 'event':
      return applyEvent(run, input);
    case 'timer':
      return applyTimer(run, input);
    case 'result':
      if (run.status === 'held_out') return 'held_out';
      return endIfTooOld(run) ? null : wakeByResult(run, input);
    case 'control':
      return applyControl(run, input);
    default:
      return unreachable(input);
  }
}

function applyEntered(run: Run, input: EnteredInput): null {
  const { event } = input;
  run.enteredAtMs = run.atMs;
  run.entryMark = event === null ? { atMs: run.atMs, eventKey: '' } : markOf(event);
  run.mark = run.entryMark;
  run.path = { within: [], mark: run.entryMark };
  run.entry = event === null ? {} : namedProperties(run.definition, event.properties);
  if (run.status !== 'held_out') advance(run, run.definition.start);
  if (run.status === 'ended') return null;
  const dueMs = endsAtMs(run.definition, closedState(run));
  run.commands.push({ type: 'arm', commandId: endCommandIdOf(run.before.enrolmentId), dueMs });
  return null;
}

/** Exits first, from anywhere and also during a pause; then age; then waits. */
function applyEvent(run: Run, input: EventInput): IgnoredReason | null {
  if (run.status === 'held_out') return 'held_out';
  const as = exitOf(run.definition, run.before, input.event, () => bindingsFor(run));
  if (as !== null) {
    endRun(run, as);
    return null;
  }
  return endIfTooOld(run) ? null : wakeByEvent(run, input.event);
}

function applyTimer(run: Run, input: TimerInput): IgnoredReason | null {
  if (run.status === 'paused') return 'paused';
  if (endIfTooOld(run)) return null;
  const endId = endCommandIdOf(run.before.enrolmentId);
  if (input.commandId !== endId) return wakeByTimer(run, input);
  run.commands.push({
    type: 'arm',
    commandId: endId,
    dueMs: endsAtMs(run.definition, run.before),
  });
  return 'not_due';
}

function applyControl(run: Run, input: ControlInput): IgnoredReason | null {
  const { control } = input;
  switch (control.action) {
    case 'stop':
      endRun(run, control.as);
      return null;
    case 'profile_merged':
      if (!control.survives) endRun(run, 'merged');
      return null;
    case 'pause':
      if (run.status !== 'running')
        return run.status === 'held_out' ? 'held_out' : 'already_paused';
      run.status = 'paused';
      return null;
    case 'resume':
      if (run.status !== 'paused') return run.status === 'held_out' ? 'held_out' : 'not_paused';
      run.status = 'running';
      if (!endIfTooOld(run)) wakeByResume(run);
      return null;
    default:
      return unreachable(control);
  }
}

/** A pause holds the enrolment beyond its age too; resuming then ends it. */
function endIfTooOld(run: Run): boolean {
  if (run.status === 'paused' || run.atMs < endsAtMs(run.definition, run.before)) return false;
  endRun(run, 'max_age');
  return true;
}

/** Discards the draft, and with it the effects of the step that grew the state. */
function tooLarge(definition: Definition, state: State, input: Input): Transition {
  const run = openRun(definition, state, input, null);
  run.enteredAtMs ??= run.atMs;
  endRun(run, 'state_too_large');
  return { state: closedState(run), commands: run.commands, steps: run.steps };
}

function namedProperties(definition: Definition, properties: JsonObject): JsonObject {
  const kept: Record<string, Json> = {};
  for (const name of definition.reads.entry) {
    const value = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
