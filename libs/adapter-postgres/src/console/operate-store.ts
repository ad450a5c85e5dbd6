import { createHash } from 'node:crypto';
import type {
  ActReach,
  ActRow,
  EnrolmentChoice,
  OperateStore,
  OperatorAct,
  Trouble,
  TroubleCount,
  TroubledRow,
  Tx,
} from '#libs/application';
import { inside, tellAfter, type Database } from '../base/database.js';
import { nameSql } from './names.js';
import { headOf, touchedBy, valuesOf, whereOf } from './operate-sql.js';

const FLAG_HELD = 4;
const COUNTED: readonly Trouble[] = ['stuck', 'overdue', 'failing', 'paused'];
/** Most lines of a count: steps of a few dozen scenarios, by reason. */
const MOST_COUNTS = 500;

interface ListRecord {
  [column: string]: unknown;
  id: string;
  profile_id: string;
  name: string | null;
  scenario: string;
  definition: string;
  step_id: string;
  status: TroubledRow['status'];
  flags: number;
  since_ms: number | null;
  due_at_ms: number | null;
  reason: string | null;
}

/** Enrolments for operators, in PostgreSQL. */
export class PostgresOperateStore implements OperateStore {
  constructor(private readonly database: Database) {}

  async list(
    choice: EnrolmentChoice,
    page: { readonly after: string; readonly limit: number },
  ): Promise<readonly TroubledRow[]> {
    const found = await this.database.query<ListRecord>(
      choice.trouble === 'failing' ? failingSql(choice) : listSql(choice),
      [...valuesOf(choice), page.after, page.limit],
    );
    return found.rows.map((row) => ({
      enrolmentId: row.id,
      profileId: row.profile_id,
      name: row.name ?? row.profile_id,
      scenario: row.scenario,
      definition: row.definition,
      stepId: row.step_id,
      status: row.status,
      isHeld: (row.flags & FLAG_HELD) !== 0,
      sinceMs: row.since_ms,
      dueAtMs: row.due_at_ms,
      reason: row.reason,
    }));
  }

  async counts(choice: EnrolmentChoice): Promise<readonly TroubleCount[]> {
    const counts: TroubleCount[] = [];
    for (const trouble of COUNTED) {
      const asked = { ...choice, trouble };
      const isFailing = trouble === 'failing';
      const found = await this.database.query<TroubleCount & Record<string, unknown>>(
        `${headOf(asked)}
         SELECT '${trouble}' AS trouble, ${isFailing ? 'f.reason' : 'NULL'} AS reason, e.scenario,
           min(e.definition) AS definition, ${isFailing ? 'f.step_id' : 'e.step_id'} AS "stepId",
           count(DISTINCT e.profile_id)::int AS people
         FROM ${isFailing ? `${EVERYBODY} e JOIN failed f ON f.enrolment_id = e.id` : 'enrolment e'},
           parameters
         WHERE ${isFailing ? 'true' : whereOf(asked)}
         GROUP BY 1, 2, 3, 5 ORDER BY people DESC, 3, 5, 2 LIMIT ${MOST_COUNTS}`,
        [...valuesOf(asked)],
      );
      counts.push(...found.rows);
    }
    return counts;
  }

  async reach(act: OperatorAct, choice: EnrolmentChoice): Promise<ActReach> {
    const found = await this.database.query<ActReach & Record<string, unknown>>(
      `${headOf(choice)}, chosen AS (
         SELECT e.id, e.profile_id FROM enrolment e, parameters
         WHERE ${whereOf(choice)} AND ${touchedBy(act)})
       SELECT count(*)::int AS enrolments, count(DISTINCT profile_id)::int AS people,
         (SELECT count(*)::int FROM delivery d
          WHERE d.state = 'intended' AND d.enrolment_id IN (SELECT id FROM chosen)) AS messages
       FROM chosen`,
      [...valuesOf(choice)],
    );
    return found.rows[0] ?? { enrolments: 0, people: 0, messages: 0 };
  }

  async open(
    tx: Tx,
    job: { readonly act: OperatorAct; readonly choice: EnrolmentChoice; readonly total: number },
  ): Promise<string> {
    const payload = JSON.stringify({ act: job.act, choice: job.choice });
    const hash = createHash('sha256').update(payload).digest('hex').slice(0, 16);
    const id = `enrolments/${job.choice.nowMs}-${hash}`;
    await inside(tx).query(
      `INSERT INTO job (id, kind, payload, total, state, updated_at_ms)
       VALUES ($1, 'enrolments', $2, $3, 'running', $4) ON CONFLICT (id) DO NOTHING`,
      [id, payload, job.total, job.choice.nowMs],
    );
    tellAfter(tx, 'inbox');
    return id;
  }

  async note(tx: Tx, row: Omit<ActRow, 'job'> & { readonly jobId: string | null }): Promise<void> {
    await inside(tx).query(
      `INSERT INTO operator_act (at_ms, author, act, scope, people, job_id)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [row.atMs, row.author, row.act, row.scope, row.people, row.jobId],
    );
  }

  async acts(limit: number): Promise<readonly ActRow[]> {
    const found = await this.database.query<
      Omit<ActRow, 'job'> & {
        [column: string]: unknown;
        id: string | null;
        state: string | null;
        done: number | null;
        total: number | null;
      }
    >(
      `SELECT a.at_ms AS "atMs", a.author, a.act, a.scope, a.people, j.id, j.state, j.done, j.total
       FROM operator_act a LEFT JOIN job j ON j.id = a.job_id ORDER BY a.seq DESC LIMIT $1`,
      [limit],
    );
    return found.rows.map(({ id, state, done, total, ...row }) => ({
      ...row,
      job: id === null ? null : { id, state: state ?? '', done: done ?? 0, total },
    }));
  }
}

/** Enrolments that run and that ended, with what both have. */
const EVERYBODY = `(
  SELECT id, profile_id, scenario, definition, step_id, status, flags, due_at_ms,
    since_ms FROM enrolment
  UNION ALL
  SELECT id, profile_id, scenario, definition, '', 'ended', flags, NULL, NULL FROM enrolment_ended)`;

function listSql(choice: EnrolmentChoice): string {
  return `${headOf(choice)}
    SELECT e.id, e.profile_id, ${nameSql('p')} AS name, e.scenario, e.definition, e.step_id,
      e.status, e.flags, e.since_ms, e.due_at_ms,
      NULL AS reason
    FROM enrolment e LEFT JOIN profile p ON p.profile_id = e.profile_id, parameters
    WHERE ${whereOf(choice)} AND e.id > $10 ORDER BY e.id LIMIT $11`;
}

/** Of what failed, those who have left are shown as well: their message did not go either. */
function failingSql(choice: EnrolmentChoice): string {
  return `${headOf(choice)}
    SELECT f.enrolment_id AS id, f.profile_id, ${nameSql('p')} AS name, e.scenario, e.definition,
      coalesce(f.step_id, e.step_id) AS step_id, e.status, e.flags, e.since_ms, e.due_at_ms,
      f.reason
    FROM failed f JOIN ${EVERYBODY} e ON e.id = f.enrolment_id
      LEFT JOIN profile p ON p.profile_id = f.profile_id, parameters
    WHERE ($1::text IS NULL OR e.scenario = $1) AND ($2::text IS NULL OR f.step_id = $2)
      AND ($3::text IS NULL OR f.reason = $3) AND f.enrolment_id > $10
    ORDER BY f.enrolment_id LIMIT $11`;
}
