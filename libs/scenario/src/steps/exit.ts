import type { ExitStep } from '../definition.js';
import type { Outcome } from '../run.js';

/** Ends the enrolment with a named result. */
export function enterExit(step: ExitStep): Outcome {
  return { kind: 'end', as: step.as, result: 'done', branch: step.as };
}
