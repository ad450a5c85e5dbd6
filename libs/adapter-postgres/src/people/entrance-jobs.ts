import type { EntranceJobs, EntrancePage, Holds, Tx } from '#libs/application';
import type { EpochMs, ProfileId } from '#libs/kernel';
import { inside } from '../base/database.js';

interface JobRecord {
  [column: string]: unknown;
  id: string;
  payload: string;
  cursor: string;
}

/** Takes in the members of a segment, a page a transaction, in order of their id. */
export class PostgresEntranceJobs implements EntranceJobs {
  async next(tx: Tx, limit: number, holds: Holds): Promise<EntrancePage | null> {
    if (holds.isAll) return null;
    const store = inside(tx);
    const jobs = await store.query<JobRecord>(
      // Who is a member is known once everybody was evaluated by the new rules.
      `SELECT id, payload, cursor FROM job WHERE kind = 'existing' AND state = 'running'
         AND NOT EXISTS (SELECT 1 FROM job s WHERE s.kind = 'segments' AND s.state = 'running')
         AND NOT EXISTS (SELECT 1 FROM definition d
           WHERE d.hash = job.payload::jsonb->>'definition' AND d.scenario = ANY($1))
       ORDER BY id LIMIT 1 FOR UPDATE`,
      [[...holds.scenarios]],
    );
    const [job] = jobs.rows;
    if (job === undefined) return null;
    const { definition, segment } = JSON.parse(job.payload) as Record<string, string>;
    const members = await store.query<{ profile_id: string }>(
      `SELECT profile_id FROM segment_member
       WHERE segment = $1 AND left_at_ms IS NULL AND profile_id > $2
       ORDER BY profile_id LIMIT $3`,
      [segment, job.cursor, limit],
    );
    return {
      jobId: job.id,
      definition: definition ?? '',
      profileIds: members.rows.map((row) => row.profile_id as ProfileId),
      isLast: members.rows.length < limit,
    };
  }

  async advance(tx: Tx, page: EntrancePage, nowMs: EpochMs): Promise<void> {
    await inside(tx).query(
      `UPDATE job SET cursor = coalesce($2, cursor), done = done + $3,
         state = CASE WHEN $4 THEN 'done' ELSE state END, updated_at_ms = $5 WHERE id = $1`,
      [page.jobId, page.profileIds.at(-1) ?? null, page.profileIds.length, page.isLast, nowMs],
    );
  }

  /**
   * Lets finished jobs look again from the start: people who were loaded after the publishing are
   * members too. Nobody enters twice, as the ledger says.
   */
  async reopen(tx: Tx, nowMs: EpochMs): Promise<void> {
    await inside(tx).query(
      `UPDATE job SET state = 'running', cursor = '', updated_at_ms = $1
       WHERE kind = 'existing' AND state = 'done'`,
      [nowMs],
    );
  }
}
