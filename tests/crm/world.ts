import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CrmConnectorRunner,
  CrmIntake,
  CrmOutboxConsumer,
  crmWorkspaceOf,
  keyedPseudonyms,
  type CrmWorkspace,
} from '#libs/application';
import {
  PostgresAccountStore,
  PostgresCrmFactReader,
  PostgresCrmLinks,
  PostgresCrmOutbox,
  publishOutbox,
  writeFacts,
} from '#libs/adapter-postgres';
import { LuxonCalendar } from '#libs/adapter-calendar';
import type { CrmConfig } from '#libs/contracts';
import { FileConnector } from '#libs/crm-file';
import type { EngineWorld } from '../engine/world.js';

/** The exchange with a CRM around an engine under test. */
export interface CrmWorld {
  readonly home: string;
  readonly outbox: PostgresCrmOutbox;
  readonly consumer: CrmOutboxConsumer;
  readonly runner: CrmConnectorRunner;
  /** Turns both loops until neither has anything to do. */
  readonly settle: () => Promise<void>;
  /** Rows of the out files of a type, in the order of their names' ids. */
  readonly rows: (type: string) => Promise<readonly Record<string, unknown>[]>;
  readonly folder: (name: 'in' | 'out' | 'done' | 'refused') => string;
  readonly list: (name: 'in' | 'out' | 'done' | 'refused') => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/** Puts consumer and runner around an engine. */
export async function crmWorld(world: EngineWorld, config: CrmConfig): Promise<CrmWorld> {
  const { engine } = world;
  const { database } = engine.options;
  const home = await mkdtemp(join(tmpdir(), 'relance-crm-'));
  const calendar = new LuxonCalendar();
  const outbox = new PostgresCrmOutbox(database);
  const links = new PostgresCrmLinks(database);
  let wallMs = 1_000_000;
  const workspace = (): CrmWorkspace => ({
    ...crmWorkspaceOf(engine.workspace.published),
    connectors: [config],
  });
  const consumer = new CrmOutboxConsumer({
    work: database,
    reader: await engine.log.reader('crm', ['facts']),
    facts: new PostgresCrmFactReader(),
    outbox,
    calendar,
    workspace,
  });
  const intake = new CrmIntake({
    work: database,
    log: engine.log,
    links,
    accounts: new PostgresAccountStore(),
    pseudonyms: keyedPseudonyms('a test key'),
    settings: { current: () => engine.workspace.prepared.profile },
    writeFacts,
    calendar,
    clock: world.clock,
  });
  const runner = new CrmConnectorRunner({
    workspace,
    connect: (one) =>
      new FileConnector({
        config: one,
        folder: join(home, 'crm', one.connector),
        files: links,
        wallMs: () => wallMs,
        settleMs: 0,
      }),
    intake,
    outbox,
    hold: () => Promise.resolve(true),
    wallMs: () => wallMs,
  });
  const folder = (name: string): string => join(home, 'crm', config.connector, name);
  const list = async (name: string): Promise<readonly string[]> =>
    (await readdir(folder(name)).catch(() => [])).filter((one) => !one.startsWith('.')).sort();
  return {
    home,
    outbox,
    consumer,
    runner,
    folder,
    list,
    settle: async () => {
      const signal = new AbortController().signal;
      for (let idle = 0; idle < 2;) {
        wallMs += 3_600_000;
        let done = await publishOutbox(database, engine.log, {
          outbox: 'fact_outbox',
          maxRows: 5_000,
        });
        done += await consumer.runOnce(0);
        done += await runner.runOnce(signal);
        idle = done === 0 ? idle + 1 : 0;
      }
    },
    rows: async (type) => {
      const rows: Record<string, unknown>[] = [];
      const names = (await list('out')).filter((name) => name.startsWith(`${type}-`));
      const firstId = (name: string): number => Number(name.split('-')[1]);
      for (const name of names.sort((a, b) => firstId(a) - firstId(b))) {
        const text = await readFile(join(folder('out'), name), 'utf8');
        for (const line of text.trim().split('\n')) {
          rows.push(JSON.parse(line) as Record<string, unknown>);
        }
      }
      return rows;
    },
    close: async () => {
      await rm(home, { recursive: true, force: true });
    },
  };
}
