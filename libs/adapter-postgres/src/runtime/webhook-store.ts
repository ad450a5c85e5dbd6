import type { Tx, WebhookCall, WebhookStore } from '#libs/application';
import type { CommandId, EnrolmentId, JsonObject, ProfileId } from '#libs/kernel';
import { inside, tellAfter, type Database } from '../base/database.js';
import { EFFECT_FREE, keepHolds } from './holds-sql.js';

interface CallRecord {
  readonly id: CommandId;
  readonly enrolment_id: EnrolmentId;
  readonly profile_id: ProfileId;
  readonly scenario: string;
  readonly step_id: string;
  readonly endpoint: string;
  readonly body: string;
  readonly timeout_ms: number;
  readonly asked_at_ms: number;
  readonly attempts: number;
}

const COLUMNS = `id, enrolment_id, profile_id, scenario, step_id, endpoint, body, timeout_ms,
  asked_at_ms`;

/** Calls in PostgreSQL, until they are answered. */
export class PostgresWebhookStore implements WebhookStore {
  constructor(private readonly database: Database) {}

  async ask(tx: Tx, calls: readonly Omit<WebhookCall, 'attempts'>[]): Promise<void> {
    if (calls.length === 0) return;
    await inside(tx).query(
      `INSERT INTO webhook_call (${COLUMNS})
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
         $7::text[], $8::int[], $9::bigint[])
       ON CONFLICT DO NOTHING`,
      [
        calls.map((call) => call.id),
        calls.map((call) => call.enrolmentId),
        calls.map((call) => call.profileId),
        calls.map((call) => call.scenario),
        calls.map((call) => call.stepId),
        calls.map((call) => call.endpoint),
        calls.map((call) => JSON.stringify(call.body)),
        calls.map((call) => call.timeoutMs),
        calls.map((call) => call.askedAtMs),
      ],
    );
    tellAfter(tx, 'webhook');
  }

  async take(at: Parameters<WebhookStore['take']>[0]): Promise<readonly WebhookCall[]> {
    return await this.database.transaction(async (tx) => {
      const [, { rows }] = await Promise.all([
        keepHolds(tx),
        inside(tx).query<CallRecord>(
          `UPDATE webhook_call SET attempts = attempts + 1, next_wall_ms = $2
           WHERE id IN (
             SELECT d.id FROM webhook_call d
             WHERE d.next_wall_ms <= $1 AND d.endpoint <> ALL($4::text[]) AND ${EFFECT_FREE}
             ORDER BY d.next_wall_ms, d.asked_at_ms LIMIT $3 FOR UPDATE OF d SKIP LOCKED)
           RETURNING ${COLUMNS}, attempts`,
          [at.wallMs, at.wallMs + at.leaseMs, at.limit, [...at.without]],
        ),
      ]);
      return rows.map(callOf);
    });
  }

  async close(tx: Tx, id: CommandId): Promise<boolean> {
    const { rows } = await inside(tx).query<{ id: string }>(
      'DELETE FROM webhook_call WHERE id = $1 RETURNING id',
      [id],
    );
    return rows.length > 0;
  }

  async putOff(id: CommandId, untilWallMs: number): Promise<void> {
    await this.database.query('UPDATE webhook_call SET next_wall_ms = $2 WHERE id = $1', [
      id,
      untilWallMs,
    ]);
  }

  async cancel(tx: Tx, of: Parameters<WebhookStore['cancel']>[1]): Promise<void> {
    await inside(tx).query(
      'DELETE FROM webhook_call WHERE enrolment_id = ANY($1) OR id = ANY($2)',
      [of.enrolmentIds, of.ids],
    );
  }
}

function callOf(row: CallRecord): WebhookCall {
  return {
    id: row.id,
    enrolmentId: row.enrolment_id,
    profileId: row.profile_id,
    scenario: row.scenario,
    stepId: row.step_id,
    endpoint: row.endpoint,
    body: JSON.parse(row.body) as JsonObject,
    timeoutMs: row.timeout_ms,
    askedAtMs: row.asked_at_ms,
    attempts: row.attempts,
  };
}
