import type { WebhookStep } from '../definition.js';
import type { EffectResult } from '../input.js';
import { recordVar, type Outcome, type Run, type Spot } from '../run.js';
import { valuesOf } from './values.js';

/** Asks for the call; the time-out and the tries are the caller's to keep. */
export function enterWebhook(run: Run, step: WebhookStep, spot: Spot): Outcome {
  const { commandId, stepId } = spot;
  const { to, timeoutMs } = step;
  const body = valuesOf(run, step.body);
  run.commands.push({ type: 'webhook', commandId, stepId, to, body, timeoutMs });
  return { kind: 'wait', wait: { kind: 'result', commandId } };
}

/** Keeps the answer as `vars.<step id>`: `ok`, `status` and `body`. */
export function called(
  run: Run,
  step: WebhookStep,
  spot: Spot,
  result: EffectResult,
): Outcome | null {
  if (result.kind !== 'called') return null;
  const { outcome, status, body, reason } = result;
  const ok = outcome === 'answered';
  recordVar(run, spot.stepId, { ok, status, body: body ?? {} });
  const branch = reason === undefined ? {} : { branch: reason };
  if (ok || step.onFailed === 'continue') {
    return { kind: 'go', next: step.next, result: outcome, ...branch };
  }
  return { kind: 'end', as: 'webhook_failed', result: 'failed', ...branch };
}
