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

class PartKeeper<Process extends Kept> implements Keeper<Process> {
  readonly ready: Promise<Process>;
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;
  #becameReady: (process: Process) => void = () => undefined;
  #cannot: (error: unknown) => void = () => undefined;
  #running: Process | undefined;
  #wasReady = false;
  #failures = 0;
  #stopWithinMs = 0;

  constructor(
    private readonly part: Part<Process>,
    private readonly events: KeeperEvents,
    private readonly backOff: BackOff,
  ) {
    this.ready = new Promise((resolve, reject) => {
      this.#becameReady = resolve;
      this.#cannot = reject;
    });
    this.ready.catch(() => undefined);
    this.#done = this.#run();
  }

  async stop(withinMs: number): Promise<void> {
    this.#stopWithinMs = withinMs;
    this.#abort.abort();
    await this.#running?.stop(withinMs);
    await this.#done;
  }

  kill(): void {
    this.#running?.kill();
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      const sinceMs = performance.now();
      const reason = await this.#runOnce();
      if (performance.now() - sinceMs > this.backOff.wellAfterMs) this.#failures = 0;
      const waitMs = Math.min(this.backOff.longestMs, this.backOff.firstMs * 2 ** this.#failures);
      this.#failures += 1;
      if (signal.aborted) break;
      this.events.restarting(this.part.role, reason, waitMs);
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
    this.#cannot(new Error(`${this.part.role} was stopped`));
  }

  /** One life of the part, from its start to its end; answers with why it ended. */
  async #runOnce(): Promise<string> {
    const { role } = this.part;
    const { signal } = this.#abort;
    try {
      this.#running = await this.part.start({
        signal,
        started: (identity) => this.events.started(role, identity),
      });
      this.#wasReady = true;
      this.#becameReady(this.#running);
      // Called off while it was starting, and it started all the same.
      if (signal.aborted) await this.#running.stop(this.#stopWithinMs);
      return reasonOf(await this.#running.ended);
    } catch (error) {
      this.#giveUpIfHopeless(error);
      return messageOf(error);
    } finally {
      this.#running = undefined;
      this.events.ended(role);
    }
  }

  #giveUpIfHopeless(error: unknown): void {
    if (this.#wasReady) return;
    if (!isHopeless(error) && this.#failures + 1 < this.backOff.attemptsBeforeReady) return;
    this.#cannot(error);
    this.#abort.abort();
  }
}

/**
 * Starts a part, and starts it again whenever it ends, until it is stopped. Before its first
 * readiness a few failures, or one that trying again cannot mend, end the attempt.
 */
export function keep<Process extends Kept>(
  part: Part<Process>,
  events: KeeperEvents,
  backOff: BackOff = BACK_OFF,
): Keeper<Process> {
  return new PartKeeper(part, events, backOff);
}
