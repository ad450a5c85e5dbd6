import { join, resolve } from 'node:path';
import { fail, ok, type Locale, type Problem, type Result } from '#libs/kernel';
import { checkoutDir } from './checkout.js';
import type { ClockSetting } from './clock-setting.js';
import { readLocale } from './locale.js';
import { settingProblem } from './setting-problems.js';
import { VARIABLES, type ReadVariables, type Variable, type VariableName } from './variables.js';

/** The environment, as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A port, and whether someone asked for exactly this one. */
export interface PortSetting {
  readonly port: number;
  /** True: busy is an error. False: busy means the next free one. */
  readonly isSet: boolean;
}

/** An engine's address; 'embedded' means that the supervisor runs it. */
export interface EngineAddress {
  readonly url: string;
  readonly origin: 'external' | 'embedded';
}

/** Everything that is configured from outside, read once. Units are in the names. */
export interface Config {
  readonly locale: Locale;
  /** Absolute. */
  readonly checkoutDir: string;
  /** `RELANCE_HOME`, absolute. */
  readonly homeDir: string;
  /** `RELANCE_WORKSPACE`, absolute. */
  readonly workspaceDir: string;
  readonly host: string;
  readonly http: PortSetting;
  /** Without a final slash. */
  readonly publicUrl: string;
  /** Absent in the supervisor and the CLI where PostgreSQL is embedded. */
  readonly postgres: EngineAddress | undefined;
  /** Absent in the supervisor and the CLI where ClickHouse is embedded. */
  readonly clickhouse: EngineAddress | undefined;
  readonly clickhousePort: PortSetting;
  readonly kafkaBrokers: readonly string[] | undefined;
  readonly temporal: { readonly address: string; readonly namespace: string } | undefined;
  /** Absent: e-mail goes to the sandbox. */
  readonly smtpUrl: string | undefined;
  readonly smtpSandboxPort: PortSetting;
  /** Absent: SMS go to the sandbox. */
  readonly twilio: TwilioSetting | undefined;
  readonly partitions: number;
  readonly clock: ClockSetting;
  /** False: nobody chose a clock, the sample may. */
  readonly clockIsSet: boolean;
  readonly logLevel: LogLevel;
  /** True: start without the sample workspace. */
  readonly empty: boolean;
  /** True: started by the supervisor, to end when it ends. */
  readonly supervised: boolean;
}

/** Account at the SMS provider. */
export interface TwilioSetting {
  readonly accountSid: string;
  readonly authToken: string;
  readonly apiUrl: string | undefined;
}

/** How much is logged. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

function readVariables(env: Environment): Result<ReadVariables, readonly Problem[]> {
  const values: Partial<Record<VariableName, unknown>> = {};
  const problems: Problem[] = [];
  for (const [name, variable] of Object.entries<Variable>(VARIABLES)) {
    // Set to nothing is not set: that is how a shell or a compose file leaves a variable out.
    const given = env[name]?.trim() || variable.fallback;
    if (given === undefined) continue;
    const read = variable.schema.safeParse(given);
    if (read.success) values[name as VariableName] = read.data;
    else problems.push(settingProblem('RLN-0101', { name, expected: variable.expected }));
  }
  if ((values.TWILIO_ACCOUNT_SID === undefined) !== (values.TWILIO_AUTH_TOKEN === undefined)) {
    const names = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'] as const;
    const [name, other] = values.TWILIO_ACCOUNT_SID === undefined ? [names[1], names[0]] : names;
    problems.push(settingProblem('RLN-0102', { name, other }));
  }
  return problems.length > 0 ? fail(problems) : ok(values as ReadVariables);
}

const isSet = (env: Environment, name: VariableName): boolean => Boolean(env[name]?.trim());

const portSetting = (env: Environment, name: VariableName, port: number): PortSetting => ({
  port,
  isSet: isSet(env, name),
});

function engine(external: string | undefined, embedded: string | undefined) {
  if (external !== undefined) return { url: external, origin: 'external' } as const;
  return embedded === undefined ? undefined : ({ url: embedded, origin: 'embedded' } as const);
}

/** `http://host:port`, with a host that a browser on this machine can open. */
export function baseUrl(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function twilioOf(read: ReadVariables): TwilioSetting | undefined {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken } = read;
  if (accountSid === undefined || authToken === undefined) return undefined;
  return { accountSid, authToken, apiUrl: read.TWILIO_API_URL };
}

function configOf(env: Environment, read: ReadVariables, workingDir: string): Config {
  const checkout = checkoutDir();
  const folder = (name: 'RELANCE_HOME' | 'RELANCE_WORKSPACE'): string =>
    isSet(env, name)
      ? resolve(workingDir, read[name] ?? '')
      : join(checkout, VARIABLES[name].fallback);
  const host = read.HOST ?? VARIABLES.HOST.fallback;
  const http = portSetting(env, 'PORT', read.PORT ?? 0);
  const address = read.TEMPORAL_ADDRESS;
  return {
    locale: readLocale(env),
    checkoutDir: checkout,
    homeDir: folder('RELANCE_HOME'),
    workspaceDir: folder('RELANCE_WORKSPACE'),
    host,
    http,
    publicUrl: (read.PUBLIC_URL ?? baseUrl(host, http.port)).replace(/\/+$/, ''),
    postgres: engine(read.DATABASE_URL, read.RELANCE_EMBEDDED_DATABASE_URL),
    clickhouse: engine(read.CLICKHOUSE_URL, read.RELANCE_EMBEDDED_CLICKHOUSE_URL),
    clickhousePort: portSetting(env, 'CLICKHOUSE_PORT', read.CLICKHOUSE_PORT ?? 0),
    kafkaBrokers: read.KAFKA_BROKERS,
    temporal:
      address === undefined
        ? undefined
        : { address, namespace: read.TEMPORAL_NAMESPACE ?? 'default' },
    smtpUrl: read.SMTP_URL,
    smtpSandboxPort: portSetting(env, 'SMTP_SANDBOX_PORT', read.SMTP_SANDBOX_PORT ?? 0),
    twilio: twilioOf(read),
    partitions: read.RELANCE_PARTITIONS ?? 12,
    clock: read.RELANCE_CLOCK ?? { kind: 'wall' },
    clockIsSet: isSet(env, 'RELANCE_CLOCK'),
    logLevel: read.LOG_LEVEL ?? 'info',
    empty: read.RELANCE_EMPTY ?? false,
    supervised: read.RELANCE_SUPERVISED ?? false,
  };
}

/**
 * Reads the configuration from an environment. Refuses with one problem for each variable that is
 * wrong, named in both languages. Relative folders are relative to `workingDir`.
 */
export function readConfig(
  env: Environment,
  workingDir: string = process.cwd(),
): Result<Config, readonly Problem[]> {
  const read = readVariables(env);
  return read.ok ? ok(configOf(env, read.value, workingDir)) : read;
}
