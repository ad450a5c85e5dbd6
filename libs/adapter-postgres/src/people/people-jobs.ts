import type { Tx } from '#libs/application';
import type { EpochMs } from '#libs/kernel';
import { inside } from '../base/database.js';

/** The next people to look at again. */
export interface PeoplePage {
  readonly jobId: string;
  /** What the job was opened with, as JSON. */
  readonly payload: string;
  readonly profileIds: readonly string[];
  readonly isLast: boolean;
}

/**
 * Looks at everybody anew, a page a transaction; resumes where it stood: `segments` after a
 * publishing changed what people are computed by, `rfm` after the cuts moved.
 */
export class PostgresPeopleJobs {
  constructor(private readonly kind: 'segments' | 'rfm') {}

  async next(tx: Tx, limit: number): Promise<PeoplePage | null> {
    const store = inside(tx);
    const jobs = await store.query<{ id: string; payload: string; cursor: string }>(
      `SELECT id, payload, cursor FROM job WHERE kind = $1 AND state = 'running'
       ORDER BY updated_at_ms, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
      [this.kind],
    );
    const [job] = jobs.rows;
    if (job === undefined) return null;
    const people = await store.query<{ profile_id: string }>(
      `SELECT profile_id FROM profile WHERE profile_id > $1 AND merged_into IS NULL
       ORDER BY profile_id LIMIT $2`,
      [job.cursor, limit],
    );
    return {
      jobId: job.id,
      payload: job.payload,
      profileIds: people.rows.map((row) => row.profile_id),
      isLast: people.rows.length < limit,
    };
  }

  async advance(tx: Tx, page: PeoplePage, nowMs: EpochMs): Promise<void> {
    await inside(tx).query(
      `UPDATE job SET cursor = coalesce($2, cursor), done = done + $3,
         state = CASE WHEN $4 THEN 'done' ELSE state END, updated_at_ms = $5 WHERE id = $1`,
      [page.jobId, page.profileIds.at(-1) ?? null, page.profileIds.length, page.isLast, nowMs],
    );
  }
}
