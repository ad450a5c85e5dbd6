import { gainOf, parametersOf } from './models/betaModel.js';
import type { Reason, Stage } from './stages.js';
import { NOTHING, type CandidateInput, type CandidateRecord } from './types.js';

/** Mean and spread of the outcome propensity; null for `nothing`. */
function beliefOf(candidate: CandidateInput): { mean: number | null; sd: number | null } {
  if (candidate.action === NOTHING) return { mean: null, sd: null };
  const { successes, failures } = parametersOf(candidate);
  const total = successes + failures;
  const mean = successes / total;
  return { mean, sd: Math.sqrt((mean * (1 - mean)) / (total + 1)) };
}

/** The stage and reason a row ends with. */
export interface Verdict {
  readonly stage: Stage;
  readonly passed: boolean;
  readonly reason: Reason;
  readonly detail?: string | undefined;
}

/** A row of a candidate that took no part in the draw, or was taken without one. */
export function plainRow(
  candidate: CandidateInput,
  verdict: Verdict,
  propensity: number,
): CandidateRecord {
  const { mean, sd } = beliefOf(candidate);
  return {
    action: candidate.action,
    treatment: candidate.treatment,
    channel: candidate.channel,
    stage: verdict.stage,
    passed: verdict.passed,
    reason: verdict.reason,
    reasonDetail: verdict.detail ?? null,
    pRaw: mean,
    pSampled: null,
    pCalibrated: mean,
    sd,
    value: candidate.value,
    contextWeight: candidate.contextWeight ?? 1,
    lever: candidate.lever ?? 1,
    cost: candidate.cost,
    score: null,
    propensity,
    rank: null,
    contributions: [],
  };
}

/** What the choice says of one survivor. */
export interface Scored {
  readonly score: number;
  readonly isDrawn: boolean;
  readonly propensity: number;
  readonly rank: number;
}

/** A row of a candidate that took part in the draw. */
export function scoredRow(
  candidate: CandidateInput,
  verdict: Verdict,
  scored: Scored,
): CandidateRecord {
  const row = plainRow(candidate, verdict, scored.propensity);
  const { score, rank, isDrawn } = scored;
  if (candidate.action === NOTHING) return { ...row, score, rank };
  const gain = gainOf(candidate);
  const expected = (row.pRaw ?? 0) * gain;
  const luck = score + candidate.cost - expected;
  return {
    ...row,
    score,
    rank,
    pSampled: isDrawn && gain !== 0 ? (score + candidate.cost) / gain : null,
    contributions: [
      ['expected_gain', expected],
      ...(isDrawn ? [['draw', luck] as const] : []),
      ['cost', 0 - candidate.cost],
    ],
  };
}

/** Ranks from 1, largest first; of equals the first listed. */
export function ranksOf(scores: readonly number[]): readonly number[] {
  const order = scores
    .map((score, index) => ({ score, index }))
    .sort((a, b) => b.score - a.score || a.index - b.index);
  const ranks = scores.map(() => 0);
  order.forEach(({ index }, place) => {
    ranks[index] = place + 1;
  });
  return ranks;
}
