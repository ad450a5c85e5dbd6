import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from '../engine-error.js';
import type { Ending, Kept, StartHooks } from '../process/handle.js';
import type { ProcessIdentity } from '../process/identity.js';

/** A part to keep running. */
export interface Part<Process extends Kept> {
  readonly role: string;
  /** Resolves when the part does its work. */
  readonly start: (hooks: Required<StartHooks>) => Promise<Process>;
}

/** What a keeper tells. */
export interface KeeperEvents {
  started(role: string, identity: ProcessIdentity): void;
  ended(role: string): void;
  /** It ended or could not be started, and will be started again after the wait. */
  restarting(role: string, reason: string, waitMs: number): void;
}

/** How long to wait before starting again. */
export interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
  /** Having run for so long counts as well: the next wait is the first again. */
  readonly wellAfterMs: number;
  /** So many failures before it ever was ready, and the whole start fails. */
  readonly attemptsBeforeReady: number;
}

const BACK_OFF: BackOff = {
  firstMs: 1_000,
  longestMs: 30_000,
  wellAfterMs: 60_000,
  attemptsBeforeReady: 4,
};

/** A part that is kept running. */
export interface Keeper<Process extends Kept> {
  /** The first readiness; rejects where that cannot be had, or was called off. */
  readonly ready: Promise<Process>;
  /** Stops the part for good, within the time or by force. Idempotent. */
  stop(withinMs: number): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

const reasonOf = ({ exitCode, signal }: Ending): string => signal ?? `exit code ${exitCode ?? '?'}`;
const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
const isHopeless = (error: unknown): boolean => error instanceof EngineError && !error.retryable;

/**
 * Starts a part, and starts it again whenever it ends, until it is stopped. Before its first
 * readiness a few failures, or one that trying again cannot mend, end the attempt.
 */
export function keep<Process extends Kept>(
  part: Part<Process>,
  events: KeeperEvents,
  backOff: BackOff = BACK_OFF,
): Keeper<Process> {
  const abort = new AbortController();
  const { signal } = abort;
  let running: Process | undefined;
  let becameReady: (process: Process) => void = () => undefined;
  let cannot: (error: unknown) => void = () => undefined;
  const ready = new Promise<Process>((resolve, reject) => {
    becameReady = resolve;
    cannot = reject;
  });
  ready.catch(() => undefined);
  let wasReady = false;
  let failures = 0;
  let stopWithinMs = 0;

  const runOnce = async (): Promise<string> => {
    try {
      running = await part.start({ signal, started: (it) => events.started(part.role, it) });
      wasReady = true;
      becameReady(running);
      // Called off while it was starting, and it started all the same.
      if (signal.aborted) await running.stop(stopWithinMs);
      return reasonOf(await running.ended);
    } catch (error) {
      if (!wasReady && (isHopeless(error) || failures + 1 >= backOff.attemptsBeforeReady)) {
        cannot(error);
        abort.abort();
      }
      return messageOf(error);
    } finally {
      running = undefined;
      events.ended(part.role);
    }
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const sinceMs = performance.now();
      const reason = await runOnce();
      if (performance.now() - sinceMs > backOff.wellAfterMs) failures = 0;
      const waitMs = Math.min(backOff.longestMs, backOff.firstMs * 2 ** failures);
      failures += 1;
      if (signal.aborted) break;
      events.restarting(part.role, reason, waitMs);
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
    cannot(new Error(`${part.role} was stopped`));
  };
  const done = run();
  return {
    ready,
    async stop(withinMs) {
      stopWithinMs = withinMs;
      abort.abort();
      await running?.stop(withinMs);
      await done;
    },
    kill: () => running?.kill(),
  };
}
