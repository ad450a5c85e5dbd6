import type { ChosenFile, DraftRow, DraftStore, Tx } from '#libs/application';
import { inside, type Database, type Queryable } from '../base/database.js';

interface DraftRecord {
  [column: string]: unknown;
  path: string;
  source: string | null;
  hash: string;
  base_hash: string | null;
  author: string;
  updated_at_ms: number;
}

const COLUMNS = 'path, source, hash, base_hash, author, updated_at_ms';

function rowOf(record: DraftRecord): DraftRow {
  const { path, source: text, hash, base_hash: baseHash, author } = record;
  return { path, text, hash, baseHash, author, updatedAtMs: record.updated_at_ms };
}

/** The draft of the workspace, in PostgreSQL. */
export class PostgresDraftStore implements DraftStore {
  constructor(private readonly database: Database) {}

  async list(): Promise<readonly DraftRow[]> {
    const found = await this.database.query<DraftRecord>(
      `SELECT ${COLUMNS} FROM workspace_draft ORDER BY path`,
    );
    return found.rows.map(rowOf);
  }

  async one(path: string): Promise<DraftRow | null> {
    const found = await this.database.query<DraftRecord>(
      `SELECT ${COLUMNS} FROM workspace_draft WHERE path = $1`,
      [path],
    );
    const [row] = found.rows;
    return row === undefined ? null : rowOf(row);
  }

  async put(row: DraftRow, expectedHash: string | null): Promise<boolean> {
    const { path, text, hash, baseHash, author, updatedAtMs } = row;
    const values = [path, text, hash, baseHash, author, updatedAtMs];
    const written =
      expectedHash === null
        ? await this.database.query(
            `INSERT INTO workspace_draft (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (path) DO NOTHING RETURNING path`,
            values,
          )
        : await this.database.query(
            `UPDATE workspace_draft SET source = $2, hash = $3, base_hash = $4, author = $5,
               updated_at_ms = $6 WHERE path = $1 AND hash = $7 RETURNING path`,
            [...values, expectedHash],
          );
    return written.rows.length === 1;
  }

  async discard(files: readonly ChosenFile[]): Promise<boolean> {
    return await removed(this.database, files);
  }

  async publish(
    tx: Tx,
    published: {
      readonly seq: number;
      readonly isNew: boolean;
      readonly overSeq: number;
      readonly files: readonly ChosenFile[];
    },
  ): Promise<boolean> {
    const { seq, isNew, overSeq, files } = published;
    const store = inside(tx);
    const before = await store.query<{ seq: number | null }>(
      'SELECT max(seq) AS seq FROM workspace_version WHERE seq < $1 OR ($1 = seq AND NOT $2)',
      [seq, isNew],
    );
    if ((before.rows[0]?.seq ?? 0) !== overSeq) return false;
    if (isNew) await store.query('INSERT INTO workspace_drafted (seq) VALUES ($1)', [seq]);
    return await removed(store, files);
  }

  async isFromDraft(seq: number): Promise<boolean> {
    const found = await this.database.query('SELECT 1 FROM workspace_drafted WHERE seq = $1', [
      seq,
    ]);
    return found.rows.length > 0;
  }
}

/** All of them or none. */
async function removed(store: Queryable, files: readonly ChosenFile[]): Promise<boolean> {
  const gone = await store.query(
    `WITH held AS (
       SELECT d.path FROM workspace_draft d
       JOIN unnest($1::text[], $2::text[]) AS f(path, hash) USING (path, hash)
       FOR UPDATE OF d
     )
     DELETE FROM workspace_draft WHERE path IN (SELECT path FROM held)
       AND (SELECT count(*) FROM held) = $3 RETURNING path`,
    [files.map(({ path }) => path), files.map(({ hash }) => hash), files.length],
  );
  return gone.rows.length === files.length;
}
