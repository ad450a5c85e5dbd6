import type { ExitStep } from '../definition.js';
import type { Outcome, Run } from '../run.js';

/** Ends the enrolment with a named result. */
export function enterExit(_run: Run, step: ExitStep): Outcome {
  return { kind: 'end', as: step.as, result: 'done', branch: step.as };
}
