import type { ImportProgress, ImportStore, Tx } from '#libs/application';
import { inside, type Database } from '../base/database.js';

interface JobRecord {
  [column: string]: unknown;
  id: string;
  state: string;
  done: number;
  cursor: string;
}

function importOf(row: JobRecord): ImportProgress {
  const state = row.state === 'done' ? 'done' : 'running';
  return { id: row.id, state, accepted: row.done, cursor: row.cursor };
}

/** Imports among the jobs, in PostgreSQL. */
export class PostgresImportStore implements ImportStore {
  constructor(private readonly database: Database) {}

  async open(wish: {
    readonly id: string;
    readonly payload: string;
    readonly total: number | null;
    readonly nowMs: number;
  }): Promise<ImportProgress> {
    const found = await this.database.query<JobRecord>(
      `INSERT INTO job (id, kind, payload, total, state, updated_at_ms)
       VALUES ($1, 'import', $2, $3, 'running', $4)
       ON CONFLICT (id) DO UPDATE SET updated_at_ms = excluded.updated_at_ms
       RETURNING id, state, done, cursor`,
      [wish.id, wish.payload, wish.total, wish.nowMs],
    );
    const [row] = found.rows;
    return row === undefined
      ? { id: wish.id, state: 'running', accepted: 0, cursor: '' }
      : importOf(row);
  }

  async lock(tx: Tx, id: string): Promise<ImportProgress | null> {
    const found = await inside(tx).query<JobRecord>(
      `SELECT id, state, done, cursor FROM job WHERE id = $1 AND kind = 'import' FOR UPDATE`,
      [id],
    );
    const [row] = found.rows;
    return row === undefined ? null : importOf(row);
  }

  async save(tx: Tx, row: ImportProgress, nowMs: number): Promise<void> {
    await inside(tx).query(
      `UPDATE job SET state = $2, done = $3, cursor = $4, updated_at_ms = $5 WHERE id = $1`,
      [row.id, row.state, row.accepted, row.cursor, nowMs],
    );
  }
}
