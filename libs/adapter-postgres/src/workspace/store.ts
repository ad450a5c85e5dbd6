import type { CompiledWorkspace, Tx } from '#libs/application';
import { roleOf } from '#libs/contracts';
import { contentHash, type EpochMs } from '#libs/kernel';
import type { Definition } from '#libs/scenario';
import { inside } from '../base/database.js';
import { openMigrations } from '../people/migration-jobs.js';
import { writeFacts } from '../runtime/save.js';
import { publishedFacts, type InForce } from './published-facts.js';

/** A workspace to publish: what compiled, and the sources it came from. */
export interface Publishing {
  /** Source text by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly compiled: CompiledWorkspace;
  /** Who publishes: a console user's e-mail, or `relance`. */
  readonly author: string;
  readonly nowMs: EpochMs;
  /** What it makes is marked as the sample's; not so where absent. */
  readonly isSample?: boolean;
  /** The publishing whose files these are, where they are put in force again. */
  readonly takesBackTo?: number | null;
}

const LOCK_KEY = 7_214_514;

/** Publishes workspaces: all of one or nothing of it. */
export class PostgresWorkspaceStore {
  /**
   * Puts a workspace in force. Definitions are kept for whoever is still in them; scenarios that are
   * gone are retired and take nobody in. Members of the entry's segment are taken in by a job where
   * a definition says so, at each publishing: the ledger keeps anybody from entering twice.
   */
  async apply(tx: Tx, publishing: Publishing): Promise<number> {
    const { compiled, nowMs, isSample = false } = publishing;
    const store = inside(tx);
    await store.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
    const before = await this.inForce(tx);
    const seq = await this.insertVersion(tx, publishing);
    await this.insertDefinitions(tx, compiled.definitions, nowMs);
    await this.insertSources(tx, publishing, seq);
    await this.setScenarios(tx, compiled.definitions);
    if (before === null || rulesOf(before.compiled) !== rulesOf(compiled))
      await this.openSegmentJob(tx, { seq, nowMs });
    // Before the entrances, as the host locks its jobs in this order too.
    await openMigrations(tx, {
      definitions: compiled.definitions,
      before: before?.compiled.definitions ?? [],
      nowMs,
    });
    await this.openJobs(tx, compiled.definitions, nowMs);
    await writeFacts(
      tx,
      await publishedFacts(tx, { before, now: { compiled, isSample }, seq, nowMs }),
    );
    await store.query(`SELECT pg_notify('relance_log', 'workspace')`);
    return seq;
  }

  private async insertVersion(tx: Tx, publishing: Publishing): Promise<number> {
    const { files, compiled, author, nowMs, isSample = false, takesBackTo = null } = publishing;
    const store = inside(tx);
    const rows = await store.query<{ seq: number }>(
      `INSERT INTO workspace_version
         (hash, compiled, author, applied_at_ms, is_sample, takes_back_to)
       VALUES ($1, $2, $3, $4, $5, $6) RETURNING seq`,
      [compiled.hash, JSON.stringify(compiled), author, nowMs, isSample, takesBackTo],
    );
    const seq = rows.rows[0]?.seq ?? 0;
    const sources = [...files];
    await store.query(
      `INSERT INTO workspace_file (seq, path, source, hash, author)
       SELECT $1, path, source, hash, $5 FROM unnest($2::text[], $3::text[], $4::text[])
         AS f(path, source, hash)`,
      [
        seq,
        sources.map(([path]) => path),
        sources.map(([, source]) => source),
        sources.map(([, source]) => contentHash(source)),
        author,
      ],
    );
    return seq;
  }

  /** The last version published; null before the first. */
  private async inForce(tx: Tx): Promise<InForce | null> {
    const rows = await inside(tx).query<{ compiled: string; is_sample: boolean }>(
      'SELECT compiled, is_sample FROM workspace_version ORDER BY seq DESC LIMIT 1',
    );
    const [row] = rows.rows;
    if (row === undefined) return null;
    return { compiled: JSON.parse(row.compiled) as CompiledWorkspace, isSample: row.is_sample };
  }

