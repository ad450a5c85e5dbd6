import { refuse } from './refusal.js';

/** How many at once, and how many may wait for how long. */
export interface GateOptions {
  readonly atOnce: number;
  readonly waiting: number;
  readonly waitMs: number;
}

interface Waiter {
  readonly enter: () => void;
  readonly leave: () => void;
}

/** Lets so many in at once; the others wait in order, so many and so long, then are refused. */
export class Gate {
  readonly #options: GateOptions;
  readonly #waiters = new Set<Waiter>();
  #inside = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** Runs when there is room. Refuses as a busy ClickHouse does, or when called off while waiting. */
  async run<Answer>(signal: AbortSignal, work: () => Answer | Promise<Answer>): Promise<Answer> {
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(refuse.cancelled('Query was cancelled'));
    if (this.#inside < this.#options.atOnce) {
      this.#inside += 1;
      return Promise.resolve();
    }
    if (this.#waiters.size >= this.#options.waiting) {
      return Promise.reject(refuse.tooManyQueries(this.#sentence('too many are waiting already')));
    }
    return new Promise((resolve, reject) => {
      const give = (error: Error): void => {
        waiter.leave();
        reject(error);
      };
      const abort = (): void => give(refuse.cancelled('Query was cancelled while it waited'));
      const timer = setTimeout(() => {
        give(refuse.tooManyQueries(this.#sentence(`waited ${this.#options.waitMs / 1000} s`)));
      }, this.#options.waitMs);
      const waiter: Waiter = {
        enter: () => {
          waiter.leave();
          resolve();
        },
        leave: () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
          this.#waiters.delete(waiter);
        },
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#waiters.add(waiter);
    });
  }

  #sentence(why: string): string {
    return `Too many simultaneous queries: ${this.#options.atOnce} run at once, ${why}. Try again later`;
  }

  #leave(): void {
    const [first] = this.#waiters;
    if (first === undefined) this.#inside -= 1;
    else first.enter();
  }
}
