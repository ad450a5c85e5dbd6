import type { EmitStep } from '../definition.js';
import type { Outcome, Run, Spot } from '../run.js';
import { valuesOf } from './values.js';

/** Emits an event about the profile, which other scenarios may react to. */
export function enterEmit(run: Run, step: EmitStep, spot: Spot): Outcome {
  const properties = valuesOf(run, step.properties);
  run.commands.push({ type: 'emit', commandId: spot.commandId, event: step.event, properties });
  return { kind: 'go', next: step.next, result: 'done' };
}
