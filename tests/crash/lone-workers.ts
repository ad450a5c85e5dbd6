import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '#libs/adapter-postgres';
import { checkoutDir, childEnvironment } from '#libs/config';
import { startNodeChild, waitUntil, type NodeChild } from '#libs/embedded';
import { programOf } from './built.js';

// The lease of a killed worker lasts 6 s: the next one waits for it.
const WITHIN_MS = 60_000;

/** How many rows `FROM` gives. */
export async function count(database: Database, from: string): Promise<number> {
  const { rows } = await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${from}`);
  return rows[0]?.n ?? 0;
}

/** Workers as the supervisor starts them, one after the other, on a store that runs elsewhere. */
export class LoneWorkers {
  private readonly home = mkdtempSync(join(tmpdir(), 'relance-workers-'));
  private readonly living: NodeChild[] = [];
  private readonly written: string[] = [];

  constructor(
    private readonly options: {
      /** A folder of the checkout. */
      readonly workspace: string;
      /** Where the engine's clock begins, with its zone. */
      readonly start: string;
      readonly partitions: number;
    },
  ) {}

  async start(database: Database): Promise<NodeChild> {
    const { workspace, start, partitions } = this.options;
    const worker = await startNodeChild(
      {
        script: programOf('worker'),
        heapMb: 320,
        onLine: (line) => this.written.push(line),
        env: childEnvironment({
          DATABASE_URL: database.options.url,
          CLICKHOUSE_URL: undefined,
          SMTP_URL: undefined,
          RELANCE_HOME: this.home,
          RELANCE_WORKSPACE: join(checkoutDir(), workspace),
          RELANCE_CLOCK: `${start}@1`,
          RELANCE_PARTITIONS: String(partitions),
          RELANCE_EMPTY: '1',
          LOG_LEVEL: 'warn',
        }),
      },
      { signal: new AbortController().signal, started: () => undefined },
    );
    this.living.push(worker);
    return worker;
  }

  async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    if (await waitUntil(isSo, WITHIN_MS, 5)) return;
    throw new Error(`${what}: not within ${WITHIN_MS} ms\n${this.written.slice(-10).join('\n')}`);
  }

  /**
   * Kills the worker in the middle of a turn once it is time: a lock on a table that the turn writes
   * to late holds it there, with the place of the job moved on and nothing committed. The lock is
   * tried for between turns, so that not many more turns than these are done. Answers `done` then.
   */
  async killAt(
    database: Database,
    worker: NodeChild,
    at: {
      readonly table: 'enrolment' | 'fact_outbox';
      /** How much is committed, and from how much on it is time. */
      readonly done: () => Promise<number>;
      readonly least: number;
    },
  ): Promise<number> {
    const holder = await database.dedicated();
    try {
      await this.until(`${at.least} are done`, async () => {
        await holder.query(`BEGIN; LOCK TABLE ${at.table} IN SHARE MODE`);
        if ((await at.done()) >= at.least) return true;
        await holder.query('ROLLBACK');
        return false;
      });
      const held = `pg_locks waits JOIN pg_locks has USING (pid)
        WHERE NOT waits.granted AND waits.relation = '${at.table}'::regclass
          AND has.granted AND has.relation = 'job'::regclass`;
      await this.until('a turn is held', async () => (await count(database, held)) > 0);
      process.kill(worker.identity.pid, 'SIGKILL');
      const { signal } = await worker.ended;
      if (signal !== 'SIGKILL') throw new Error(`the worker had ended before: ${signal ?? ''}`);
      return await at.done();
    } finally {
      await holder.end();
    }
  }

  /** Ends whoever still lives and takes the home away. */
  remove(): void {
    for (const worker of this.living) worker.kill();
    rmSync(this.home, { recursive: true, force: true });
  }
}
