/** Lets many pieces of work pass at once, or one alone. In one process; the lone one has precedence. */
export class Turnstile {
  private passing = 0;
  private opened: Promise<void> | undefined;
  private emptied: (() => void) | undefined;

  /** Runs work beside other work; waits while something runs alone. */
  async through<Value>(work: () => Promise<Value>): Promise<Value> {
    while (this.opened !== undefined) await this.opened;
    this.passing += 1;
    try {
      return await work();
    } finally {
      this.passing -= 1;
      if (this.passing === 0) this.emptied?.();
    }
  }

  /** Waits until nothing is under way, then runs work while nothing else does. */
  async alone<Value>(work: () => Promise<Value>): Promise<Value> {
    while (this.opened !== undefined) await this.opened;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.opened = promise;
    try {
      if (this.passing > 0) await new Promise<void>((done) => (this.emptied = done));
      return await work();
    } finally {
      this.emptied = undefined;
      this.opened = undefined;
      resolve();
    }
  }
}
