import type { CrmLinks, CrmTask, LinkRow, Tx } from '#libs/application';
import { inside, type Database } from '../base/database.js';

interface TaskRecord {
  [column: string]: unknown;
  key: string;
  id: string;
  profile_id: string;
  decision_id: string | null;
  scenario: string | null;
  sample: boolean;
}

/** What CRMs said last, in PostgreSQL. */
export class PostgresCrmLinks implements CrmLinks {
  constructor(private readonly database: Database) {}

  async links(tx: Tx, connector: string, keys: readonly string[]): Promise<readonly LinkRow[]> {
    if (keys.length === 0) return [];
    const rows = await inside(tx).query<LinkRow & Record<string, unknown>>(
      'SELECT key, hash, seq FROM crm_link WHERE connector = $1 AND key = ANY($2)',
      [connector, keys],
    );
    return rows.rows;
  }

  async saveLinks(tx: Tx, connector: string, rows: readonly LinkRow[]): Promise<void> {
    if (rows.length === 0) return;
    await inside(tx).query(
      `INSERT INTO crm_link (connector, key, hash, seq)
       SELECT $1, * FROM unnest($2::text[], $3::text[], $4::int[])
       ON CONFLICT (connector, key) DO UPDATE SET hash = excluded.hash, seq = excluded.seq`,
      [
        connector,
        rows.map((row) => row.key),
        rows.map((row) => row.hash),
        rows.map((row) => row.seq),
      ],
    );
  }

  async tasks(
    tx: Tx,
    connector: string,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, CrmTask>> {
    if (keys.length === 0) return new Map();
    const rows = await inside(tx).query<TaskRecord>(
      `SELECT k.key, t.id, t.profile_id, t.decision_id, t.scenario, t.sample
       FROM (SELECT DISTINCT unnest($2::text[]) AS key) k
       LEFT JOIN crm_outbox o ON o.dedupe_key = k.key AND o.connector = $1 AND o.type = 'task'
       JOIN task t ON t.id = coalesce(o.ref, k.key)`,
      [connector, keys],
    );
    return new Map(
      rows.rows.map((row) => [
        row.key,
        {
          id: row.id,
          profileId: row.profile_id,
          decisionId: row.decision_id,
          scenario: row.scenario,
          isSample: row.sample,
        },
      ]),
    );
  }

  async isFileDone(connector: string, name: string, hash: string): Promise<boolean> {
    const rows = await this.database.query(
      'SELECT 1 FROM crm_file WHERE connector = $1 AND name = $2 AND hash = $3',
      [connector, name, hash],
    );
    return rows.rowCount === 1;
  }

  async fileDone(connector: string, name: string, hash: string, wallMs: number): Promise<void> {
    await this.database.query(
      `INSERT INTO crm_file (connector, name, hash, done_wall_ms) VALUES ($1, $2, $3, $4)
       ON CONFLICT DO NOTHING`,
      [connector, name, hash, wallMs],
    );
  }
}