  /** Everybody is evaluated anew, and nothing is emitted: nobody did anything. */
  private async openSegmentJob(tx: Tx, at: { seq: number; nowMs: EpochMs }): Promise<void> {
    await inside(tx).query(
      `INSERT INTO job (id, kind, payload, state, updated_at_ms)
       VALUES ($1, 'segments', '{}', 'running', $2)`,
      [`segments/${at.seq}`, at.nowMs],
    );
  }

  private async insertDefinitions(
    tx: Tx,
    definitions: readonly Definition[],
    nowMs: EpochMs,
  ): Promise<void> {
    await inside(tx).query(
      `INSERT INTO definition (hash, scenario, body, published_at_ms)
       SELECT *, $4::bigint FROM unnest($1::text[], $2::text[], $3::text[])
       ON CONFLICT (hash) DO NOTHING`,
      [
        definitions.map((each) => each.hash),
        definitions.map((each) => each.scenario),
        definitions.map((each) => JSON.stringify(each)),
        nowMs,
      ],
    );
  }

  /** Which file made which definition, so that a version gives its YAML back. */
  private async insertSources(tx: Tx, { compiled, files }: Publishing, seq: number): Promise<void> {
    const paths = pathsByScenario(files);
    const known = compiled.definitions.filter(({ scenario }) => paths.has(scenario));
    await inside(tx).query(
      `INSERT INTO definition_source (definition, scenario, seq, path)
       SELECT d, s, $4, p FROM unnest($1::text[], $2::text[], $3::text[]) AS t(d, s, p)
       ON CONFLICT (definition) DO UPDATE SET seq = excluded.seq, path = excluded.path`,
      [
        known.map(({ hash }) => hash),
        known.map(({ scenario }) => scenario),
        known.map(({ scenario }) => paths.get(scenario) ?? ''),
        seq,
      ],
    );
  }

  /** A paused scenario stays paused: publishing is not resuming. */
  private async setScenarios(tx: Tx, definitions: readonly Definition[]): Promise<void> {
    const store = inside(tx);
    await store.query(
      `INSERT INTO scenario_state AS s (scenario, definition, state, version)
       SELECT scenario, definition, 'live', 1 FROM unnest($1::text[], $2::text[])
         AS d(scenario, definition)
       ON CONFLICT (scenario) DO UPDATE SET definition = excluded.definition,
         state = CASE WHEN s.state = 'paused' THEN 'paused' ELSE 'live' END,
         version = s.version + 1`,
      [definitions.map((each) => each.scenario), definitions.map((each) => each.hash)],
    );
    await store.query(
      `UPDATE scenario_state SET state = 'retired', version = version + 1
       WHERE scenario <> ALL($1) AND state <> 'retired'`,
      [definitions.map((each) => each.scenario)],
    );
  }

  private async openJobs(
    tx: Tx,
    definitions: readonly Definition[],
    nowMs: EpochMs,
  ): Promise<void> {
    for (const { entry, hash } of definitions) {
      if (entry.existing !== 'enter' || entry.segment === undefined) continue;
      await inside(tx).query(
        `INSERT INTO job (id, kind, payload, state, updated_at_ms)
         VALUES ($1, 'existing', $2, 'running', $3)
         ON CONFLICT (id) DO UPDATE SET state = 'running', cursor = '',
           updated_at_ms = excluded.updated_at_ms`,
        [`existing/${hash}`, JSON.stringify({ definition: hash, segment: entry.segment }), nowMs],
      );
    }
  }
}

function pathsByScenario(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const [path, source] of files) {
    const role = roleOf(path);
    if (role.role !== 'kind' || role.kind !== 'scenario') continue;
    const id = /^[\s{]*["']?scenario["']?\s*:\s*["']?([\w-]+)/m.exec(source)?.[1];
    if (id !== undefined) paths.set(id, path);
  }
  return paths;
}

/** What people are computed by, as one text to compare. */
function rulesOf(compiled: CompiledWorkspace): string {
  const { profile, relance, segments } = compiled;
  return contentHash([profile, relance.currency, relance.timezone, segments]);
}
