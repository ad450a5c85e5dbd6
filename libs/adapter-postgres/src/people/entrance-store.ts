import type { DatedPerson, DatedZone, EntranceStore, EntranceSweep, Tx } from '#libs/application';
import type { ProfileId } from '#libs/kernel';
import { inside } from '../base/database.js';

interface SweepRecord {
  [column: string]: unknown;
  scenario: string;
  entry: string;
  done_until_ms: number;
  run_until_ms: number | null;
  cursor: string;
  looked: number;
  skipped: number;
}

/**
 * Entries by date and by schedule in PostgreSQL. Dates lie in a table of their own, ordered by day of
 * the year: who has a birthday is read off an index, however many people there are.
 */
export class PostgresEntranceStore implements EntranceStore {
  async sweeps(tx: Tx): Promise<readonly EntranceSweep[]> {
    const found = await inside(tx).query<SweepRecord>(
      `SELECT scenario, entry, done_until_ms, run_until_ms, cursor, looked, skipped
       FROM entrance_sweep`,
    );
    return found.rows.map((row) => ({
      scenario: row.scenario,
      entry: row.entry,
      doneUntilMs: row.done_until_ms,
      runUntilMs: row.run_until_ms,
      cursor: row.cursor,
      looked: row.looked,
      skipped: row.skipped,
    }));
  }

  async save(tx: Tx, sweep: EntranceSweep): Promise<void> {
    await inside(tx).query(
      `INSERT INTO entrance_sweep (scenario, entry, done_until_ms, run_until_ms, cursor, looked,
         skipped)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (scenario) DO UPDATE SET entry = excluded.entry,
         done_until_ms = excluded.done_until_ms, run_until_ms = excluded.run_until_ms,
         cursor = excluded.cursor, looked = excluded.looked, skipped = excluded.skipped`,
      [
        sweep.scenario,
        sweep.entry,
        sweep.doneUntilMs,
        sweep.runUntilMs,
        sweep.cursor,
        sweep.looked,
        sweep.skipped,
      ],
    );
  }

  async drop(tx: Tx, scenario: string): Promise<void> {
    await inside(tx).query('DELETE FROM entrance_sweep WHERE scenario = $1', [scenario]);
  }

  async zonesOn(
    tx: Tx,
    trait: string,
    monthDays: readonly number[],
  ): Promise<readonly DatedZone[]> {
    const found = await inside(tx).query<{ month_day: number; zone: string; people: number }>(
      `SELECT month_day, zone, count(*)::int AS people FROM profile_date
       WHERE trait = $1 AND month_day = ANY($2::smallint[]) GROUP BY month_day, zone`,
      [trait, monthDays],
    );
    return found.rows.map((row) => ({
      monthDay: row.month_day,
      zone: row.zone,
      people: row.people,
    }));
  }

  async datedOn(
    tx: Tx,
    { trait, on, after, limit }: Parameters<EntranceStore['datedOn']>[1],
  ): Promise<readonly DatedPerson[]> {
    const found = await inside(tx).query<{
      profile_id: string;
      day: number;
      month_day: number;
      zone: string;
    }>(
      `SELECT d.profile_id, d.day, d.month_day, d.zone
       FROM unnest($2::smallint[], $3::text[]) AS o(month_day, zone)
       JOIN profile_date d ON d.trait = $1 AND d.month_day = o.month_day AND d.zone = o.zone
       WHERE d.profile_id > $4 ORDER BY d.profile_id LIMIT $5`,
      [trait, on.map((one) => one.monthDay), on.map((one) => one.zone), after, limit],
    );
    return found.rows.map((row) => ({
      profileId: row.profile_id as ProfileId,
      day: row.day,
      monthDay: row.month_day,
      zone: row.zone,
    }));
  }

  async members(
    tx: Tx,
    { segment, after, limit }: Parameters<EntranceStore['members']>[1],
  ): Promise<readonly ProfileId[] | null> {
    const store = inside(tx);
    if (segment === null) {
      const everybody = await store.query<{ profile_id: string }>(
        `SELECT profile_id FROM profile WHERE profile_id > $1 AND merged_into IS NULL
         ORDER BY profile_id LIMIT $2`,
        [after, limit],
      );
      return everybody.rows.map((row) => row.profile_id as ProfileId);
    }
    const judging = await store.query(
      `SELECT 1 FROM job WHERE kind = 'segments' AND state = 'running' LIMIT 1`,
    );
    if (judging.rows.length > 0) return null;
    const members = await store.query<{ profile_id: string }>(
      `SELECT profile_id FROM segment_member
       WHERE segment = $1 AND left_at_ms IS NULL AND profile_id > $2
       ORDER BY profile_id LIMIT $3`,
      [segment, after, limit],
    );
    return members.rows.map((row) => row.profile_id as ProfileId);
  }
}
