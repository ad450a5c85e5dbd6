import { present } from '#libs/kernel';
import { decide, recordOf } from './decide.js';
import { plainRow } from './rows.js';
import { firstRefusal } from './stages.js';
import { NOTHING, type DecideInput, type DecisionRecord, type FallbackReason } from './types.js';

/** Why the decision service recorded the fallback instead of a draw. */
export type FallbackCause = Extract<
  FallbackReason,
  'timeout' | 'error' | 'model_unavailable' | 'missing_features'
>;

/** The first treatment of the action that no verdict given refuses. */
function permitted(input: DecideInput, action: string): number {
  return input.candidates.findIndex(
    (candidate) =>
      candidate.action === action &&
      (action === NOTHING || firstRefusal(candidate.filters) === null),
  );
}

/**
 * Records the author's fallback without a draw: past the deadline, say. Takes the first treatment
 * of the fallback action that the verdicts at hand do not refuse, else `nothing` where listed, else
 * no action. When the input has no candidate at all, the action is named without a treatment and
 * the gate decides at the moment of sending. The held-out stay untreated.
 */
export function recordFallback(input: DecideInput, reason: FallbackCause): DecisionRecord {
  if (input.group === 'holdout') return decide(input);
  const wanted = input.fallback === undefined ? -1 : permitted(input, input.fallback);
  const chosen = wanted >= 0 ? wanted : permitted(input, NOTHING);
  const rows = input.candidates.map((candidate, index) => {
    if (index === chosen) {
      return plainRow(candidate, { stage: 'output', passed: true, reason: 'fallback' }, 1);
    }
    const refusal = candidate.action === NOTHING ? null : firstRefusal(candidate.filters);
    if (refusal === null) {
      return plainRow(candidate, { stage: 'score', passed: false, reason: 'not_scored' }, 0);
    }
    const { stage, detail } = refusal;
    const why = present(refusal.reason, 'reason of a refusal');
    return plainRow(candidate, { stage, passed: false, reason: why, detail }, 0);
  });
  const record = recordOf(input, {
    rows,
    chosen: chosen < 0 ? null : chosen,
    explored: false,
    epsilon: 0,
    fallbackReason: reason,
    eligible: chosen < 0 ? 0 : 1,
  });
  if (input.candidates.length > 0 || input.fallback === undefined) return record;
  return { ...record, chosenAction: input.fallback };
}
