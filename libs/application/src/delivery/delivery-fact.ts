import type { DeliveryFact, WithheldFact } from '#libs/contracts';
import type { Delivery, WithheldRow } from './ports.js';

/** The fact of a delivery as it stands. */
export function deliveryFact(row: Delivery): DeliveryFact {
  return {
    id: row.id,
    kind: 'delivery',
    version: row.version,
    atMs: row.updatedAtMs,
    profileId: row.profileId,
    body: {
      decisionId: row.decisionId,
      enrolmentId: row.enrolmentId,
      scenario: row.scenario,
      stepId: row.stepId,
      accountId: row.accountId,
      channel: row.channel,
      action: row.action,
      treatment: row.treatment,
      template: row.template,
      purpose: row.purpose,
      sender: row.sender,
      state: row.state,
      intendedAtMs: row.intendedAtMs,
      acceptedAtMs: row.acceptedAtMs,
      updatedAtMs: row.updatedAtMs,
      provider: row.provider,
      providerId: row.providerId,
      cost: row.cost,
      currency: row.currency,
      smsSegments: row.smsSegments,
      sample: row.isSample,
    },
  };
}

/** The fact of a contact that was not made. */
export function withheldFact(row: WithheldRow): WithheldFact {
  return {
    id: row.id,
    kind: 'withheld',
    version: 1,
    atMs: row.atMs,
    profileId: row.profileId,
    body: {
      enrolmentId: row.enrolmentId,
      decisionId: row.decisionId,
      scenario: row.scenario,
      stepId: row.stepId,
      channel: row.channel,
      action: row.action,
      stage: row.stage,
      reason: row.reason,
      atMs: row.atMs,
      sample: row.isSample,
    },
  };
}

/** What a delivery's refusal is recorded as. */
export function withheldOf(
  row: Delivery,
  refusal: { readonly stage: string; readonly reason: string; readonly atMs: number },
): WithheldRow {
  return {
    id: row.id,
    profileId: row.profileId,
    enrolmentId: row.enrolmentId,
    decisionId: row.decisionId,
    scenario: row.scenario,
    stepId: row.stepId,
    channel: row.channel,
    action: row.action,
    stage: refusal.stage,
    reason: refusal.reason,
    atMs: refusal.atMs,
    isSample: row.isSample,
  };
}
