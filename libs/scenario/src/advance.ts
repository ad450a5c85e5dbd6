import type { StepId } from './definition.js';
import { enterStep } from './enter-step.js';
import { commandIdOf } from './ids.js';
import { endRun, noteStep, type Outcome, type Run, type Spot } from './run.js';

/** Runs from a step on until something must be waited for, or the end. */
export function advance(run: Run, from: StepId | null): void {
  let next = from;
  while (next !== null) {
    if (run.budget === 0) return endRun(run, 'step_budget_exceeded');
    run.budget -= 1;
    const step = run.definition.steps[next];
    // A compiled graph has no such hole; one that has ends in the open rather than silently.
    if (step === undefined) return endRun(run, 'stopped');
    const spot = visit(run, next);
    const outcome = enterStep(run, step, spot);
    const standing = settle(run, { ...spot, enteredAtMs: run.atMs }, outcome);
    if (standing === 'stays') return;
    next = standing.next;
  }
  endRun(run, 'done');
}

/** Where a settled outcome leads: nowhere for now, or to the next step. */
export type Standing = 'stays' | { readonly next: StepId | null };

/** Writes an outcome down: a step gone through, a wait begun, or the end. */
export function settle(
  run: Run,
  at: Spot & { readonly enteredAtMs: number },
  outcome: Outcome,
): Standing {
  switch (outcome.kind) {
    case 'go':
      noteStep(run, at, outcome.result, outcome.branch);
      return { next: outcome.next };
    case 'wait':
      noteStep(run, at, 'waiting');
      run.cursors = [
        { stepId: at.stepId, visit: at.visit, enteredAtMs: at.enteredAtMs, wait: outcome.wait },
      ];
      return 'stays';
    case 'end':
      noteStep(run, at, outcome.result, outcome.branch);
      endRun(run, outcome.as);
      return 'stays';
  }
}

function visit(run: Run, stepId: StepId): Spot {
  const count = (run.visits[stepId] ?? 0) + 1;
  run.visits[stepId] = count;
  return { stepId, visit: count, commandId: commandIdOf(run.before.enrolmentId, stepId, count) };
}
