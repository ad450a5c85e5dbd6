import { contentHash } from '#libs/kernel';
import type { Database } from './database.js';
import { inside } from './database.js';

/** One step of the schema. Steps are only ever added; an applied step never changes. */
export interface Migration {
  /** `feature/001-name`; the order is that of the list. */
  readonly id: string;
  readonly sql: string;
}

const LOCK_KEY = 7_214_511;

/**
 * Brings the schema up to date, one transaction a step, under an advisory lock, so that two
 * processes may start at once. Refuses a store whose applied step differs from ours.
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
): Promise<number> {
  return await database.transaction(async (tx) => {
    const store = inside(tx);
    await store.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
    await store.query(
      `CREATE TABLE IF NOT EXISTS schema_step
         (id text PRIMARY KEY, hash text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
    const applied = await store.query<{ id: string; hash: string }>(
      'SELECT id, hash FROM schema_step',
    );
    const known = new Map(applied.rows.map((row) => [row.id, row.hash]));
    let count = 0;
    for (const migration of migrations) {
      const hash = contentHash(migration.sql);
      const before = known.get(migration.id);
      if (before === hash) continue;
      if (before !== undefined) {
        throw new SchemaMismatchError(migration.id);
      }
      await store.query(migration.sql);
      await store.query('INSERT INTO schema_step(id, hash) VALUES ($1, $2)', [migration.id, hash]);
      count += 1;
    }
    return count;
  });
}

/** The store was made by another version of this product. */
export class SchemaMismatchError extends Error {
  override readonly name = 'SchemaMismatchError';
  readonly retryable = false;

  constructor(readonly step: string) {
    super(`the store's schema step ${step} is not this version's`);
  }
}
