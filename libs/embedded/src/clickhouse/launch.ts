import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { LocalText } from '#libs/kernel';
import { EngineError, type EngineErrorCode } from '../engine-error.js';
import { endingOfChild } from '../process/ended.js';
import { endProcess, sendSignal } from '../process/end.js';
import type { EngineProcess, StartHooks } from '../process/handle.js';
import { identify, isAlive, type ProcessIdentity } from '../process/identity.js';
import { THREADS } from './lanes.js';
import { isChildMessage, type ChildConfig, type ChildMessage } from './messages.js';
import type { ClickHouseUser } from './request.js';

/** How to start the embedded ClickHouse. */
export interface ClickHouseOptions extends StartHooks {
  /** Folder of the data; made at first use. One process at a time. */
  readonly dataDir: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Accounts; a user without a password may not enter. */
  readonly users: readonly ClickHouseUser[];
  /** Lines that the engine writes, if any. */
  readonly onLine?: (line: string) => void;
  /** Longest wait for readiness. Default 60 s. */
  readonly readyWithinMs?: number;
}

/** A running ClickHouse; ends with this process too. */
export interface ClickHouseServer extends EngineProcess {
  readonly pid: number;
  readonly port: number;
  /** `http://127.0.0.1:port`. */
  readonly url: string;
}

/** The compiled child, also when this very file runs from source. */
function childScript(): string {
  const own = fileURLToPath(new URL('./child.js', import.meta.url));
  if (existsSync(own)) return own;
  return own.replace(/\/libs\/embedded\/src\/clickhouse\/child\.js$/, '/dist$&');
}

function failure(code: EngineErrorCode, why: LocalText): EngineError {
  return new EngineError(
    code,
    {
      fr: `ClickHouse embarqué n'a pas démarré : ${why['fr'] ?? ''}`,
      en: `The embedded ClickHouse did not start: ${why['en'] ?? ''}`,
    },
    code === 'not_ready',
  );
}

function spawn({ onLine }: ClickHouseOptions): ChildProcess {
  const script = childScript();
  if (!existsSync(script)) {
    throw new EngineError('binaries_missing', {
      fr: `${script} n'existe pas : lancez la construction (npm run build).`,
      en: `${script} does not exist: run the build (npm run build).`,
    });
  }
  const child = fork(script, [], {
    execArgv: [],
    // Queries run on libuv's threads; nothing else of our environment is the engine's business.
    env: {
      MALLOC_ARENA_MAX: '2',
      UV_THREADPOOL_SIZE: String(THREADS),
      TZ: 'UTC',
      PATH: '/usr/bin:/bin',
    },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', (line) => onLine?.(line));
  }
  return child;
}

function firstAnswer(child: ChildProcess): Promise<ChildMessage> {
  return new Promise((resolve) => {
    child.on('message', (message) => {
      if (isChildMessage(message)) resolve(message);
    });
  });
}

function overAfter(ms: number, signal: AbortSignal | undefined): Promise<'over'> {
  return new Promise((resolve) => {
    setTimeout(() => resolve('over'), ms).unref();
    if (signal?.aborted === true) resolve('over');
    signal?.addEventListener('abort', () => resolve('over'), { once: true });
  });
}

async function portOf(
  child: ChildProcess,
  ended: ClickHouseServer['ended'],
  options: ClickHouseOptions,
): Promise<number> {
  const { dataDir, port = 0, users, signal, readyWithinMs = 60_000 } = options;
  const gone = ended.then(() => 'gone' as const);
  const answer = firstAnswer(child);
  const config: ChildConfig = { type: 'start', dataDir, port, users };
  child.send(config);
  const first = await Promise.race([answer, gone, overAfter(readyWithinMs, signal)]);
  if (first === 'over')
    throw failure('not_ready', {
      fr: 'arrêté, ou pas prêt à temps.',
      en: 'called off, or not in time.',
    });
  // Killed from outside, by a person or for want of memory: it may well start the next time.
  if (first === 'gone')
    throw failure((await ended).signal === null ? 'start_failed' : 'not_ready', {
      fr: 'son processus a pris fin.',
      en: 'its process ended.',
    });
  if (first.type === 'ready') return first.port;
  if (first.reason === 'port_busy')
    throw failure('start_failed', {
      fr: `le port ${port} est pris.`,
      en: `port ${port} is taken.`,
    });
  throw failure('data_unusable', { fr: first.text, en: first.text });
}

function handle(
  identity: ProcessIdentity,
  ended: ClickHouseServer['ended'],
  port: number,
): ClickHouseServer {
  let stopping: Promise<void> | undefined;
  const stop = async (withinMs: number): Promise<void> => {
    await endProcess(identity, [
      { signal: 'SIGTERM', waitMs: withinMs },
      { signal: 'SIGKILL', waitMs: 1_000 },
    ]);
    if (isAlive(identity)) sendSignal(-identity.pid, 'SIGKILL');
    await ended;
  };
  return {
    identity,
    pid: identity.pid,
    adopted: false,
    port,
    url: `http://127.0.0.1:${port}`,
    ended,
    stop: (withinMs = 6_000) => (stopping ??= stop(withinMs)),
    kill: () => void sendSignal(identity.pid, 'SIGKILL'),
  };
}

/**
 * Starts ClickHouse on a folder in a process group of its own and resolves when it answers over HTTP
 * on 127.0.0.1: about a second. It ends when this process ends, however. Throws `EngineError`:
 * `binaries_missing` before the build, `data_unusable` where another process has the folder,
 * `start_failed` where the port is taken, `not_ready` when called off or killed.
 */
export async function startClickHouse(options: ClickHouseOptions): Promise<ClickHouseServer> {
  const child = spawn(options);
  const ended = endingOfChild(child);
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity === undefined)
    throw failure('start_failed', { fr: 'aucun processus.', en: 'no process.' });
  options.started?.(identity);
  try {
    return handle(identity, ended, await portOf(child, ended, options));
  } catch (error) {
    sendSignal(identity.pid, 'SIGKILL');
    await ended;
    throw error;
  }
}
