import type {
  CompiledWorkspace,
  PublishedWorkspace,
  PublishedWorkspaces,
  ScenarioInForce,
} from '#libs/application';
import type { Definition } from '#libs/scenario';
import type { Database } from '../base/database.js';

/** Published workspaces in PostgreSQL. */
export class PostgresPublishedWorkspaces implements PublishedWorkspaces {
  constructor(private readonly database: Database) {}

  async mark(): Promise<string> {
    const rows = await this.database.query<{ seq: number; changes: number }>(
      `SELECT coalesce((SELECT max(seq) FROM workspace_version), 0) AS seq,
         coalesce((SELECT sum(version) FROM scenario_state), 0)::bigint AS changes`,
    );
    const [row] = rows.rows;
    return `${row?.seq ?? 0}/${row?.changes ?? 0}`;
  }

  async current(): Promise<PublishedWorkspace | null> {
    const latest = await this.database.query<{
      seq: number;
      compiled: string;
      applied_at_ms: number;
    }>('SELECT seq, compiled, applied_at_ms FROM workspace_version ORDER BY seq DESC LIMIT 1');
    const [row] = latest.rows;
    if (row === undefined) return null;
    const definitions = await this.database.query<{ body: string }>('SELECT body FROM definition');
    const scenarios = await this.database.query<{
      scenario: string;
      definition: string;
      state: string;
    }>(`SELECT scenario, definition, state FROM scenario_state WHERE state IN ('live', 'paused')`);
    return {
      seq: row.seq,
      appliedAtMs: row.applied_at_ms,
      compiled: JSON.parse(row.compiled) as CompiledWorkspace,
      definitions: definitions.rows.map((each) => JSON.parse(each.body) as Definition),
      scenarios: scenarios.rows.map((each): ScenarioInForce => ({
        scenario: each.scenario,
        definition: each.definition,
        isPaused: each.state === 'paused',
      })),
    };
  }
}
