import { join } from 'node:path';
import { ClockWouldGoBackError, PartitionsFixedError } from '#libs/adapter-postgres';
import {
  clockOf,
  ConfigError,
  hasSample,
  loadConfig,
  loadSecrets,
  settingLine,
  settingProblem,
  unsafeClock,
  type Config,
} from '#libs/config';
import { exitWithParent, reportReady } from '#libs/embedded';
import { localised, type LocalText } from '#libs/kernel';
import type { ConsoleLogin } from './console/demo-users.js';
import { analyticsAddress } from './engine/analytics.js';
import { openEngine, type Engine } from './engine/engine.js';
import { createJsonLog, faultFields, type JsonLog } from './engine/json-log.js';
import { startMailSandbox } from './sandbox/mail-sandbox.js';
import { createServer } from './server.js';

/** Something that runs and can be stopped. */
interface Running {
  readonly logins: readonly ConsoleLogin[];
  stop(): Promise<void>;
}

const STOP_WITHIN_MS = 4_000;
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** What a person can do about a start that cannot be; undefined where it is no choice of theirs. */
function adviceFor(error: unknown): LocalText | undefined {
  if (error instanceof ClockWouldGoBackError) {
    const hours = Math.ceil(error.byMs / 3_600_000);
    return settingLine(settingProblem('RLN-0106', { hours }));
  }
  if (error instanceof PartitionsFixedError) {
    return settingLine(settingProblem('RLN-0107', { partitions: error.partitions }));
  }
  return undefined;
}

async function open(config: Config, log: JsonLog): Promise<Engine> {
  if (config.postgres === undefined) {
    throw new Error('no PostgreSQL: start by the supervisor, or set DATABASE_URL');
  }
  const secrets = loadSecrets(config.homeDir);
  return await openEngine({
    databaseUrl: config.postgres.url,
    partitions: config.partitions,
    clock: clockOf(config),
    secrets,
    publicUrl: config.publicUrl,
    locale: config.locale,
    log,
    ...(config.clickhouse === undefined ? {} : { analytics: analyticsAddress(config, secrets) }),
    ...(config.twilio === undefined ? {} : { twilioAuthToken: config.twilio.authToken }),
  });
}

async function start(config: Config, log: JsonLog): Promise<Running> {
  const engine = await open(config, log);
  const server = await createServer(engine, {
    restsAlone: hasSample(config) && !config.clockIsSet,
    consoleDir: join(config.checkoutDir, 'dist', 'apps', 'console'),
  });
  const sandbox =
    config.smtpUrl === undefined
      ? await startMailSandbox(engine, { port: config.smtpSandboxPort.port })
      : undefined;
  const port = await server.listen(config.http.port, config.host);
  log.info('the api listens', { host: config.host, port });
  return {
    logins: await server.logins(),
    async stop() {
      await server.close();
      await sandbox?.close();
      await engine.close();
    },
  };
}

async function main(): Promise<void> {
  const config = loadConfig();
  const log = createJsonLog(config.logLevel, (line) => void process.stderr.write(line));
  let stopping: Promise<void> | undefined;
  let running: Running | undefined;
  const stop = (): Promise<void> => (stopping ??= running?.stop() ?? Promise.resolve());
  exitWithParent(stop);
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
      void stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
  try {
    const unsafe = unsafeClock(config);
    if (unsafe !== undefined) {
      log.error(localised(settingLine(unsafe), config.locale));
      process.exit(1);
    }
    running = await start(config, log);
    reportReady({ logins: running.logins });
  } catch (error) {
    const advice = adviceFor(error);
    if (advice === undefined) log.error('the api cannot start', faultFields(error));
    else log.error(localised(advice, config.locale));
    process.exit(1);
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
