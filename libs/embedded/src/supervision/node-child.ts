import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { endingOfChild } from '../process/ended.js';
import { endProcess, sendSignal } from '../process/end.js';
import type { Kept, StartHooks } from '../process/handle.js';
import { identify, isAlive } from '../process/identity.js';
import { isReadyMessage, type ReadyMessage } from './parent.js';

/** A part of the engine that is a Node program of ours. */
export interface NodeChildOptions {
  /** Path of its script. */
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
  /** Most of the JavaScript heap; what is left over belongs to the engines beside it. */
  readonly heapMb: number;
  /** Half of the heap of the newest objects; 16 by default. */
  readonly youngMb?: number;
  /** Each line it writes, on stdout or stderr. */
  readonly onLine: (line: string) => void;
}

// Node's own bound lets a busy part take 100 MB more, for a few percent less of processor.
const YOUNG_MB = 16;

/** A running part. */
export interface NodeChild extends Kept {
  readonly ready: ReadyMessage;
}

function readLines(stream: Readable | null, onLine: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream }).on('line', onLine);
}

function readyOf(child: ChildProcess): Promise<ReadyMessage> {
  return new Promise((resolve) => {
    child.on('message', (message) => {
      if (isReadyMessage(message)) resolve(message);
    });
  });
}

/** Ends the child's whole group, which it leads. */
function killGroup(pid: number): void {
  if (!sendSignal(-pid, 'SIGKILL')) sendSignal(pid, 'SIGKILL');
}

/**
 * Starts a part in its own process group and resolves when it says that it is ready. Rejects when it
 * ends before, or when starting is called off: then it is ended first.
 */
export async function startNodeChild(
  options: NodeChildOptions,
  { signal, started }: Required<StartHooks>,
): Promise<NodeChild> {
  const child = fork(options.script, [], {
    // glibc keeps memory for every thread that ever allocated: two places are enough for ours.
    env: { ...options.env, MALLOC_ARENA_MAX: '2' },
    execArgv: [
      `--max-old-space-size=${options.heapMb}`,
      `--max-semi-space-size=${options.youngMb ?? YOUNG_MB}`,
    ],
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = endingOfChild(child);
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity === undefined) throw new Error(`${options.script} could not be started`);
  started(identity);
  readLines(child.stdout, options.onLine);
  readLines(child.stderr, options.onLine);
  const stop = async (withinMs = 5_000): Promise<void> => {
    await endProcess(identity, [{ signal: 'SIGTERM', waitMs: withinMs }]);
    if (isAlive(identity)) killGroup(identity.pid);
    await ended;
  };
  const calledOff = new Promise<'called off'>((resolve) => {
    if (signal.aborted) resolve('called off');
    signal.addEventListener('abort', () => resolve('called off'), { once: true });
  });
  const first = await Promise.race([readyOf(child), ended, calledOff]);
  if (first === 'called off') {
    await stop(2_500);
    throw new Error('starting was called off');
  }
  if (!('type' in first)) {
    throw new Error(`ended before it was ready (${first.signal ?? `exit code ${first.exitCode}`})`);
  }
  return { identity, ended, ready: first, stop, kill: () => killGroup(identity.pid) };
}
