import type { Step, StepId } from './definition.js';
import { enterStep } from './enter-step.js';
import { commandIdOf } from './ids.js';
import { endRun, noteStep, standAt, type Outcome, type Run, type Spot } from './run.js';
import { joined } from './steps/parallel.js';
import { nextRound } from './steps/repeat.js';

/** Runs from a step on, and along every branch begun on the way, until all wait, or the end. */
export function advance(run: Run, from: StepId | null): void {
  follow(run, from);
  for (let fork = run.forks[0]; fork !== undefined; fork = run.forks[0]) {
    run.forks = run.forks.slice(1);
    run.path = { within: fork.within, mark: fork.mark };
    follow(run, fork.next);
  }
}

/** Follows one path until something must be waited for, it joins others, or the end. */
function follow(run: Run, from: StepId | null): void {
  let next = from;
  while (next !== null) {
    if (run.budget === 0) return endRun(run, 'step_budget_exceeded');
    run.budget -= 1;
    const step = run.definition.steps[next];
    // A compiled graph has no such hole; one that has ends in the open rather than silently.
    if (step === undefined) return endRun(run, 'stopped');
    const standing = comesBack(run, next) ? comeBack(run, step) : enter(run, step, next);
    if (standing === 'stays') return;
    next = standing.next;
  }
  endRun(run, 'done');
}

/** Whether going there is the end of a branch, or of a round. */
export function comesBack(run: Run, stepId: StepId): boolean {
  return run.path.within.at(-1)?.stepId === stepId;
}

function enter(run: Run, step: Step, stepId: StepId): Standing {
  const spot = visit(run, stepId);
  return settle(run, { ...spot, enteredAtMs: run.atMs }, enterStep(run, step, spot));
}

function comeBack(run: Run, step: Step): Standing {
  if (step.type === 'repeat') return nextRound(run, step);
  return (step.type === 'parallel' ? joined(run, step) : null) ?? 'stays';
}

/** Where a settled outcome leads: nowhere for now, or to the next step. */
export type Standing = 'stays' | { readonly next: StepId | null };

/** Writes an outcome down: a step gone through, a wait begun, a block entered, or the end. */
export function settle(
  run: Run,
  at: Spot & { readonly enteredAtMs: number },
  outcome: Outcome,
): Standing {
  switch (outcome.kind) {
    case 'go':
      noteStep(run, at, outcome.result, outcome.branch);
      return { next: outcome.next };
    case 'inside':
      return { next: outcome.next };
    case 'wait':
      noteStep(run, at, 'waiting');
      standAt(run, { ...at, wait: outcome.wait });
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
