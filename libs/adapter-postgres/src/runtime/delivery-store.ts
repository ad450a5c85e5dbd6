import type { Delivery, DeliveryStore, Tx, WithheldRow } from '#libs/application';
import type { EpochMs } from '#libs/kernel';
import { inside, tellAfter, type Database } from '../base/database.js';
import { EFFECT_FREE, EFFECT_HELD, keepHolds } from './holds-sql.js';
import { deliveryOf, type DeliveryRecord } from './delivery-rows.js';

/** Deliveries in PostgreSQL. */
export class PostgresDeliveryStore implements DeliveryStore {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, rows: readonly Delivery[]): Promise<void> {
    if (rows.length === 0) return;
    await inside(tx).query(
      `INSERT INTO delivery (id, command_id, profile_id, account_id, enrolment_id, decision_id,
         reservation_id, scenario, step_id, grp, channel, action, treatment, template, purpose,
         sender, state, version, vars, intended_at_ms, send_at_ms, updated_at_ms, cost, currency,
         sample)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
         $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
         $14::text[], $15::text[], $16::text[], $17::text[], $18::int[], $19::text[], $20::bigint[],
         $21::bigint[], $22::bigint[], $23::numeric[], $24::text[], $25::bool[])
       ON CONFLICT DO NOTHING`,
      [
        rows.map((row) => row.id),
        rows.map((row) => row.commandId),
        rows.map((row) => row.profileId),
        rows.map((row) => row.accountId),
        rows.map((row) => row.enrolmentId),
        rows.map((row) => row.decisionId),
        rows.map((row) => row.reservationId),
        rows.map((row) => row.scenario),
        rows.map((row) => row.stepId),
        rows.map((row) => row.group),
        rows.map((row) => row.channel),
        rows.map((row) => row.action),
        rows.map((row) => row.treatment),
        rows.map((row) => row.template),
        rows.map((row) => row.purpose),
        rows.map((row) => row.sender),
        rows.map((row) => row.state),
        rows.map((row) => row.version),
        rows.map((row) => JSON.stringify(row.vars)),
        rows.map((row) => row.intendedAtMs),
        rows.map((row) => row.sendAtMs),
        rows.map((row) => row.updatedAtMs),
        rows.map((row) => row.cost),
        rows.map((row) => row.currency),
        rows.map((row) => row.isSample),
      ],
    );
    tellAfter(tx, 'delivery');
  }

  async due(
    tx: Tx,
    at: { readonly nowMs: EpochMs; readonly wallMs: number; readonly limit: number },
  ): Promise<readonly Delivery[]> {
    const [, rows] = await Promise.all([
      keepHolds(tx),
      inside(tx).query<DeliveryRecord>(
        `SELECT d.* FROM delivery d WHERE d.state = 'intended' AND d.claimed_by IS NULL
           AND d.send_at_ms <= $1 AND d.retry_wall_ms <= $2 AND ${EFFECT_FREE}
         ORDER BY d.send_at_ms LIMIT $3 FOR UPDATE OF d SKIP LOCKED`,
        [at.nowMs, at.wallMs, at.limit],
      ),
    ]);
    return rows.rows.map(deliveryOf);
  }

  async heldOf(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set();
    const [, rows] = await Promise.all([
      keepHolds(tx),
      inside(tx).query<{ id: string }>(
        `SELECT d.id FROM delivery d WHERE d.id = ANY($1) AND ${EFFECT_HELD}`,
        [ids],
      ),
    ]);
    return new Set(rows.rows.map(({ id }) => id));
  }

  async nextDueMs(): Promise<EpochMs | null> {
    const rows = await this.database.query<{ due: number | null }>(
      `SELECT min(send_at_ms) AS due FROM delivery WHERE state = 'intended'`,
    );
    return rows.rows[0]?.due ?? null;
  }

  async update(tx: Tx, rows: readonly Delivery[]): Promise<void> {
    if (rows.length === 0) return;
    await inside(tx).query(
      `UPDATE delivery d SET state = u.state, version = u.version, links = u.links,
         send_at_ms = u.send_at, first_put_off_ms = u.first_off, retry_wall_ms = u.retry_at,
         attempts = u.attempts, claimed_by = u.claimed_by, accepted_at_ms = u.accepted_at,
         updated_at_ms = u.updated_at, provider = u.provider, provider_id = u.provider_id,
         sms_segments = u.segments, detail = u.detail
       FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::bigint[], $6::bigint[],
         $7::bigint[], $8::int[], $9::text[], $10::bigint[], $11::bigint[], $12::text[],
         $13::text[], $14::int[], $15::text[])
         AS u(id, state, version, links, send_at, first_off, retry_at, attempts, claimed_by,
              accepted_at, updated_at, provider, provider_id, segments, detail)
       WHERE d.id = u.id`,
      [
        rows.map((row) => row.id),
        rows.map((row) => row.state),
        rows.map((row) => row.version),
        rows.map((row) => JSON.stringify(row.links)),
        rows.map((row) => row.sendAtMs),
        rows.map((row) => row.firstPutOffAtMs),
        rows.map((row) => row.retryWallMs),
        rows.map((row) => row.attempts),
        rows.map((row) => row.claimedBy),
        rows.map((row) => row.acceptedAtMs),
        rows.map((row) => row.updatedAtMs),
        rows.map((row) => row.provider),
        rows.map((row) => row.providerId),
        rows.map((row) => row.smsSegments),
        rows.map((row) => row.detail),
      ],
    );
  }

  async withhold(tx: Tx, rows: readonly WithheldRow[]): Promise<void> {
    if (rows.length === 0) return;
    await inside(tx).query(
      `INSERT INTO withheld (id, profile_id, enrolment_id, decision_id, scenario, step_id, channel,
         action, stage, reason, at_ms)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
         $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[])
       ON CONFLICT DO NOTHING`,
      [
        rows.map((row) => row.id),
        rows.map((row) => row.profileId),
        rows.map((row) => row.enrolmentId),
        rows.map((row) => row.decisionId),
        rows.map((row) => row.scenario),
        rows.map((row) => row.stepId),
        rows.map((row) => row.channel),
        rows.map((row) => row.action),
        rows.map((row) => row.stage),
        rows.map((row) => row.reason),
        rows.map((row) => row.atMs),
      ],
    );
  }

  async intendedOf(
    tx: Tx,
    of: Parameters<DeliveryStore['intendedOf']>[1],
  ): Promise<readonly Delivery[]> {
    const rows = await inside(tx).query<DeliveryRecord>(
      `SELECT * FROM delivery
       WHERE (enrolment_id = ANY($1) OR command_id = ANY($2)) AND state = 'intended'
       ORDER BY id FOR UPDATE`,
      [of.enrolmentIds, of.commandIds],
    );
    return rows.rows.map(deliveryOf);
  }

  async byIds(tx: Tx, ids: readonly string[]): Promise<readonly Delivery[]> {
    const rows = await inside(tx).query<DeliveryRecord>(
      'SELECT * FROM delivery WHERE id = ANY($1) ORDER BY id FOR UPDATE',
      [ids],
    );
    return rows.rows.map(deliveryOf);
  }

  async orphaned(
    tx: Tx,
    at: { readonly wallMs: number; readonly limit: number; readonly runId: string },
  ): Promise<readonly Delivery[]> {
    const rows = await inside(tx).query<DeliveryRecord>(
      `SELECT d.* FROM delivery d WHERE d.state IN ('intended', 'sending')
         AND d.claimed_by IS NOT NULL AND (d.claimed_by = $3 OR NOT EXISTS (
         SELECT 1 FROM lease l WHERE l.name = 'sender/' || d.claimed_by AND l.until_wall_ms >= $1))
       LIMIT $2 FOR UPDATE OF d SKIP LOCKED`,
      [at.wallMs, at.limit, at.runId],
    );
    return rows.rows.map(deliveryOf);
  }
}
