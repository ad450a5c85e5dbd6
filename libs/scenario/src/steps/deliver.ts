import type { DeliverStep } from '../definition.js';
import type { EffectResult } from '../input.js';
import { effectScope, type Outcome, type Run, type Spot } from '../run.js';
import type { DecisionTaken } from '../state.js';

/** How long a withheld delivery rests before `on_withheld: wait` tries it again. */
export const RETRY_WITHHELD_MS = 86_400_000;

/** The action that does nothing. */
const NOTHING = 'nothing';

/** Hands the action to the policy gate. Nothing to deliver is done at once. */
export function enterDeliver(run: Run, step: DeliverStep, spot: Spot): Outcome {
  const { next } = step;
  const taken = decisionOf(run, step);
  if ('decision' in step.of && taken === null) return { kind: 'go', next, result: 'no_decision' };
  const action = taken?.action ?? ('action' in step.of ? step.of.action : NOTHING);
  if (action === NOTHING) return { kind: 'go', next, result: 'nothing', branch: NOTHING };
  run.commands.push({
    type: 'deliver',
    commandId: spot.commandId,
    stepId: spot.stepId,
    action,
    treatment: taken?.treatment ?? null,
    decision:
      taken !== null && 'decision' in step.of
        ? { stepId: step.of.decision, decisionId: taken.decisionId }
        : null,
    purpose: run.definition.purpose,
    priority: run.definition.priority,
    ...effectScope(run),
  });
  return { kind: 'wait', wait: { kind: 'result', commandId: spot.commandId } };
}

/** Each outcome ends the step; `uncertain` goes on as accepted, a withheld one as the step says. */
export function delivered(
  run: Run,
  step: DeliverStep,
  spot: Spot,
  result: EffectResult,
): Outcome | null {
  if (result.kind !== 'delivered') return null;
  const branch = result.reason === undefined ? {} : { branch: result.reason };
  if (result.outcome !== 'withheld' || step.onWithheld === 'continue') {
    return { kind: 'go', next: step.next, result: result.outcome, ...branch };
  }
  if (step.onWithheld === 'exit') {
    return { kind: 'end', as: 'withheld', result: 'withheld', ...branch };
  }
  const dueMs = run.atMs + RETRY_WITHHELD_MS;
  run.commands.push({ type: 'arm', commandId: spot.commandId, dueMs });
  return { kind: 'wait', wait: { kind: 'timer', commandId: spot.commandId, dueMs } };
}

function decisionOf(run: Run, step: DeliverStep): DecisionTaken | null {
  if (!('decision' in step.of)) return null;
  return run.decisions[step.of.decision] ?? null;
}
