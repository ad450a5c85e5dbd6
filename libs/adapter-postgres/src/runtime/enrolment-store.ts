import {
  EVERYTHING,
  type EnrolmentRow,
  type EnrolmentStore,
  type Holds,
  type InboxInput,
  type InboxRow,
  type Lease,
  type LedgerRow,
  type Rekeyed,
  type RuntimeChanges,
  type Tx,
  type WatchRow,
} from '#libs/application';
import type { EnrolmentId, EpochMs, ProfileId } from '#libs/kernel';
import { inside, tellAfter, type Database } from '../base/database.js';
import { acquireLease, fenceLease, releaseLease } from './lease.js';
import { readHolds } from './holds-sql.js';
import { rekeyProfile } from './rekey.js';
import {
  ENROLMENT_COLUMNS,
  enrolmentOf,
  watchOf,
  type EnrolmentRecord,
  type WatchRecord,
} from './rows.js';
import { saveChanges } from './save.js';

/** Enrolments in PostgreSQL, read and written in bulk. */
export class PostgresEnrolmentStore implements EnrolmentStore {
  constructor(
    private readonly database: Database,
    private readonly wallMs: () => number,
  ) {}

  async acquire(name: string, owner: string, forMs: number): Promise<Lease | null> {
    return await acquireLease(this.database, { name, owner, forMs, wallMs: this.wallMs() });
  }

  async release(lease: Lease): Promise<void> {
    await releaseLease(this.database, lease);
  }

  async fence(tx: Tx, lease: Lease): Promise<void> {
    await fenceLease(tx, lease);
  }

  async holds(tx: Tx): Promise<Holds> {
    return await readHolds(tx);
  }

  async released(tx: Tx, limit: number): Promise<readonly EnrolmentRow[]> {
    const rows = await inside(tx).query<EnrolmentRecord>(
      `SELECT ${ENROLMENT_COLUMNS}, status
       FROM enrolment WHERE flags & 4 <> 0 AND scenario = ANY(ARRAY(
         SELECT s.scenario FROM scenario_state s WHERE NOT EXISTS (
           SELECT 1 FROM engine_hold h WHERE h.scope IN ('${EVERYTHING}', s.scenario))))
       ORDER BY scenario LIMIT $1`,
      [limit],
    );
    return rows.rows.map(enrolmentOf);
  }

  async runningOf(tx: Tx, profileIds: readonly ProfileId[]): Promise<readonly EnrolmentRow[]> {
    if (profileIds.length === 0) return [];
    const rows = await inside(tx).query<EnrolmentRecord>(
      `SELECT ${ENROLMENT_COLUMNS}, status FROM enrolment WHERE profile_id = ANY($1)
       ORDER BY entered_at_ms, id`,
      [profileIds],
    );
    return rows.rows.map(enrolmentOf);
  }

  async dueAt(tx: Tx, nowMs: EpochMs, limit: number): Promise<readonly EnrolmentRow[]> {
    const rows = await inside(tx).query<EnrolmentRecord>(
      `SELECT ${ENROLMENT_COLUMNS}, status FROM enrolment
       WHERE due_at_ms <= $1 ORDER BY due_at_ms LIMIT $2`,
      [nowMs, limit],
    );
    return rows.rows.map(enrolmentOf);
  }

  async nextDueMs(): Promise<EpochMs | null> {
    const rows = await this.database.query<{ due: number | null }>(
      `SELECT min(due_at_ms) AS due FROM enrolment WHERE due_at_ms IS NOT NULL`,
    );
    return rows.rows[0]?.due ?? null;
  }

  async byIds(tx: Tx, ids: readonly EnrolmentId[]): Promise<readonly EnrolmentRow[]> {
    if (ids.length === 0) return [];
    const rows = await inside(tx).query<EnrolmentRecord>(
      `SELECT ${ENROLMENT_COLUMNS}, status FROM enrolment WHERE id = ANY($1)`,
      [ids],
    );
    return rows.rows.map(enrolmentOf);
  }

  async inbox(tx: Tx, limit: number): Promise<readonly InboxRow[]> {
    const rows = await inside(tx).query<{ seq: number; enrolment_id: string; input: string }>(
      `SELECT seq, enrolment_id, input FROM inbox ORDER BY seq LIMIT $1`,
      [limit],
    );
    return rows.rows.map((row) => ({
      seq: row.seq,
      enrolmentId: row.enrolment_id as EnrolmentId,
      input: JSON.parse(row.input) as InboxInput,
    }));
  }

  async ledgerOf(tx: Tx, profileIds: readonly ProfileId[]): Promise<readonly LedgerRow[]> {
    if (profileIds.length === 0) return [];
    const rows = await inside(tx).query<{
      scenario: string;
      profile_id: string;
      entry_key: string;
      enrolment_id: string;
      last_entered_at_ms: number;
      occurrence: string;
    }>(
      `SELECT scenario, profile_id, entry_key, enrolment_id, last_entered_at_ms, occurrence
       FROM entry_ledger WHERE profile_id = ANY($1)`,
      [profileIds],
    );
    return rows.rows.map((row) => ({
      scenario: row.scenario,
      profileId: row.profile_id as ProfileId,
      entryKey: row.entry_key,
      enrolmentId: row.enrolment_id as EnrolmentId,
      lastEnteredAtMs: row.last_entered_at_ms,
      ...(row.occurrence === '' ? {} : { occurrence: row.occurrence }),
    }));
  }

  async watchesOf(
    tx: Tx,
    profileIds: readonly ProfileId[],
    names: readonly string[],
  ): Promise<readonly WatchRow[]> {
    if (profileIds.length === 0 || names.length === 0) return [];
    const rows = await inside(tx).query<WatchRecord>(
      `SELECT * FROM watch WHERE profile_id = ANY($1) AND event_names && $2 ORDER BY from_ms, id`,
      [profileIds, names],
    );
    return rows.rows.map(watchOf);
  }

  async watchesOver(tx: Tx, nowMs: EpochMs, limit: number): Promise<readonly WatchRow[]> {
    const rows = await inside(tx).query<WatchRecord>(
      `SELECT * FROM watch WHERE until_ms < $1 ORDER BY until_ms LIMIT $2`,
      [nowMs, limit],
    );
    return rows.rows.map(watchOf);
  }

  async dropWatches(tx: Tx, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await inside(tx).query('DELETE FROM watch WHERE id = ANY($1)', [ids]);
  }

  async save(tx: Tx, changes: RuntimeChanges): Promise<void> {
    await saveChanges(tx, changes);
  }

  async post(
    tx: Tx,
    rows: readonly { enrolmentId: EnrolmentId; input: InboxInput }[],
  ): Promise<void> {
    if (rows.length === 0) return;
    await inside(tx).query(
      `INSERT INTO inbox(enrolment_id, input) SELECT * FROM unnest($1::text[], $2::text[])`,
      [rows.map((row) => row.enrolmentId), rows.map((row) => JSON.stringify(row.input))],
    );
    tellAfter(tx, 'inbox');
  }

  async rekey(tx: Tx, from: ProfileId, to: ProfileId): Promise<Rekeyed> {
    return await rekeyProfile(tx, from, to);
  }
}
