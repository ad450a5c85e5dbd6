import type {
  EnrolledQuery,
  EnrolledRow,
  ScenarioFigure,
  ScenarioReader,
  SourceRow,
  StandingCount,
  VersionRow,
  WithheldCount,
} from '#libs/application';
import type { Database } from '../base/database.js';
import { nameSql } from './names.js';

/** Longest that quiet hours put a message off: one sent today was intended no earlier. */
const PUT_OFF_MS = 96 * 3_600_000;
const MOST_REASONS = 20;

const FIGURES_SQL = `
WITH entered AS (
  SELECT scenario, width_bucket(entered_at_ms, $1::bigint[]) - 1 AS interval, count(*) AS n
  FROM (
    SELECT scenario, entered_at_ms FROM enrolment WHERE entered_at_ms >= $2 AND entered_at_ms < $3
    UNION ALL
    SELECT scenario, entered_at_ms FROM enrolment_ended
    WHERE entered_at_ms >= $2 AND entered_at_ms < $3
  ) e GROUP BY 1, 2
), sent AS (
  SELECT scenario, width_bucket(coalesce(accepted_at_ms, updated_at_ms), $1::bigint[]) - 1
    AS interval, count(*) AS n
  FROM delivery
  WHERE intended_at_ms >= $2 - ${PUT_OFF_MS} AND intended_at_ms < $3 AND scenario IS NOT NULL
    AND coalesce(accepted_at_ms, updated_at_ms) >= $2
    AND coalesce(accepted_at_ms, updated_at_ms) < $3
    AND state IN ('accepted', 'uncertain', 'delivered', 'bounced', 'complained')
  GROUP BY 1, 2
), goals AS (
  SELECT scenario, width_bucket(at_ms, $1::bigint[]) - 1 AS interval, enrolment_id, currency,
    coalesce(value, 0) AS value
  FROM outcome
  WHERE at_ms >= $2 AND at_ms < $3 AND kind = 'converted' AND attributed_by = 'goal'
    AND scenario IS NOT NULL
)
SELECT scenario, interval, 'entered' AS kind, n::int AS count, '0' AS amount, '' AS currency
FROM entered
UNION ALL SELECT scenario, interval, 'sent', n::int, '0', '' FROM sent
UNION ALL SELECT scenario, interval, 'converted', count(DISTINCT enrolment_id)::int, '0', ''
  FROM goals GROUP BY 1, 2
UNION ALL SELECT scenario, interval, 'revenue', count(*)::int, sum(value)::numeric(18,4)::text,
  currency FROM goals WHERE currency <> '' GROUP BY 1, 2, currency`;

const ENROLLED_SQL = `
SELECT e.id, e.profile_id, ${nameSql('p')} AS name, e.definition, e.step_id, e.status, e.grp,
  e.entered_at_ms, e.due_at_ms, e.since_ms
FROM enrolment e LEFT JOIN profile p ON p.profile_id = e.profile_id
WHERE e.scenario = $1 AND ($2::text IS NULL OR e.step_id = $2)
  AND ($3::text IS NULL OR e.status = $3) AND ($4::text IS NULL OR e.id > $4)
ORDER BY e.id LIMIT $5`;

/**
 * The file noted for a definition, else for the one in force the file of the latest publishing that
 * says it is this scenario's.
 */
const SOURCE_SQL = `
SELECT path, source FROM (
  SELECT f.path, f.source, 1 AS rank FROM definition_source s
  JOIN workspace_file f ON f.seq = s.seq AND f.path = s.path
  WHERE s.definition = $2 AND s.scenario = $1
  UNION ALL
  SELECT f.path, f.source, 2 FROM workspace_file f
  JOIN scenario_state t ON t.scenario = $1 AND t.definition = $2
  WHERE f.seq = (SELECT max(seq) FROM workspace_version)
    AND f.path !~ '/' AND f.path ~ '[.](ya?ml|json)$'
    AND f.source ~ ('(^|\\n)[[:space:]{]*"?scenario"?:[[:space:]]*["'']?' || $1 || '["'']?[[:space:],]')
) found ORDER BY rank LIMIT 1`;

