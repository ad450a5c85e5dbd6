import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LocalText } from '#libs/kernel';
import { EngineError } from '../engine-error.js';
import { endingOfChild, endingOfStranger } from '../process/ended.js';
import { endWithUs } from '../process/end-with-us.js';
import { endProcess, sendSignal } from '../process/end.js';
import type { EngineProcess, StartHooks } from '../process/handle.js';
import { identify, type ProcessIdentity } from '../process/identity.js';
import { freePort } from '../process/port.js';
import { waitUntil } from '../process/wait.js';
import { idsOf, serverAccount, type Account } from './account.js';
import { findBinaries, type PostgresBinaries } from './binaries.js';
import { ensureCluster, POSTGRES_DATABASE, POSTGRES_USER } from './cluster.js';
import { dataPlace, sharedBase } from './place.js';
import { clearStalePid, readPostmaster } from './postmaster.js';
import { pgHbaConf, postgresqlConf } from './settings.js';

/** How to start the embedded PostgreSQL. */
export interface PostgresOptions extends StartHooks {
  /** Folder of the data; made at first use. May be put elsewhere when root, see `notes`. */
  readonly dataDir: string;
  /** Password of the superuser, set at first use; letters and digits. */
  readonly password: string;
  /** Our own folder around `dataDir`, which may be opened to the server's group. Default: its parent. */
  readonly homeDir?: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Default true. False, in tests: no waiting for the disk. */
  readonly durable?: boolean;
  /** True, in tests: it ends when this process does, even killed. Default false: it is taken over. */
  readonly endsWithUs?: boolean;
  /** Default 100. */
  readonly maxConnections?: number;
  /** Longest wait for readiness, crash recovery included. Default 120 s. */
  readonly readyWithinMs?: number;
}

/** A running PostgreSQL. */
export interface PostgresServer extends EngineProcess {
  readonly pid: number;
  readonly port: number;
  /** `postgres://user:password@127.0.0.1:port/relance`. */
  readonly url: string;
  /** As `18.4`. */
  readonly version: string;
  /** Where the data really lies. */
  readonly dataDir: string;
  readonly logFile: string;
  /** What a person should be told: which account runs it, where its data and programs lie. */
  readonly notes: readonly LocalText[];
}

interface Prepared {
  readonly account: Account | undefined;
  readonly binaries: PostgresBinaries;
  readonly dataDir: string;
  readonly logFile: string;
  readonly notes: readonly LocalText[];
}

const LOG_LIMIT_BYTES = 8 * 1024 * 1024;
const ATTEMPTS = 20;

function notesOf(wanted: string, prepared: Omit<Prepared, 'notes'>): readonly LocalText[] {
  const { account, binaries, dataDir } = prepared;
  if (account === undefined) return [];
  const where = binaries.copied ? dirname(binaries.nativeDir) : undefined;
  const notes: LocalText[] = [
    {
      fr: `PostgreSQL ne tourne pas sous root : il prend le compte « ${account.name} ».`,
      en: `PostgreSQL does not run as root: it runs as "${account.name}".`,
    },
  ];
  if (dataDir !== wanted) {
    notes.push({
      fr: `Ce compte n'atteint pas ${wanted} : les données de PostgreSQL sont dans ${dataDir}.`,
      en: `That account cannot reach ${wanted}: the data of PostgreSQL is in ${dataDir}.`,
    });
  }
  if (where !== undefined) {
    notes.push({
      fr: `Ses programmes sont copiés dans ${where}.`,
      en: `Its programs are copied to ${where}.`,
    });
  }
  return notes;
}

function prepare(options: PostgresOptions): Prepared {
  const homeDir = options.homeDir ?? dirname(options.dataDir);
  const account = serverAccount(options.dataDir);
  const sharedDir = account === undefined ? '' : sharedBase();
  const binaries = findBinaries(account, sharedDir);
  const dataDir = dataPlace({ dataDir: options.dataDir, homeDir, account, sharedDir });
  const place = { account, binaries, dataDir, logFile: join(dataDir, 'server.log') };
  return { ...place, notes: notesOf(options.dataDir, place) };
}

function launch(prepared: Prepared, port: number): ChildProcess {
  const { account, binaries, dataDir, logFile } = prepared;
  // Errors go to a file, not to a pipe of ours: the server outlives us if we are killed.
  const log = openSync(logFile, 'a', 0o600);
  try {
    return spawn(binaries.postgres, ['-D', dataDir, '-p', String(port)], {
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log],
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      ...idsOf(account),
    });
  } finally {
    closeSync(log);
  }
}

