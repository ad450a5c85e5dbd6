import { durationMs } from '#libs/kernel';
import type { WaitStep } from '../definition.js';
import type { Outcome, Run, Spot } from '../run.js';
import { waitUntilInstant } from './wait-until-instant.js';

/** A duration from now. Days and weeks are the host's answer; without one, 24 h a day. */
export function enterWait(run: Run, step: WaitStep, spot: Spot): Outcome {
  const elapsedMs = run.atMs + durationMs(step.duration);
  const answer = step.question === undefined ? null : run.context.answers[step.question];
  const dueMs = typeof answer === 'number' && Number.isFinite(answer) ? answer : elapsedMs;
  return waitUntilInstant(run, { dueMs, next: step.next, spot });
}
