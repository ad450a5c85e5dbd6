import { join } from 'node:path';
import {
  CrmConnectorRunner,
  CrmIntake,
  CrmOutboxConsumer,
  crmWorkspaceOf,
  pause,
  type CrmWorkspace,
  type LoopWork,
} from '#libs/application';
import {
  PostgresAccountStore,
  PostgresCrmFactReader,
  PostgresCrmLinks,
  PostgresCrmOutbox,
  writeFacts,
} from '#libs/adapter-postgres';
import { FileConnector } from '#libs/crm-file';
import type { Engine } from './engine.js';

const LEASE_MS = 30_000;
const IDLE_MS = 2_000;

/** Results out to the CRMs and their changes in: one loop each, all connectors in turn. */
export async function crmLoops(engine: Engine, homeDir: string): Promise<readonly LoopWork[]> {
  const { calendar, clock, database, pseudonyms, runId, wallMs } = engine.options;
  const outbox = new PostgresCrmOutbox(database);
  const links = new PostgresCrmLinks(database);
  const workspace = (): CrmWorkspace | null =>
    engine.workspace.isReady ? crmWorkspaceOf(engine.workspace.published) : null;
  const consumer = new CrmOutboxConsumer({
    work: database,
    reader: await engine.log.reader('crm', ['facts']),
    facts: new PostgresCrmFactReader(),
    outbox,
    calendar,
    workspace,
  });
  const runner = new CrmConnectorRunner({
    workspace,
    connect: (config) =>
      new FileConnector({
        config,
        folder: join(homeDir, 'crm', config.connector),
        files: links,
        wallMs,
      }),
    intake: new CrmIntake({
      work: database,
      log: engine.log,
      links,
      accounts: new PostgresAccountStore(),
      pseudonyms,
      settings: { current: () => engine.workspace.prepared.profile },
      writeFacts,
      calendar,
      clock,
    }),
    outbox,
    hold: async (connector) =>
      (await engine.store.acquire(`crm/${connector}`, runId, LEASE_MS)) !== null,
    wallMs,
  });
  return [
    {
      name: 'crm outbox',
      turn: (signal) => consumer.runOnce(1_000, signal),
      idle: (signal) => pause(IDLE_MS, signal),
    },
    {
      name: 'crm files',
      turn: (signal) => runner.runOnce(signal),
      idle: (signal) => pause(IDLE_MS, signal),
    },
  ];
}
