import type { CandidateFact, FactOf } from '#libs/contracts';
import { base, flag, one, text, time, timeOrNull, type Row, type TableRow } from './shared.js';

function candidateRow(fact: FactOf<'decision'>, shared: Row, candidate: CandidateFact): TableRow {
  const { chosenAction, chosenTreatment } = fact.body;
  return {
    table: 'decision_candidates',
    row: {
      ...shared,
      fact_key: `${fact.id}/${candidate.action}/${candidate.treatment}`,
      action: candidate.action,
      treatment: candidate.treatment,
      channel: candidate.channel,
      stage: candidate.stage,
      passed: flag(candidate.passed),
      reason: candidate.reason,
      reason_detail: candidate.reasonDetail,
      p_raw: candidate.pRaw,
      p_sampled: candidate.pSampled,
      p_calibrated: candidate.pCalibrated,
      sd: candidate.sd,
      value: candidate.value,
      context_weight: candidate.contextWeight,
      lever: candidate.lever,
      cost: candidate.cost,
      score: candidate.score,
      propensity: candidate.propensity,
      rank: candidate.rank,
      contributions: candidate.contributions,
      chosen: flag(candidate.action === chosenAction && candidate.treatment === chosenTreatment),
    },
  };
}

/** A decision and its candidates. */
export function decisionRows(fact: FactOf<'decision'>): readonly TableRow[] {
  const { body } = fact;
  const shared = {
    ...base(fact),
    decision_id: fact.id,
    scenario: text(body.scenario),
    step_id: text(body.stepId),
    decided_at: time(body.decidedAtMs),
    group: body.group,
  };
  const decision: TableRow = {
    table: 'decisions',
    row: {
      ...shared,
      enrolment_id: text(body.enrolmentId),
      definition: text(body.definition),
      mode: body.mode,
      model: body.model,
      model_version: body.modelVersion,
      policy: body.policy,
      seed: body.seed,
      chosen_action: body.chosenAction,
      chosen_treatment: body.chosenTreatment,
      chosen_propensity: body.chosenPropensity,
      explored: flag(body.explored),
      epsilon: body.epsilon,
      n_candidates: body.nCandidates,
      n_eligible: body.nEligible,
      fallback_reason: text(body.fallbackReason),
      latency_us: body.latencyUs,
      features: body.features,
    },
  };
  const candidates = body.candidates.map((candidate) => candidateRow(fact, shared, candidate));
  return [decision, ...candidates];
}

/** An outcome. */
export function outcomeRows(fact: FactOf<'outcome'>): readonly TableRow[] {
  const { body } = fact;
  return one('outcomes', {
    ...base(fact),
    outcome_id: fact.id,
    kind: body.outcomeKind,
    account_id: text(body.accountId),
    at: time(body.atMs),
    value: body.value,
    currency: body.currency,
    event_id: text(body.eventId),
    delivery_id: text(body.deliveryId),
    decision_id: text(body.decisionId),
    scenario: text(body.scenario),
    attributed_by: body.attributedBy,
    enrolment_id: text(body.enrolmentId),
  });
}

/** A reward. */
export function rewardRows(fact: FactOf<'reward'>): readonly TableRow[] {
  const { body } = fact;
  return one('rewards', {
    ...base(fact),
    fact_key: fact.id,
    decision_id: body.decisionId,
    reward: body.reward,
    value: body.value,
    matured_at: time(body.maturedAtMs),
    is_final: flag(body.isFinal),
    scenario: text(body.scenario),
    step_id: text(body.stepId),
    action: body.action,
    treatment: body.treatment,
  });
}

/** A message. */
export function deliveryRows(fact: FactOf<'delivery'>): readonly TableRow[] {
  const { body } = fact;
  return one('deliveries', {
    ...base(fact),
    delivery_id: fact.id,
    decision_id: text(body.decisionId),
    enrolment_id: text(body.enrolmentId),
    scenario: text(body.scenario),
    step_id: text(body.stepId),
    account_id: text(body.accountId),
    channel: body.channel,
    action: body.action,
    treatment: body.treatment,
    template: body.template,
    purpose: body.purpose,
    sender: body.sender,
    state: body.state,
    intended_at: time(body.intendedAtMs),
    accepted_at: timeOrNull(body.acceptedAtMs),
    updated_at: time(body.updatedAtMs),
    provider: body.provider,
    provider_id: text(body.providerId),
    cost: body.cost,
    currency: body.currency,
    sms_segments: body.smsSegments,
  });
}

/** Something that happened to a message. */
export function deliveryEventRows(fact: FactOf<'delivery_event'>): readonly TableRow[] {
  const { body } = fact;
  return one('delivery_events', {
    ...base(fact),
    fact_key: fact.id,
    delivery_id: body.deliveryId,
    kind: body.deliveryEventKind,
    at: time(body.atMs),
    link: text(body.link),
    code: text(body.code),
    detail: text(body.detail),
    evidence: body.evidence,
    enrolment_id: text(body.enrolmentId),
    decision_id: text(body.decisionId),
    scenario: text(body.scenario),
    channel: body.channel,
  });
}

/** Something not sent. */
export function withheldRows(fact: FactOf<'withheld'>): readonly TableRow[] {
  const { body } = fact;
  return one('withheld', {
    ...base(fact),
    withheld_id: fact.id,
    enrolment_id: text(body.enrolmentId),
    decision_id: text(body.decisionId),
    scenario: text(body.scenario),
    step_id: text(body.stepId),
    channel: body.channel,
    action: body.action,
    stage: body.stage,
    reason: body.reason,
    at: time(body.atMs),
  });
}
