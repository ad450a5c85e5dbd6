import type {
  DecisionStore,
  Lesson,
  LessonStore,
  ModelSnapshot,
  StoredDecision,
  Tx,
} from '#libs/application';
import { posteriorKey, type DecisionRecord, type Posterior } from '#libs/decision';
import type { EpochMs } from '#libs/kernel';
import { inside } from '../base/database.js';

const MODEL = 'betaTS';

/** Decisions and posteriors in PostgreSQL. */
export class PostgresDecisionStore implements DecisionStore, LessonStore {
  async byCommand(
    tx: Tx,
    commandIds: readonly string[],
  ): Promise<ReadonlyMap<string, DecisionRecord>> {
    const rows = await inside(tx).query<{ command_id: string; record: string }>(
      'SELECT command_id, record FROM decision WHERE command_id = ANY($1)',
      [commandIds],
    );
    return new Map(
      rows.rows.map((row) => [row.command_id, JSON.parse(row.record) as DecisionRecord] as const),
    );
  }

  async commandsOf(tx: Tx, decisionIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (decisionIds.length === 0) return new Map();
    const rows = await inside(tx).query<{ id: string; command_id: string }>(
      'SELECT id, command_id FROM decision WHERE id = ANY($1)',
      [decisionIds],
    );
    return new Map(rows.rows.map((row) => [row.id, row.command_id] as const));
  }

  async insert(tx: Tx, decisions: readonly StoredDecision[]): Promise<void> {
    if (decisions.length === 0) return;
    const records = decisions.map((decision) => decision.record);
    await inside(tx).query(
      `INSERT INTO decision (id, command_id, profile_id, enrolment_id, scenario, step_id,
         decided_at_ms, chosen_action, chosen_treatment, sample, record)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
         $7::bigint[], $8::text[], $9::text[], $10::bool[], $11::text[])`,
      [
        records.map((record) => record.decisionId),
        decisions.map((decision) => decision.commandId),
        records.map((record) => record.profileId),
        records.map((record) => record.enrolmentId),
        records.map((record) => record.scenario),
        records.map((record) => record.stepId),
        records.map((record) => record.atMs),
        records.map((record) => record.chosenAction ?? 'nothing'),
        records.map((record) => record.chosenTreatment ?? ''),
        decisions.map((decision) => decision.isSample),
        records.map((record) => JSON.stringify(record)),
      ],
    );
  }

  async model(tx: Tx): Promise<ModelSnapshot> {
    // One row a treatment in use: small enough to be read whole, so that it is never out of date.
    const rows = await inside(tx).query<{
      version: number;
      scenario: string | null;
      step_id: string;
      action: string;
      treatment: string;
      successes: number;
      failures: number;
    }>(
      `SELECT m.version, p.scenario, p.step_id, p.action, p.treatment, p.successes, p.failures
       FROM model_version m LEFT JOIN posterior p ON true WHERE m.name = $1`,
      [MODEL],
    );
    const posteriors = new Map<string, Posterior>();
    for (const row of rows.rows) {
      if (row.scenario === null) continue;
      const key = posteriorKey(row.scenario, row.step_id, row.action, row.treatment);
      posteriors.set(key, { successes: row.successes, failures: row.failures });
    }
    return { version: `${MODEL}@${rows.rows[0]?.version ?? 0}`, posteriors };
  }

  async add(tx: Tx, lessons: readonly Lesson[], nowMs: EpochMs): Promise<void> {
    const store = inside(tx);
    await store.query(
      `INSERT INTO model_version (name, version) VALUES ($1, 1)
       ON CONFLICT (name) DO UPDATE SET version = model_version.version + 1`,
      [MODEL],
    );
    await store.query(
      `INSERT INTO posterior AS p
         (scenario, step_id, action, treatment, successes, failures, updated_at_ms)
       SELECT *, $7::bigint FROM unnest($1::text[], $2::text[], $3::text[], $4::text[],
         $5::float8[], $6::float8[])
       ON CONFLICT (scenario, step_id, action, treatment) DO UPDATE SET
         successes = p.successes + excluded.successes,
         failures = p.failures + excluded.failures, updated_at_ms = excluded.updated_at_ms`,
      [
        lessons.map((lesson) => lesson.scenario),
        lessons.map((lesson) => lesson.stepId),
        lessons.map((lesson) => lesson.action),
        lessons.map((lesson) => lesson.treatment),
        lessons.map((lesson) => lesson.successes),
        lessons.map((lesson) => lesson.failures),
        nowMs,
      ],
    );
  }
}
