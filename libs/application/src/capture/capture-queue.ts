import { StoreError } from '../ports/transaction.js';

/** How a queue of captured events works. Counts are of events. */
export interface CaptureQueueOptions {
  /** Puts texts on the log in one transaction; resolves once they are on disk. */
  readonly append: (keys: readonly string[], values: readonly string[]) => Promise<void>;
  /** Most that may wait, in hand included; past it `add` refuses. */
  readonly maxQueued: number;
  /** Most of one transaction. */
  readonly maxTogether: number;
  /** How long a log that does not answer is tried again before the waiting are told. */
  readonly giveUpMs: number;
  /** Monotonic milliseconds. */
  readonly elapsedMs: () => number;
}

interface Waiting {
  readonly keys: readonly string[];
  readonly values: readonly string[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const RETRY_MS = 100;

/**
 * Group commit: one transaction is in flight at a time, and everything that came meanwhile goes
 * into the next, so that single posts share a wait for the disk. A caller is answered only when its
 * events are on disk. An append that failed in a retryable way is done again, so an event may be on
 * the log twice; its key lets it count once.
 */
export class CaptureQueue {
  private waiting: Waiting[] = [];
  private queued = 0;
  private running: Promise<void> | undefined;

  constructor(private readonly options: CaptureQueueOptions) {}

  /** Events waiting or in hand. */
  get depth(): number {
    return this.queued;
  }

  /** False where the queue is full: nothing was taken. True once all are on disk. */
  async add(keys: readonly string[], values: readonly string[]): Promise<boolean> {
    if (this.queued + keys.length > this.options.maxQueued) return false;
    this.queued += keys.length;
    const done = new Promise<void>((resolve, reject) => {
      this.waiting.push({ keys, values, resolve, reject });
    });
    this.running ??= this.run();
    await done;
    return true;
  }

  /** Resolves when nothing is waiting any more. */
  async drain(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  private async run(): Promise<void> {
    // What arrives in the same turn of the loop goes together already.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) await this.commit(this.take());
    this.running = undefined;
  }

  private take(): readonly Waiting[] {
    let count = 0;
    let taken = 0;
    for (const one of this.waiting) {
      if (taken > 0 && count + one.keys.length > this.options.maxTogether) break;
      count += one.keys.length;
      taken += 1;
    }
    return this.waiting.splice(0, taken);
  }

  private async commit(batch: readonly Waiting[]): Promise<void> {
    const only = batch.length === 1 ? batch[0] : undefined;
    const keys = only?.keys ?? batch.flatMap((one) => one.keys);
    const values = only?.values ?? batch.flatMap((one) => one.values);
    try {
      await this.append(keys, values);
      for (const one of batch) one.resolve();
    } catch (error) {
      for (const one of batch) one.reject(error);
    } finally {
      this.queued -= keys.length;
    }
  }

  private async append(keys: readonly string[], values: readonly string[]): Promise<void> {
    const startMs = this.options.elapsedMs();
    for (;;) {
      try {
        return await this.options.append(keys, values);
      } catch (error) {
        const mayPass = error instanceof StoreError && error.retryable;
        const isOver = this.options.elapsedMs() - startMs >= this.options.giveUpMs;
        if (!mayPass || isOver) throw error;
        await new Promise<void>((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }
}
