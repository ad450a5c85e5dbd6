import { mkdtempSync, rmSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LuxonCalendar } from '#libs/adapter-calendar';
import { Database, migrate, migrations, PostgresWorkspaceStore } from '#libs/adapter-postgres';
import { createWebhookClient } from '#libs/channel-webhook';
import {
  keyedPseudonyms,
  lintWorkspace,
  readWorkspaceFolder,
  type CompiledWorkspace,
} from '#libs/application';
import { startPostgres } from '#libs/embedded';
import type { Clock } from '#libs/kernel';
import { createEngine, type Engine } from '../../apps/worker/src/engine.js';
import type { After } from './measure.js';

/** The engine in this process, over a durable PostgreSQL of its own. */
export interface EngineStore {
  readonly database: Database;
  readonly engine: Engine;
  readonly compiled: CompiledWorkspace;
}

/** Opens an empty PostgreSQL that waits for the disk as a customer's does. */
export async function openStore(after: After): Promise<Database> {
  const home = mkdtempSync(join(tmpdir(), 'relance-bench-'));
  after(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  const postgres = await startPostgres({
    dataDir: join(home, 'postgres'),
    password: 'bench',
    endsWithUs: true,
  });
  after(() => postgres.stop());
  const database = new Database({
    url: postgres.url,
    maxConnections: 12,
    statementTimeoutMs: 600_000,
  });
  after(() => database.close());
  return database;
}

/** Wires the production engine over an empty store and publishes a workspace. */
export async function openEngine(
  after: After,
  options: { readonly workspace: string; readonly clock: Clock },
): Promise<EngineStore> {
  const { clock } = options;
  const database = await openStore(after);
  await migrate(database, migrations);
  const engine = await createEngine({
    database,
    clock,
    calendar: new LuxonCalendar(),
    pseudonyms: keyedPseudonyms('a key of the benchmark'),
    channels: new Map(),
    webhooks: createWebhookClient('a key of the benchmark'),
    partitions: 12,
    baseUrl: 'http://127.0.0.1:1',
    linkKey: 'k'.repeat(64),
    wallMs: Date.now,
    runId: randomUUID(),
  });
  after(() => engine.wakeups.close());
  const { files, problems: unread } = await readWorkspaceFolder(options.workspace);
  const { workspace: compiled, problems } = lintWorkspace(files, unread);
  if (compiled === undefined) throw new Error(JSON.stringify(problems.slice(0, 5)));
  await database.transaction((tx) =>
    new PostgresWorkspaceStore().apply(tx, {
      files,
      compiled,
      author: 'bench',
      nowMs: clock.nowMs(),
    }),
  );
  await engine.wakeups.listen();
  await engine.workspace.refresh();
  return { database, engine, compiled };
}
