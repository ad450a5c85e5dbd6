import type {
  AppliedWorkspace,
  MigrationProgress,
  PlacesCount,
  PublishingRow,
  Tx,
  WorkspaceStore,
  WorkspaceToApply,
} from '#libs/application';
import { contentHash } from '#libs/kernel';
import { inside, type Database, type Queryable } from '../base/database.js';
import { PostgresEntranceJobs } from '../people/entrance-jobs.js';
import { migrationProgress } from '../people/migration-jobs.js';
import { ENROLMENT_COLUMNS, enrolmentOf, type EnrolmentRecord } from '../runtime/rows.js';
import { PostgresWorkspaceStore } from '../workspace/store.js';

/** Compared and published under one lock: of two equal publishings at once, one does nothing. */
const LOCK_KEY = 7_214_515;
/** Enrolments in hand at once where all are counted by what their states say. */
const READ_AT_ONCE = 5_000;

/** Publishing for the console: what is in force already is left alone. */
export class PostgresConsoleWorkspaceStore implements WorkspaceStore {
  private readonly published = new PostgresWorkspaceStore();
  private readonly entranceJobs = new PostgresEntranceJobs();

  constructor(private readonly database: Database) {}

  async latest(): Promise<AppliedWorkspace | null> {
    return await latestOf(this.database);
  }

  async filesOf(seq: number): Promise<Readonly<Record<string, string>> | null> {
    const found = await this.database.query<{ path: string; source: string }>(
      'SELECT path, source FROM workspace_file WHERE seq = $1 ORDER BY path',
      [seq],
    );
    if (found.rows.length === 0) return null;
    return Object.fromEntries(found.rows.map(({ path, source }) => [path, source]));
  }

  async publishings(limit: number): Promise<readonly PublishingRow[]> {
    const found = await this.database.query<{
      seq: number;
      hash: string;
      hash_before: string | null;
      author: string;
      applied_at_ms: number;
      takes_back_to: number | null;
    }>(
      `SELECT seq, hash, lag(hash) OVER (ORDER BY seq) AS hash_before, author, applied_at_ms,
         takes_back_to
       FROM workspace_version ORDER BY seq DESC LIMIT $1`,
      [limit],
    );
    return found.rows.map((row) => ({
      seq: row.seq,
      hash: row.hash,
      hashBefore: row.hash_before,
      author: row.author,
      appliedAtMs: row.applied_at_ms,
      takesBackTo: row.takes_back_to,
    }));
  }

  async places(definitions: readonly string[]): Promise<readonly PlacesCount[]> {
    const counts = new Map<string, PlacesCount>();
    if (definitions.length === 0) return [];
    for (let after = '', isLast = false; !isLast;) {
      const { rows } = await this.database.query<EnrolmentRecord>(
        `SELECT ${ENROLMENT_COLUMNS}, status FROM enrolment
         WHERE definition = ANY($1) AND id > $2 ORDER BY id LIMIT ${READ_AT_ONCE}`,
        [definitions, after],
      );
      for (const { definition, state } of rows.map(enrolmentOf)) {
        const stepIds = state.cursors.map(({ stepId }) => stepId);
        const key = JSON.stringify([definition, ...stepIds]);
        const people = (counts.get(key)?.people ?? 0) + 1;
        counts.set(key, { definition, stepIds, people });
      }
      after = rows.at(-1)?.id ?? after;
      isLast = rows.length < READ_AT_ONCE;
    }
    return [...counts.values()];
  }

  async migrations(limit: number): Promise<readonly MigrationProgress[]> {
    return await migrationProgress(this.database, limit);
  }

  async apply(
    tx: Tx,
    wish: WorkspaceToApply,
  ): Promise<{ readonly seq: number; readonly isNew: boolean }> {
    const store = inside(tx);
    await store.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
    const before = await latestOf(store);
    if (before !== null && isInForce(before, wish)) {
      // Whoever was imported since is a member too; the ledger lets nobody enter twice.
      await this.entranceJobs.reopen(tx, wish.nowMs);
      return { seq: before.seq, isNew: false };
    }
    const seq = await this.published.apply(tx, wish);
    return { seq, isNew: true };
  }
}

type Latest = AppliedWorkspace & { readonly isSample: boolean };

function isInForce(before: Latest, { files, compiled, isSample }: WorkspaceToApply): boolean {
  if (before.hash !== compiled.hash || before.isSample !== isSample) return false;
  return contentHash(before.files) === contentHash(Object.fromEntries(files));
}

async function latestOf(store: Queryable): Promise<Latest | null> {
  const found = await store.query<{
    seq: number;
    hash: string;
    author: string;
    applied_at_ms: number;
    is_sample: boolean;
    files: Record<string, string> | null;
  }>(
    `SELECT v.seq, v.hash, v.author, v.applied_at_ms, v.is_sample, (
       SELECT jsonb_object_agg(f.path, f.source) FROM workspace_file f WHERE f.seq = v.seq
     ) AS files
     FROM workspace_version v ORDER BY v.seq DESC LIMIT 1`,
  );
  const [row] = found.rows;
  if (row === undefined) return null;
  const { seq, hash, author, applied_at_ms: appliedAtMs, is_sample: isSample, files } = row;
  return { seq, hash, author, appliedAtMs, isSample, files: files ?? {} };
}
