import { isHeldBy } from '../runtime/holds.js';
import type { Control, State, Transition } from '#libs/scenario';
import type { BareInput } from './bare-input.js';
import type { LiveEnrolment, WorkingSet } from './working-set.js';

/** What applies inputs; `Stepper` does. */
interface Steps {
  /** Applies an input whatever is held; answers whether the interpreter took it. */
  take(live: LiveEnrolment, input: BareInput): boolean;
  foresee(live: LiveEnrolment, state: State, input: BareInput): Transition;
}

const PAUSE: BareInput = { type: 'control', control: { action: 'pause' } };
const RESUME: BareInput = { type: 'control', control: { action: 'resume' } };

/**
 * An input for an enrolment that an operator's hold covers: it is paused where it stands before the
 * input reaches it, so that the interpreter's own rules of a pause apply. A timer keeps its due time
 * in the state; an exit ends it; what a wait or an answer leads to is kept for later. An event that
 * concerns nothing pauses nobody.
 */
export function applyHeld(
  stepper: Steps,
  set: WorkingSet,
  { live, input }: { readonly live: LiveEnrolment; readonly input: BareInput },
): boolean {
  const { status } = live.row.state;
  // Somebody who is left alone anyway: nothing can leave.
  if (status === 'held_out') return stepper.take(live, input);
  if (input.type === 'event' && status === 'running') {
    const paused = stepper.foresee(live, live.row.state, PAUSE).state;
    if (stepper.foresee(live, paused, input).ignored !== undefined) return false;
  }
  if (stepper.take(live, PAUSE)) set.markHeld(live, true);
  return input.type === 'timer' ? true : stepper.take(live, input);
}

/** The end of a hold: goes on, and what fell due meanwhile does as its step says. */
export function release(stepper: Steps, set: WorkingSet, live: LiveEnrolment): void {
  stepper.take(live, RESUME);
  set.markHeld(live, false);
}

/**
 * What an operator does to one enrolment, under holds: a pause of its own outlives them, and it
 * resumes no earlier than they end.
 */
export function applyControl(
  stepper: Steps,
  set: WorkingSet,
  { live, control }: { readonly live: LiveEnrolment; readonly control: Control },
): void {
  const isPaused = live.row.state.status === 'paused';
  if (control.action === 'resume' && isPaused && isHeldBy(set.holds, live.row.scenario)) {
    set.markHeld(live, true);
    return;
  }
  if (control.action === 'pause' || control.action === 'resume') set.markHeld(live, false);
  stepper.take(live, { type: 'control', control });
}