function handleOf(options: PostgresOptions, prepared: Prepared, running: Running): PostgresServer {
  const { identity, port, child } = running;
  const ended = child === undefined ? endingOfStranger(identity) : endingOfChild(child);
  let stopping: Promise<void> | undefined;
  const stop = async (withinMs: number): Promise<void> => {
    // Fast: disconnects clients and writes a checkpoint. Immediate: as a crash, recovered at start.
    await endProcess(identity, [
      { signal: 'SIGINT', waitMs: Math.max(500, withinMs - 1_000) },
      { signal: 'SIGQUIT', waitMs: 700 },
      { signal: 'SIGKILL', waitMs: 300 },
    ]);
  };
  return {
    identity,
    pid: identity.pid,
    adopted: child === undefined,
    port,
    url: `postgres://${POSTGRES_USER}:${encodeURIComponent(options.password)}@127.0.0.1:${port}/${POSTGRES_DATABASE}`,
    version: prepared.binaries.version,
    dataDir: prepared.dataDir,
    logFile: prepared.logFile,
    notes: prepared.notes,
    ended,
    stop: (withinMs = 10_000) => (stopping ??= stop(withinMs)),
    kill: () => void sendSignal(identity.pid, 'SIGKILL'),
  };
}

interface Running {
  readonly identity: ProcessIdentity;
  readonly port: number;
  readonly child?: ChildProcess;
}

function logTail(logFile: string, fromByte: number): string {
  try {
    return readFileSync(logFile).subarray(fromByte).toString('utf8').slice(-2_000).trim();
  } catch {
    return '';
  }
}

/** Another process took the port, or the last server's memory is still held by its dying children. */
const passes = (said: string): boolean =>
  /could not bind|could not create any TCP\/IP|pre-existing shared memory|already exists/.test(
    said,
  );

interface Limit extends StartHooks {
  readonly endMs: number;
}

async function attempt(prepared: Prepared, port: number, limit: Limit): Promise<Running | string> {
  const logFrom = logSize(prepared.logFile);
  const child = launch(prepared, port);
  const ended = endingOfChild(child);
  let gone = false;
  void ended.then(() => (gone = true));
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity !== undefined) limit.started?.(identity);
  const isReady = (): boolean => readPostmaster(prepared.dataDir)?.ready === true;
  const isOver = (): boolean => gone || limit.signal?.aborted === true;
  await waitUntil(() => isOver() || isReady(), limit.endMs - performance.now());
  // Killed from outside, by a person or for want of memory: it may well start the next time.
  const isKilled = gone && (await ended).signal === 'SIGKILL';
  if (identity === undefined || (gone && !isKilled)) return logTail(prepared.logFile, logFrom);
  if (isReady() && !isOver()) return { identity, port, child };
  if (!gone) sendSignal(identity.pid, 'SIGQUIT');
  await ended;
  throw new EngineError(
    'not_ready',
    {
      fr: `PostgreSQL n'est pas prêt à temps ; voyez ${prepared.logFile}.`,
      en: `PostgreSQL was not ready in time; see ${prepared.logFile}.`,
    },
    true,
  );
}

function logSize(logFile: string): number {
  try {
    const size = readFileSync(logFile).byteLength;
    if (size <= LOG_LIMIT_BYTES) return size;
    truncateSync(logFile);
  } catch {
    // No log yet.
  }
  return 0;
}

async function start(options: PostgresOptions, prepared: Prepared): Promise<Running> {
  const endMs = performance.now() + (options.readyWithinMs ?? 120_000);
  const limit = { ...options, endMs };
  const isOver = (): boolean => performance.now() >= endMs || options.signal?.aborted === true;
  let said = '';
  for (let count = 0; count < ATTEMPTS && !isOver(); count += 1) {
    clearStalePid(prepared.dataDir);
    const port = options.port ?? 0;
    const result = await attempt(prepared, port === 0 ? await freePort() : port, limit);
    if (typeof result !== 'string') return result;
    said = result;
    if (!passes(said)) break;
    await waitUntil(() => false, 100 * (count + 1));
  }
  throw new EngineError('start_failed', {
    fr: `PostgreSQL n'a pas démarré ; voyez ${prepared.logFile}. ${said}`,
    en: `PostgreSQL did not start; see ${prepared.logFile}. ${said}`,
  });
}

function writeSettings(options: PostgresOptions, prepared: Prepared): void {
  const settings = {
    durable: options.durable ?? true,
    maxConnections: options.maxConnections ?? 100,
  };
  writeFileSync(join(prepared.dataDir, 'postgresql.conf'), postgresqlConf(settings));
  writeFileSync(join(prepared.dataDir, 'pg_hba.conf'), pgHbaConf);
}

/**
 * Starts PostgreSQL on a folder (made at first use) in its own process group, or takes over the one
 * that runs on it already, for instance because its supervisor was killed. Resolves when it accepts
 * connections: about half a second, 2 s the first time. Throws `EngineError`.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const prepared = prepare(options);
  const { account, binaries, dataDir } = prepared;
  const found = readPostmaster(dataDir);
  if (found !== undefined) {
    await waitUntil(
      () => readPostmaster(dataDir)?.ready !== false,
      options.readyWithinMs ?? 120_000,
    );
    const ready = readPostmaster(dataDir);
    if (ready?.ready === true) {
      options.started?.(ready.identity);
      return handleOf(options, prepared, ready);
    }
  }
  await ensureCluster({ dataDir, binaries, account, password: options.password });
  writeSettings(options, prepared);
  const server = handleOf(options, prepared, await start(options, prepared));
  if (options.endsWithUs === true) endWithUs(server, 'INT');
  return server;
}
