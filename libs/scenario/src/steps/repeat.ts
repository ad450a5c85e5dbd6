import { present } from '#libs/kernel';
import { holds } from '../condition.js';
import type { RepeatStep } from '../definition.js';
import { bindingsFor, noteStep, recordVar, type Outcome, type Run, type Spot } from '../run.js';

/** Begins the first round, or none where `until` holds already. */
export function enterRepeat(run: Run, step: RepeatStep, spot: Spot): Outcome {
  const { stepId, visit } = spot;
  const frame = { stepId, visit, enteredAtMs: run.atMs, round: 0 };
  noteStep(run, frame, 'waiting');
  run.path = { ...run.path, within: [...run.path.within, frame] };
  return { kind: 'inside', ...nextRound(run, step) };
}

/** The end of a round: goes round again, or on. `vars.<step id>.round` tells which it is. */
export function nextRound(run: Run, step: RepeatStep): { readonly next: string | null } {
  const frame = present(run.path.within.at(-1), 'a round is inside its step');
  const within = run.path.within.slice(0, -1);
  const isOver = step.until !== null && holds(run.definition, step.until, bindingsFor(run));
  if (isOver || frame.round >= step.times) {
    run.path = { ...run.path, within };
    noteStep(run, frame, 'done', isOver ? 'until' : 'times');
    return { next: step.next };
  }
  const round = frame.round + 1;
  run.path = { ...run.path, within: [...within, { ...frame, round }] };
  recordVar(run, frame.stepId, { round });
  return { next: step.then };
}
