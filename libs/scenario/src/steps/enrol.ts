import type { EnrolStep } from '../definition.js';
import type { Outcome, Run, Spot } from '../run.js';
import { valuesOf } from './values.js';

/** Asks another scenario to take the profile in; whether it does is its own rules' to say. */
export function enterEnrol(run: Run, step: EnrolStep, spot: Spot): Outcome {
  const { commandId } = spot;
  const properties = valuesOf(run, step.properties);
  run.commands.push({ type: 'enrol', commandId, scenario: step.scenario, properties });
  return { kind: 'go', next: step.next, result: 'done', branch: step.scenario };
}
