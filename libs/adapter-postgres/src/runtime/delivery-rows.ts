import type { Delivery, DeliveryState } from '#libs/application';
import type { JsonObject, ProfileId } from '#libs/kernel';

/** A row of `delivery` as PostgreSQL gives it. */
export interface DeliveryRecord {
  [column: string]: unknown;
  id: string;
  command_id: string;
  profile_id: string;
  account_id: string | null;
  enrolment_id: string | null;
  decision_id: string | null;
  reservation_id: string;
  scenario: string | null;
  step_id: string | null;
  grp: string;
  channel: string;
  action: string;
  treatment: string;
  template: string;
  purpose: string;
  sender: string;
  state: string;
  version: number;
  vars: string;
  links: string;
  intended_at_ms: number;
  send_at_ms: number;
  first_put_off_ms: number | null;
  retry_wall_ms: number;
  attempts: number;
  claimed_by: string | null;
  accepted_at_ms: number | null;
  updated_at_ms: number;
  provider: string;
  provider_id: string | null;
  cost: string;
  currency: string;
  sms_segments: number | null;
  detail: string | null;
  sample: boolean;
}

/** A delivery again, from its row. */
export function deliveryOf(row: DeliveryRecord): Delivery {
  return {
    id: row.id,
    commandId: row.command_id,
    profileId: row.profile_id as ProfileId,
    accountId: row.account_id,
    enrolmentId: row.enrolment_id,
    decisionId: row.decision_id,
    reservationId: row.reservation_id,
    scenario: row.scenario,
    stepId: row.step_id,
    group: row.grp,
    channel: row.channel,
    action: row.action,
    treatment: row.treatment,
    template: row.template,
    purpose: row.purpose,
    sender: row.sender,
    state: row.state as DeliveryState,
    version: row.version,
    vars: JSON.parse(row.vars) as JsonObject,
    links: JSON.parse(row.links) as string[],
    intendedAtMs: row.intended_at_ms,
    sendAtMs: row.send_at_ms,
    firstPutOffAtMs: row.first_put_off_ms,
    retryWallMs: row.retry_wall_ms,
    attempts: row.attempts,
    claimedBy: row.claimed_by,
    acceptedAtMs: row.accepted_at_ms,
    updatedAtMs: row.updated_at_ms,
    provider: row.provider,
    providerId: row.provider_id,
    cost: row.cost,
    currency: row.currency,
    smsSegments: row.sms_segments,
    detail: row.detail,
    isSample: row.sample,
  };
}
