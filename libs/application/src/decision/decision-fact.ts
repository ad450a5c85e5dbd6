import { fromUnits, toUnits } from '#libs/kernel';
import type { CandidateFact, DecisionFact } from '#libs/contracts';
import type { CandidateRecord } from '#libs/decision';
import type { StoredDecision } from './ports.js';

const money = (value: number): string => fromUnits(toUnits(value));

/** The fact of a decision with all its candidates. */
export function decisionFact(stored: StoredDecision): DecisionFact {
  const { record } = stored;
  return {
    id: record.decisionId,
    kind: 'decision',
    version: 1,
    atMs: record.atMs,
    profileId: record.profileId,
    body: {
      enrolmentId: record.enrolmentId,
      scenario: record.scenario === '' ? null : record.scenario,
      definition: record.definition === '' ? null : record.definition,
      stepId: record.stepId === '' ? null : record.stepId,
      decidedAtMs: record.atMs,
      group: record.group,
      mode: stored.mode,
      model: record.model,
      modelVersion: record.modelVersion,
      policy: record.policy,
      seed: record.seed,
      chosenAction: record.chosenAction ?? 'nothing',
      chosenTreatment: record.chosenTreatment ?? '',
      chosenPropensity: record.chosenPropensity,
      explored: record.explored,
      epsilon: record.epsilon,
      nCandidates: record.nCandidates,
      nEligible: record.nEligible,
      fallbackReason: record.fallbackReason,
      latencyUs: stored.latencyUs,
      features: record.features,
      candidates: record.candidates.map(candidateFact),
      sample: stored.isSample,
    },
  };
}

function candidateFact(row: CandidateRecord): CandidateFact {
  return {
    action: row.action,
    treatment: row.treatment ?? '',
    channel: row.channel ?? '',
    stage: row.stage,
    passed: row.passed,
    reason: row.reason,
    reasonDetail: row.reasonDetail ?? '',
    pRaw: row.pRaw,
    pSampled: row.pSampled,
    pCalibrated: row.pCalibrated,
    sd: row.sd,
    value: money(row.value),
    contextWeight: row.contextWeight,
    lever: row.lever,
    cost: money(row.cost),
    score: row.score,
    propensity: row.propensity,
    rank: row.rank,
    contributions: row.contributions.map(([feature, value]) => ({ feature, value })),
  };
}
