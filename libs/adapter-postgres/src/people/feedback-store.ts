import type {
  AddressSuppression,
  DueTaskStore,
  FeedbackStore,
  TaskRow,
  Tx,
} from '#libs/application';
import type { Fact, SuppressionFact } from '#libs/contracts';
import { hashId, type EpochMs } from '#libs/kernel';
import { inside } from '../base/database.js';
import { taskOf, type TaskRecord } from '../runtime/result-rows.js';
import type { HashAddress } from './contact-store.js';

/** Closed tasks, complaints and bounces in PostgreSQL. */
export class PostgresFeedbackStore implements FeedbackStore, DueTaskStore {
  constructor(private readonly hashAddress: HashAddress) {}

  async openTasks(tx: Tx, ids: readonly string[]): Promise<readonly TaskRow[]> {
    const rows = await inside(tx).query<TaskRecord>(
      `SELECT * FROM task WHERE id = ANY($1) AND state = 'open' ORDER BY id FOR UPDATE`,
      [ids],
    );
    return rows.rows.map(taskOf);
  }

  async overdueTasks(tx: Tx, dueByMs: EpochMs, limit: number): Promise<readonly TaskRow[]> {
    const rows = await inside(tx).query<TaskRecord>(
      `SELECT * FROM task WHERE state = 'open' AND due_at_ms <= $1
       ORDER BY due_at_ms, id LIMIT $2 FOR UPDATE SKIP LOCKED`,
      [dueByMs, limit],
    );
    return rows.rows.map(taskOf);
  }

  async closeTasks(tx: Tx, rows: readonly TaskRow[]): Promise<void> {
    if (rows.length === 0) return;
    await inside(tx).query(
      `UPDATE task t SET state = c.state, outcome = c.outcome, version = c.version,
         closed_at_ms = c.closed
       FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::bigint[])
         AS c(id, state, outcome, version, closed) WHERE t.id = c.id`,
      [
        rows.map((row) => row.id),
        rows.map((row) => row.state),
        rows.map((row) => row.outcome),
        rows.map((row) => row.version),
        rows.map((row) => row.closedAtMs),
      ],
    );
  }

  async suppress(tx: Tx, rows: readonly AddressSuppression[]): Promise<readonly Fact[]> {
    const facts: Fact[] = [];
    for (const row of rows) {
      const points = await inside(tx).query<{ address: string }>(
        'SELECT address FROM contact_point WHERE profile_id = $1 AND channel = $2',
        [row.profileId, row.channel],
      );
      for (const { address } of points.rows) {
        const fact = await this.suppressOne(tx, row, this.hashAddress(row.channel, address));
        if (fact !== null) facts.push(fact);
      }
    }
    return facts;
  }

  private async suppressOne(
    tx: Tx,
    row: AddressSuppression,
    addressHash: string,
  ): Promise<SuppressionFact | null> {
    const id = hashId(row.reason, 'address', row.channel, addressHash);
    const added = await inside(tx).query<{ version: number }>(
      `INSERT INTO suppression (id, scope, channel, address_hash, reason, is_active, from_ms)
       VALUES ($1, 'address', $2, $3, $4, true, $5)
       ON CONFLICT (id) DO UPDATE SET is_active = true, version = suppression.version + 1,
         from_ms = excluded.from_ms, until_ms = NULL
       WHERE NOT suppression.is_active RETURNING version`,
      [id, row.channel, addressHash, row.reason, row.atMs],
    );
    const [set] = added.rows;
    if (set === undefined) return null;
    return {
      id,
      kind: 'suppression',
      version: set.version,
      atMs: row.atMs,
      profileId: row.profileId,
      body: {
        channel: row.channel,
        scope: 'address',
        addressHash,
        reason: row.reason,
        active: true,
        fromMs: row.atMs,
        untilMs: null,
        sample: row.isSample,
      },
    };
  }

  async addDeliveryEvent(
    tx: Tx,
    row: {
      readonly id: string;
      readonly deliveryId: string;
      readonly kind: string;
      readonly atMs: EpochMs;
      readonly code: string | null;
    },
  ): Promise<boolean> {
    const added = await inside(tx).query(
      `INSERT INTO delivery_event (id, delivery_id, kind, at_ms, code)
       VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`,
      [row.id, row.deliveryId, row.kind, row.atMs, row.code],
    );
    return added.rowCount === 1;
  }
}
