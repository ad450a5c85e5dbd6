import type { UpdateStep } from '../definition.js';
import type { Outcome, Run, Spot } from '../run.js';
import { valuesOf } from './values.js';

/** Sets the traits whose values can be had; with none of them there is nothing to set. */
export function enterUpdate(run: Run, step: UpdateStep, spot: Spot): Outcome {
  const traits = valuesOf(run, step.traits);
  if (Object.keys(traits).length > 0) {
    run.commands.push({ type: 'update', commandId: spot.commandId, traits });
  }
  return { kind: 'go', next: step.next, result: 'done' };
}
