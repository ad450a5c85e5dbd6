import type { WaitUntilStep } from '../definition.js';
import type { Outcome, Run, Spot } from '../run.js';
import { waitUntilInstant } from './wait-until-instant.js';

const DAY_MS = 86_400_000;

/**
 * The host's answer to a zoned question; a host that does not know makes it a day, never at once.
 */
export function enterWaitUntil(run: Run, step: WaitUntilStep, spot: Spot): Outcome {
  const answer = run.context.answers[step.question];
  const known = typeof answer === 'number' && Number.isFinite(answer);
  return waitUntilInstant(run, {
    dueMs: known ? answer : run.atMs + DAY_MS,
    next: step.next,
    spot,
  });
}
