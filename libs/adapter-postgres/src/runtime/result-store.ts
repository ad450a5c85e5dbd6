import type {
  Delivery,
  OutcomeRow,
  ResultStore,
  RewardRow,
  TaskRow,
  TaskStore,
  Tx,
} from '#libs/application';
import type { EpochMs, ProfileId } from '#libs/kernel';
import { inside } from '../base/database.js';
import { deliveryOf, type DeliveryRecord } from './delivery-rows.js';

const STEP_REWARD = 'goal';

/** Outcomes, rewards and tasks in PostgreSQL. */
export class PostgresResultStore implements ResultStore, TaskStore {
  async insertOutcomes(tx: Tx, rows: readonly OutcomeRow[]): Promise<ReadonlySet<string>> {
    const added = await inside(tx).query<{ id: string }>(
      `INSERT INTO outcome (id, watch_id, kind, profile_id, account_id, at_ms, value, currency,
         event_key, delivery_id, decision_id, enrolment_id, scenario, attributed_by)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[],
         $7::numeric[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
         $14::text[])
       ON CONFLICT (id) DO NOTHING RETURNING id`,
      [
        rows.map((row) => row.id),
        rows.map((row) => row.watchId),
        rows.map((row) => row.kind),
        rows.map((row) => row.profileId),
        rows.map((row) => row.accountId),
        rows.map((row) => row.atMs),
        rows.map((row) => row.value),
        rows.map((row) => row.currency),
        rows.map((row) => row.eventKey),
        rows.map((row) => row.deliveryId),
        rows.map((row) => row.decisionId),
        rows.map((row) => row.enrolmentId),
        rows.map((row) => row.scenario),
        rows.map((row) => row.attributedBy),
      ],
    );
    return new Set(added.rows.map((row) => row.id));
  }

  async touchesOf(
    tx: Tx,
    profileIds: readonly ProfileId[],
    sinceMs: EpochMs,
  ): Promise<readonly { delivery: Delivery; humanAtMs: readonly EpochMs[] }[]> {
    const rows = await inside(tx).query<DeliveryRecord & { human: number[] }>(
      `SELECT d.*, ARRAY(SELECT e.at_ms::float8 FROM delivery_event e
         WHERE e.delivery_id = d.id AND e.kind = 'clicked' ORDER BY e.at_ms) AS human
       FROM delivery d WHERE d.intended_at_ms >= $2 AND d.accepted_at_ms IS NOT NULL
         -- A message keeps the profile of its time; the person may be another by now.
         AND d.profile_id = ANY($1::text[] || ARRAY(
           SELECT m.profile_id::text FROM profile m WHERE m.merged_into = ANY($1)))`,
      [profileIds, sinceMs],
    );
    return rows.rows.map((row) => ({ delivery: deliveryOf(row), humanAtMs: row.human }));
  }

  async rewardsOf(tx: Tx, decisionIds: readonly string[]): Promise<readonly RewardRow[]> {
    if (decisionIds.length === 0) return [];
    const rows = await inside(tx).query<{
      id: string;
      profile_id: string;
      scenario: string | null;
      step_id: string | null;
      action: string;
      treatment: string;
      sample: boolean;
      value: number | null;
      is_final: boolean | null;
      version: number | null;
      matured_at_ms: number | null;
    }>(
      `SELECT d.id, d.profile_id, d.scenario, d.step_id, d.chosen_action AS action,
         d.chosen_treatment AS treatment, d.sample, r.value, r.is_final, r.version, r.matured_at_ms
       FROM decision d LEFT JOIN reward r ON r.decision_id = d.id AND r.reward = $2
       WHERE d.id = ANY($1) ORDER BY d.id FOR UPDATE OF d`,
      [decisionIds, STEP_REWARD],
    );
    return rows.rows.map((row) => ({
      decisionId: row.id,
      reward: STEP_REWARD,
      profileId: row.profile_id as ProfileId,
      value: row.value ?? 0,
      isFinal: row.is_final ?? false,
      version: row.version ?? 0,
      maturedAtMs: row.matured_at_ms ?? 0,
      isSample: row.sample,
      scenario: row.scenario,
      stepId: row.step_id,
      action: row.action,
      treatment: row.treatment,
    }));
  }

  async saveRewards(tx: Tx, rows: readonly RewardRow[]): Promise<void> {
    if (rows.length === 0) return;
    await inside(tx).query(
      `INSERT INTO reward (decision_id, reward, profile_id, value, is_final, version, matured_at_ms)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::bool[], $6::int[],
         $7::bigint[])
       ON CONFLICT (decision_id, reward) DO UPDATE SET value = excluded.value,
         is_final = excluded.is_final, version = excluded.version,
         matured_at_ms = excluded.matured_at_ms`,
      [
        rows.map((row) => row.decisionId),
        rows.map((row) => row.reward),
        rows.map((row) => row.profileId),
        rows.map((row) => row.value),
        rows.map((row) => row.isFinal),
        rows.map((row) => row.version),
        rows.map((row) => row.maturedAtMs),
      ],
    );
  }

  async insert(tx: Tx, rows: readonly TaskRow[]): Promise<void> {
    if (rows.length === 0) return;
    await inside(tx).query(
      `INSERT INTO task (id, command_id, profile_id, account_id, owner, scenario, enrolment_id,
         decision_id, title, note, reasons, due_at_ms, state, outcome, version, created_at_ms,
         closed_at_ms, sample)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
         $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::bigint[], $13::text[],
         $14::text[], $15::int[], $16::bigint[], $17::bigint[], $18::bool[])
       ON CONFLICT DO NOTHING`,
      [
        rows.map((row) => row.id),
        rows.map((row) => row.commandId),
        rows.map((row) => row.profileId),
        rows.map((row) => row.accountId),
        rows.map((row) => row.owner),
        rows.map((row) => row.scenario),
        rows.map((row) => row.enrolmentId),
        rows.map((row) => row.decisionId),
        rows.map((row) => row.title),
        rows.map((row) => row.note),
        rows.map((row) => JSON.stringify(row.reasons)),
        rows.map((row) => row.dueAtMs),
        rows.map((row) => row.state),
        rows.map((row) => row.outcome),
        rows.map((row) => row.version),
        rows.map((row) => row.createdAtMs),
        rows.map((row) => row.closedAtMs),
        rows.map((row) => row.isSample),
      ],
    );
  }
}
