import type { DecisionQuery, DecisionReader, OutcomeRow } from '#libs/application';
import type { DecisionRecord } from '#libs/decision';
import type { Database } from '../base/database.js';
import { outcomeOf, type OutcomeRecord } from '../runtime/result-rows.js';

/** Decisions for the console, in PostgreSQL. */
export class PostgresDecisionReader implements DecisionReader {
  constructor(private readonly database: Database) {}

  async list(query: DecisionQuery): Promise<readonly DecisionRecord[]> {
    const found = await this.database.query<{ record: string }>(
      `SELECT record FROM decision
       WHERE ($1::text IS NULL OR scenario = $1) AND ($2::text IS NULL OR step_id = $2)
         AND ($3::text IS NULL OR chosen_action = $3)
         AND (decided_at_ms, id COLLATE "C") < ($4::bigint, $5)
       ORDER BY decided_at_ms DESC, id COLLATE "C" DESC LIMIT $6`,
      [
        query.scenario ?? null,
        query.step ?? null,
        query.action ?? null,
        query.before.atMs,
        query.before.id,
        query.limit,
      ],
    );
    return found.rows.map(({ record }) => JSON.parse(record) as DecisionRecord);
  }

  async one(id: string): Promise<DecisionRecord | null> {
    const found = await this.database.query<{ record: string }>(
      'SELECT record FROM decision WHERE id = $1',
      [id],
    );
    const [row] = found.rows;
    return row === undefined ? null : (JSON.parse(row.record) as DecisionRecord);
  }

  async outcomesOf(decisionId: string): Promise<readonly OutcomeRow[]> {
    const found = await this.database.query<OutcomeRecord>(
      'SELECT * FROM outcome WHERE decision_id = $1 ORDER BY at_ms, id LIMIT 50',
      [decisionId],
    );
    return found.rows.map(outcomeOf);
  }
}
