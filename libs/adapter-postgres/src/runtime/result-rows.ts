import type { OutcomeRow, TaskRow, WithheldRow } from '#libs/application';
import type { ProfileId } from '#libs/kernel';

/** A row of `withheld`. */
export interface WithheldRecord {
  [column: string]: unknown;
  id: string;
  profile_id: string;
  enrolment_id: string | null;
  decision_id: string | null;
  scenario: string | null;
  step_id: string | null;
  channel: string;
  action: string;
  stage: string;
  reason: string;
  at_ms: number;
}

/** A row of `outcome`. */
export interface OutcomeRecord {
  [column: string]: unknown;
  id: string;
  watch_id: string | null;
  kind: OutcomeRow['kind'];
  profile_id: string;
  account_id: string | null;
  at_ms: number;
  value: string | null;
  currency: string;
  event_key: string | null;
  delivery_id: string | null;
  decision_id: string | null;
  enrolment_id: string | null;
  scenario: string | null;
  attributed_by: OutcomeRow['attributedBy'];
}

/** A row of `task`. */
export interface TaskRecord {
  [column: string]: unknown;
  id: string;
  command_id: string;
  profile_id: string;
  account_id: string | null;
  owner: string;
  scenario: string | null;
  enrolment_id: string | null;
  decision_id: string | null;
  title: string;
  note: string | null;
  reasons: string;
  due_at_ms: number | null;
  state: TaskRow['state'];
  outcome: string | null;
  version: number;
  created_at_ms: number;
  closed_at_ms: number | null;
  sample: boolean;
}

/** A withheld contact again. */
export function withheldOf(row: WithheldRecord): WithheldRow {
  return {
    id: row.id,
    profileId: row.profile_id as ProfileId,
    enrolmentId: row.enrolment_id,
    decisionId: row.decision_id,
    scenario: row.scenario,
    stepId: row.step_id,
    channel: row.channel,
    action: row.action,
    stage: row.stage,
    reason: row.reason,
    atMs: row.at_ms,
    isSample: false,
  };
}

/** An outcome again. */
export function outcomeOf(row: OutcomeRecord): OutcomeRow {
  return {
    id: row.id,
    watchId: row.watch_id,
    kind: row.kind,
    profileId: row.profile_id as ProfileId,
    accountId: row.account_id,
    atMs: row.at_ms,
    value: row.value,
    currency: row.currency,
    eventKey: row.event_key,
    deliveryId: row.delivery_id,
    decisionId: row.decision_id,
    enrolmentId: row.enrolment_id,
    scenario: row.scenario,
    attributedBy: row.attributed_by,
    isSample: false,
  };
}

/** A task again. */
export function taskOf(row: TaskRecord): TaskRow {
  return {
    id: row.id,
    commandId: row.command_id,
    profileId: row.profile_id,
    accountId: row.account_id,
    owner: row.owner,
    scenario: row.scenario,
    enrolmentId: row.enrolment_id,
    decisionId: row.decision_id,
    title: row.title,
    note: row.note,
    reasons: JSON.parse(row.reasons) as string[],
    dueAtMs: row.due_at_ms,
    state: row.state,
    outcome: row.outcome,
    version: row.version,
    createdAtMs: row.created_at_ms,
    closedAtMs: row.closed_at_ms,
    isSample: row.sample,
  };
}