interface EnrolledRecord {
  [column: string]: unknown;
  id: string;
  profile_id: string;
  name: string | null;
  definition: string;
  step_id: string;
  status: EnrolledRow['status'];
  grp: string;
  entered_at_ms: number;
  due_at_ms: number | null;
  since_ms: number | null;
}

/** Scenarios for the console, in PostgreSQL. */
export class PostgresScenarioReader implements ScenarioReader {
  constructor(private readonly database: Database) {}

  async standing(): Promise<readonly StandingCount[]> {
    const found = await this.database.query<{
      scenario: string;
      definition: string;
      step_id: string;
      status: StandingCount['status'];
      people: number;
    }>(
      `SELECT scenario, definition, step_id, status, count(*)::int AS people FROM enrolment
       GROUP BY 1, 2, 3, 4`,
    );
    return found.rows.map(({ scenario, definition, step_id: stepId, status, people }) => ({
      scenario,
      definition,
      stepId,
      status,
      people,
    }));
  }

  async figures(bounds: readonly number[]): Promise<readonly ScenarioFigure[]> {
    const found = await this.database.query<ScenarioFigure & Record<string, unknown>>(FIGURES_SQL, [
      bounds,
      bounds[0] ?? 0,
      bounds.at(-1) ?? 0,
    ]);
    return found.rows;
  }

  async withheldSince(sinceMs: number): Promise<readonly WithheldCount[]> {
    const found = await this.database.query<WithheldCount & Record<string, unknown>>(
      `SELECT reason, min(stage) AS stage, count(*)::int AS count FROM withheld
       WHERE at_ms >= $1 GROUP BY reason ORDER BY 3 DESC, 1 LIMIT ${MOST_REASONS}`,
      [sinceMs],
    );
    return found.rows;
  }

  async enrolled(query: EnrolledQuery): Promise<readonly EnrolledRow[]> {
    const found = await this.database.query<EnrolledRecord>(ENROLLED_SQL, [
      query.scenario,
      query.stepId ?? null,
      query.status ?? null,
      query.after ?? null,
      query.limit,
    ]);
    return found.rows.map((row) => ({
      enrolmentId: row.id,
      profileId: row.profile_id,
      name: row.name ?? row.profile_id,
      definition: row.definition,
      stepId: row.step_id,
      status: row.status,
      group: row.grp,
      enteredAtMs: row.entered_at_ms,
      sinceMs: row.since_ms,
      dueAtMs: row.due_at_ms,
    }));
  }

  async endedCount(scenario: string): Promise<number> {
    const found = await this.database.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM enrolment_ended WHERE scenario = $1',
      [scenario],
    );
    return found.rows[0]?.n ?? 0;
  }

  async versions(scenario: string, limit: number): Promise<readonly VersionRow[]> {
    const found = await this.database.query<{
      hash: string;
      published_at_ms: number;
      author: string | null;
    }>(
      `SELECT d.hash, d.published_at_ms, v.author FROM definition d
       LEFT JOIN definition_source s ON s.definition = d.hash
       LEFT JOIN workspace_version v ON v.seq = s.seq
       WHERE d.scenario = $1 ORDER BY d.published_at_ms DESC, d.hash LIMIT $2`,
      [scenario, limit],
    );
    return found.rows.map((row) => ({
      definition: row.hash,
      publishedAtMs: row.published_at_ms,
      author: row.author ?? '',
    }));
  }

  async source(scenario: string, definition: string): Promise<SourceRow | null> {
    const found = await this.database.query<{ path: string; source: string }>(SOURCE_SQL, [
      scenario,
      definition,
    ]);
    const [row] = found.rows;
    return row === undefined ? null : { path: row.path, text: row.source };
  }
}
