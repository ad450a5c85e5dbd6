import type { EnrolmentChoice, InboxInput, OperatorAct, Tx } from '#libs/application';
import type { EpochMs } from '#libs/kernel';
import { inside, tellAfter } from '../base/database.js';
import { headOf, touchedBy, valuesOf, whereOf } from '../console/operate-sql.js';

/** So many inputs may lie before the engine: more would only wait there. */
const MOST_WAITING = 5_000;

const INPUTS: Readonly<Record<OperatorAct, InboxInput>> = {
  pause: { type: 'control', control: { action: 'pause' } },
  resume: { type: 'control', control: { action: 'resume' } },
  stop: { type: 'control', control: { action: 'stop', as: 'stopped' } },
};

/**
 * What operators asked to be done to many enrolments, a page a transaction in order of their id:
 * what was done stays done, and the next page goes on where this one stood.
 */
export class PostgresEnrolmentJobs {
  /** Answers how many were told; 0 where nothing is to be done, or the engine has enough to do. */
  async runOnce(tx: Tx, limit: number, nowMs: EpochMs): Promise<number> {
    const store = inside(tx);
    const jobs = await store.query<{ id: string; payload: string; cursor: string }>(
      `SELECT id, payload, cursor FROM job WHERE kind = 'enrolments' AND state = 'running'
       ORDER BY updated_at_ms, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
    );
    const [job] = jobs.rows;
    if (job === undefined) return 0;
    const waiting = await store.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM (SELECT 1 FROM inbox LIMIT ${MOST_WAITING}) w`,
    );
    if ((waiting.rows[0]?.n ?? 0) >= MOST_WAITING) return 0;
    const { act, choice } = JSON.parse(job.payload) as {
      act: OperatorAct;
      choice: EnrolmentChoice;
    };
    const page = await store.query<{ id: string }>(
      `${headOf(choice)} SELECT e.id FROM enrolment e, parameters
       WHERE ${whereOf(choice)} AND ${touchedBy(act)} AND e.id > $10 ORDER BY e.id LIMIT $11`,
      [...valuesOf(choice), job.cursor, limit],
    );
    const ids = page.rows.map(({ id }) => id);
    await store.query(
      `INSERT INTO inbox (enrolment_id, input) SELECT id, $2 FROM unnest($1::text[]) AS t(id)`,
      [ids, JSON.stringify(INPUTS[act])],
    );
    const isLast = ids.length < limit;
    await store.query(
      `UPDATE job SET cursor = coalesce($2, cursor), done = done + $3,
         state = CASE WHEN $4 THEN 'done' ELSE state END, updated_at_ms = $5 WHERE id = $1`,
      [job.id, ids.at(-1) ?? null, ids.length, isLast, nowMs],
    );
    tellAfter(tx, 'inbox');
    return 1 + ids.length;
  }
}
