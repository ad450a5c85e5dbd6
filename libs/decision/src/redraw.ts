import { assert, present } from '#libs/kernel';
import { decideWithout } from './decide.js';
import type { Verdict } from './rows.js';
import type { Reason } from './stages.js';
import type { DecideInput, DecisionRecord } from './types.js';

/** Why a reservation was lost. */
export type ReservationReason = Extract<
  Reason,
  'limit_reached' | 'cap' | 'action_limit' | 'reservation_failed'
>;

/**
 * Draws again after the reservation of the candidate at the index was lost, among the others and
 * with fresh draws of the same seed. Its propensities are conditional on all exclusions so far;
 * the lost candidate is at stage `reservation`. Pass the latest record and the first input.
 */
export function excludeAndRedraw(
  record: DecisionRecord,
  input: DecideInput,
  candidateIndex: number,
  reason: ReservationReason = 'limit_reached',
): DecisionRecord {
  assert(record.decisionId === input.decisionId, 'record and input are of one decision');
  assert(record.group !== 'holdout', 'the held-out reserve nothing');
  const lost = present(record.candidates[candidateIndex], 'candidate to exclude');
  assert(lost.passed, 'only a candidate that took part can lose its reservation');
  const excluded = new Map<number, Verdict>();
  record.candidates.forEach((row, index) => {
    if (row.stage !== 'reservation') return;
    const { stage, passed, reasonDetail } = row;
    excluded.set(index, { stage, passed, reason: row.reason, detail: reasonDetail ?? undefined });
  });
  excluded.set(candidateIndex, { stage: 'reservation', passed: false, reason });
  return decideWithout(input, excluded);
}
