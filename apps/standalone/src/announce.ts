import { baseUrl, type Config, type RunFile, type Secrets } from '#libs/config';
import type { Login } from '#libs/embedded';
import type { Log } from './log.js';
import type { Ports } from './ports.js';

/** What is known when everything is ready. */
export interface Readiness {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly ports: Ports;
  readonly logins: readonly Login[];
  /** Of the embedded PostgreSQL. */
  readonly postgresUrl?: string | undefined;
}

const DATABASE = 'relance';
const SANDBOX_HOST = '127.0.0.1';

function clickhouseOf({ config, ports, secrets }: Readiness): RunFile['clickhouse'] {
  if (config.clickhouse === undefined) {
    const url = baseUrl(SANDBOX_HOST, ports.clickhouse);
    return { url, database: DATABASE, user: 'analyst', password: secrets.analystPassword };
  }
  const url = new URL(config.clickhouse.url);
  return {
    url: url.origin,
    database: url.pathname.slice(1) || DATABASE,
    user: decodeURIComponent(url.username) || 'default',
    password: decodeURIComponent(url.password),
  };
}

/** The content of run.json. */
export function runFileOf(readiness: Readiness): RunFile {
  const { config, ports, secrets, logins, postgresUrl } = readiness;
  const which = (external: unknown): string => (external === undefined ? 'embedded' : 'external');
  return {
    url: baseUrl(config.host, ports.http),
    pid: process.pid,
    writeKey: secrets.writeKey,
    apiKey: secrets.apiKey,
    clickhouse: clickhouseOf(readiness),
    ...(postgresUrl === undefined ? {} : { postgres: { url: postgresUrl } }),
    smtpSandbox: { host: SANDBOX_HOST, port: ports.smtpSandbox },
    logins: logins.map(({ email, password, role }) => ({ email, password, role })),
    engines: {
      log: which(config.kafkaBrokers),
      runtime: which(config.temporal),
      store: which(config.postgres),
      analytics: which(config.clickhouse),
    },
  };
}

/** Says where everything is. The first line is read by programs: it is the same in each language. */
export function announce(readiness: Readiness, run: RunFile, log: Log): void {
  const { config, logins } = readiness;
  const ready = `Relance is ready: ${run.url}`;
  log.say({ fr: ready, en: ready });
  if (config.smtpUrl === undefined) {
    const { host, port } = run.smtpSandbox;
    log.say({
      fr: `  Boîte d'essai :  ${run.url}/messages (SMTP ${host}:${port}) ; rien n'est envoyé dehors`,
      en: `  Sandbox mailbox: ${run.url}/messages (SMTP ${host}:${port}); nothing is sent outside`,
    });
  }
  const { database, url, user } = run.clickhouse;
  log.say({
    fr: `  ClickHouse :     ${url} (base ${database}, compte ${user}, mot de passe dans run.json)`,
    en: `  ClickHouse:      ${url} (database ${database}, user ${user}, password in run.json)`,
  });
  for (const { email, link, role } of logins) {
    const way = link ?? email;
    // A shop has several reps, each with accounts of their own.
    const isOne = logins.filter((login) => login.role === role).length === 1;
    const who = isOne ? role : `${role} (${email})`;
    log.say({ fr: `  Connexion ${who} : ${way}`, en: `  Sign in as ${who}: ${way}` });
  }
  log.say({ fr: '  Ctrl-C arrête tout.', en: '  Ctrl-C stops everything.' });
}
