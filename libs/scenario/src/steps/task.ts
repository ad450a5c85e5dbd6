import type { TaskStep } from '../definition.js';
import { effectScope, type Outcome, type Run, type Spot } from '../run.js';

/** A task for a rep; goes on without waiting for it. */
export function enterTask(run: Run, step: TaskStep, spot: Spot): Outcome {
  run.commands.push({
    type: 'task',
    commandId: spot.commandId,
    stepId: spot.stepId,
    for: step.for,
    title: step.title,
    note: step.note,
    dueMs: run.atMs + step.dueInMs,
    ...effectScope(run),
  });
  return { kind: 'go', next: step.next, result: 'done' };
}
