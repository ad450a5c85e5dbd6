import type { OutcomeSubject, Tx } from '#libs/application';
import type { ProfileId } from '#libs/kernel';
import { inside } from '../base/database.js';

interface Row {
  [column: string]: unknown;
  profile_id: string;
  account_id: string | null;
  decision_id: string | null;
  command_id: string | null;
  delivery_id: string | null;
  enrolment_id: string | null;
  scenario: string | null;
  sample: boolean;
}

const BY_DELIVERY = `
SELECT v.profile_id, v.account_id, v.decision_id, d.command_id, v.id AS delivery_id,
  v.enrolment_id, v.scenario, v.sample
FROM delivery v LEFT JOIN decision d ON d.id = v.decision_id WHERE v.id = $1`;
const BY_DECISION = `
SELECT d.profile_id, p.account_id, d.id AS decision_id, d.command_id, NULL AS delivery_id,
  d.enrolment_id, nullif(d.scenario, '') AS scenario, d.sample
FROM decision d LEFT JOIN profile p ON p.profile_id = d.profile_id WHERE d.id = $1`;

/** The decision and message an outcome is about; null where unknown, or not of one another. */
export async function outcomeSubject(
  tx: Tx,
  ids: { readonly decisionId: string | null; readonly deliveryId: string | null },
): Promise<OutcomeSubject | null> {
  const { decisionId, deliveryId } = ids;
  const found = await inside(tx).query<Row>(deliveryId === null ? BY_DECISION : BY_DELIVERY, [
    deliveryId ?? decisionId,
  ]);
  const [row] = found.rows;
  if (row === undefined) return null;
  if (decisionId !== null && row.decision_id !== decisionId) return null;
  return {
    profileId: row.profile_id as ProfileId,
    accountId: row.account_id,
    decisionId: row.decision_id,
    decisionCommandId: row.command_id,
    deliveryId: row.delivery_id,
    enrolmentId: row.enrolment_id,
    scenario: row.scenario,
    isSample: row.sample,
  };
}
