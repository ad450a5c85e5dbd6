import type { EpochMs } from '#libs/kernel';
import type { StepId } from '../definition.js';
import type { Outcome, Run, Spot } from '../run.js';

/** Waits for an instant; one that is not ahead is no wait. */
export function waitUntilInstant(
  run: Run,
  target: { readonly dueMs: EpochMs; readonly next: StepId | null; readonly spot: Spot },
): Outcome {
  const { dueMs, next, spot } = target;
  if (dueMs <= run.atMs) return { kind: 'go', next, result: 'done' };
  run.commands.push({ type: 'arm', commandId: spot.commandId, dueMs });
  return { kind: 'wait', wait: { kind: 'timer', commandId: spot.commandId, dueMs } };
}
