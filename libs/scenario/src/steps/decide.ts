import type { Json } from '#libs/kernel';
import type { DecideStep } from '../definition.js';
import type { EffectResult } from '../input.js';
import { effectScope, recordDecision, type Outcome, type Run, type Spot } from '../run.js';

/** Asks; the deadline and the fallback are the decision service's to keep. */
export function enterDecide(run: Run, step: DecideStep, spot: Spot): Outcome {
  run.commands.push({
    type: 'decide',
    commandId: spot.commandId,
    stepId: spot.stepId,
    actions: step.actions,
    model: step.model,
    timeoutMs: step.timeoutMs,
    fallback: step.fallback,
    businessAsUsual: step.businessAsUsual,
    purpose: run.definition.purpose,
    priority: run.definition.priority,
    ...effectScope(run),
  });
  return { kind: 'wait', wait: { kind: 'result', commandId: spot.commandId } };
}

/** Keeps the answer as `decision.<step id>`; an answer that is no candidate's is refused. */
export function decided(
  run: Run,
  step: DecideStep,
  spot: Spot,
  result: EffectResult,
): Outcome | null {
  if (result.kind !== 'decided') return null;
  const known = step.actions.includes(result.action) || result.action === 'nothing';
  if (!known && result.action !== step.fallback && result.action !== step.businessAsUsual)
    return null;
  const fields = namedFields(run, spot, result.fields ?? {});
  recordDecision(run, spot.stepId, {
    decisionId: result.decisionId,
    action: result.action,
    treatment: result.treatment,
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
  });
  return { kind: 'go', next: step.next, result: 'decided', branch: result.action };
}

function namedFields(
  run: Run,
  spot: Spot,
  fields: Readonly<Record<string, Json>>,
): Record<string, Json> {
  const named = run.definition.reads.decision[spot.stepId] ?? [];
  const kept: Record<string, Json> = {};
  for (const name of named) {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
