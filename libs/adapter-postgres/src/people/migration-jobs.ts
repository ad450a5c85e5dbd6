import type {
  MigrationJob,
  MigrationJobs,
  MigrationPage,
  MigrationProgress,
  MigrationTally,
  Tx,
} from '#libs/application';
import type { EnrolmentId, EpochMs } from '#libs/kernel';
import type { Definition } from '#libs/scenario';
import { inside, type Database } from '../base/database.js';

/** Rows read to find a page: a turn stays short where few of very many are in the scenario. */
const READ_AT_ONCE = 5_000;

interface Payload extends MigrationTally {
  readonly scenario: string;
  readonly definition: string;
}

/**
 * Opens a job for each version that is to take over people and was not in force before; jobs of
 * versions that no longer are in force are stopped, and whoever they had not moved stays.
 */
export async function openMigrations(
  tx: Tx,
  publishing: {
    readonly definitions: readonly Definition[];
    readonly before: readonly Definition[];
    readonly nowMs: EpochMs;
  },
): Promise<void> {
  const { definitions, before, nowMs } = publishing;
  const store = inside(tx);
  const inForce = definitions.map(({ hash }) => `migrate/${hash}`);
  await store.query(
    `UPDATE job SET state = 'stopped', updated_at_ms = $2
     WHERE kind = 'migrate' AND state = 'running' AND id <> ALL($1)`,
    [inForce, nowMs],
  );
  const known = new Set(before.map(({ hash }) => hash));
  for (const { hash, scenario, onChange } of definitions) {
    if (onChange.kind !== 'migrate' || known.has(hash)) continue;
    const payload: Payload = { scenario, definition: hash, moved: 0, refused: {} };
    await store.query(
      `INSERT INTO job (id, kind, payload, total, state, updated_at_ms)
       SELECT $1, 'migrate', $2, count(*), 'running', $5 FROM enrolment
       WHERE scenario = $3 AND definition <> $4
       ON CONFLICT (id) DO UPDATE SET state = 'running', cursor = '', done = 0,
         payload = excluded.payload, total = excluded.total,
         updated_at_ms = excluded.updated_at_ms`,
      [`migrate/${hash}`, JSON.stringify(payload), scenario, hash, nowMs],
    );
  }
}

/** Moves people to a newer version, a page a transaction, in order of their enrolment's id. */
export class PostgresMigrationJobs implements MigrationJobs {
  async current(tx: Tx): Promise<MigrationJob | null> {
    const jobs = await inside(tx).query<{ id: string; payload: string; cursor: string }>(
      `SELECT id, payload, cursor FROM job WHERE kind = 'migrate' AND state = 'running'
       ORDER BY id LIMIT 1 FOR UPDATE`,
    );
    const [job] = jobs.rows;
    if (job === undefined) return null;
    return { id: job.id, cursor: job.cursor, ...(JSON.parse(job.payload) as Payload) };
  }

  async page(tx: Tx, job: MigrationJob, limit: number): Promise<MigrationPage> {
    const found = await inside(tx).query<{
      ids: string[] | null;
      last: string | null;
      read: number;
    }>(
      `WITH looked AS MATERIALIZED (
         SELECT id, scenario, definition FROM enrolment WHERE id > $1
         ORDER BY id LIMIT ${READ_AT_ONCE}
       ), older AS (
         SELECT id FROM looked WHERE scenario = $2 AND definition <> $3 ORDER BY id LIMIT $4
       )
       SELECT (SELECT array_agg(id ORDER BY id) FROM older) AS ids,
         (SELECT max(id) FROM looked) AS last, (SELECT count(*)::int FROM looked) AS read`,
      [job.cursor, job.scenario, job.definition, limit],
    );
    const { ids, last, read = 0 } = found.rows[0] ?? {};
    const enrolmentIds = (ids ?? []) as EnrolmentId[];
    const isFull = enrolmentIds.length >= limit;
    return {
      enrolmentIds,
      cursor: (isFull ? enrolmentIds.at(-1) : last) ?? job.cursor,
      isLast: !isFull && read < READ_AT_ONCE,
    };
  }

  async advance(
    tx: Tx,
    job: MigrationJob,
    done: { readonly page: MigrationPage; readonly tally: MigrationTally; readonly nowMs: EpochMs },
  ): Promise<void> {
    const { page, tally, nowMs } = done;
    const { scenario, definition } = job;
    const refused: Partial<Record<string, number>> = { ...job.refused };
    for (const [reason, people] of Object.entries(tally.refused)) {
      refused[reason] = (refused[reason] ?? 0) + people;
    }
    const payload: Payload = { scenario, definition, moved: job.moved + tally.moved, refused };
    await inside(tx).query(
      `UPDATE job SET cursor = $2, done = done + $3, payload = $4,
         state = CASE WHEN $5 THEN 'done' ELSE state END, updated_at_ms = $6 WHERE id = $1`,
      [job.id, page.cursor, page.enrolmentIds.length, JSON.stringify(payload), page.isLast, nowMs],
    );
  }
}

/** Migrations for who wants to know how far they are, the one under way first. */
export async function migrationProgress(
  database: Database,
  limit: number,
): Promise<readonly MigrationProgress[]> {
  const found = await database.query<{
    payload: string;
    done: number;
    total: number | null;
    state: MigrationProgress['state'];
    updated_at_ms: number;
  }>(
    `SELECT payload, done, total, state, updated_at_ms FROM job WHERE kind = 'migrate'
     ORDER BY (state = 'running') DESC, updated_at_ms DESC, id LIMIT $1`,
    [limit],
  );
  return found.rows.map(({ payload, done, total, state, updated_at_ms: updatedAtMs }) => ({
    ...(JSON.parse(payload) as Payload),
    state,
    total: total ?? 0,
    left: state === 'running' ? Math.max(0, (total ?? 0) - done) : 0,
    updatedAtMs,
  }));
}
