import { join } from 'node:path';
import { childEnvironment, type Config, type Secrets } from '#libs/config';
import {
  stampEngine,
  startClickHouse,
  startNodeChild,
  startPostgres,
  type ClickHouseServer,
  type NodeChild,
  type Part,
  type PostgresServer,
} from '#libs/embedded';
import type { Log } from './log.js';
import type { Ports } from './ports.js';

/** The scripts of the parts that are programs of ours. */
export interface Programs {
  readonly api: string;
  readonly worker: string;
}

/** What every part is made from. */
export interface PartContext {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly ports: Ports;
  readonly programs: Programs;
  readonly log: Log;
}

/** Addresses of the embedded engines, filled in as they become ready. */
export interface EngineUrls {
  postgres?: string;
  clickhouse?: string;
}

/** PostgreSQL. Started again it keeps its port, so that nobody has to be told another address. */
export function postgresPart(context: PartContext, urls: EngineUrls): Part<PostgresServer> {
  const { config, log, secrets } = context;
  let port = 0;
  let told = false;
  return {
    role: 'postgres',
    async start(hooks) {
      const server = await startPostgres({
        ...hooks,
        dataDir: join(config.homeDir, 'postgres'),
        homeDir: config.homeDir,
        password: secrets.postgresPassword,
        port,
      });
      port = server.port;
      urls.postgres = server.url;
      stampEngine(config.homeDir, 'postgres', server.version);
      if (!told) for (const note of server.notes) log.info('postgres', note);
      told = true;
      return server;
    },
  };
}

/** The account that the engine writes to ClickHouse with; `analyst` is the one people read with. */
const CLICKHOUSE_WRITER = 'relance';

/** ClickHouse. It ends with this process; one left by a killed supervisor is ended before. */
export function clickhousePart(context: PartContext, urls: EngineUrls): Part<ClickHouseServer> {
  const { config, log, ports, secrets } = context;
  return {
    role: 'clickhouse',
    async start(hooks) {
      const server = await startClickHouse({
        ...hooks,
        dataDir: join(config.homeDir, 'clickhouse'),
        port: ports.clickhouse,
        users: [
          { name: CLICKHOUSE_WRITER, password: secrets.clickhousePassword, role: 'writer' },
          { name: 'analyst', password: secrets.analystPassword, role: 'analyst' },
        ],
        onLine: (line) => log.line('clickhouse', line),
      });
      const url = new URL('/relance', server.url);
      url.username = CLICKHOUSE_WRITER;
      url.password = secrets.clickhousePassword;
      urls.clickhouse = url.href;
      return server;
    },
  };
}

/** What a part of ours finds in its environment, beside what ours holds. */
function environment(context: PartContext, urls: EngineUrls): NodeJS.ProcessEnv {
  const { config, ports } = context;
  return childEnvironment({
    RELANCE_HOME: config.homeDir,
    RELANCE_WORKSPACE: config.workspaceDir,
    RELANCE_SUPERVISED: '1',
    RELANCE_EMPTY: config.empty ? '1' : '0',
    RELANCE_EMBEDDED_DATABASE_URL: urls.postgres,
    RELANCE_EMBEDDED_CLICKHOUSE_URL: urls.clickhouse,
    PORT: String(ports.http),
    CLICKHOUSE_PORT: String(ports.clickhouse),
    SMTP_SANDBOX_PORT: String(ports.smtpSandbox),
  });
}

// Node collects lazily while it may grow: a bound keeps one machine's parts below a gigabyte.
const HEAP: Readonly<
  Record<keyof Programs, { readonly heapMb: number; readonly youngMb: number }>
> = { api: { heapMb: 192, youngMb: 8 }, worker: { heapMb: 320, youngMb: 16 } };

/** `api` or `worker`. */
export function programPart(
  role: keyof Programs,
  context: PartContext,
  urls: EngineUrls,
): Part<NodeChild> {
  return {
    role,
    start: (hooks) =>
      startNodeChild(
        {
          script: context.programs[role],
          ...HEAP[role],
          env: environment(context, urls),
          onLine: (line) => context.log.line(role, line),
        },
        hooks,
      ),
  };
}
