import type { Client } from 'pg';
import type { Database } from '../base/database.js';

/**
 * Tells readers in this process that something came: by LISTEN, and from the same process at once.
 * A lost connection only makes readers fall back to their own time-out.
 */
export class Wakeups {
  private count = 0;
  private client: Client | undefined;
  private isClosed = false;
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly database: Database,
    private readonly channel: string,
  ) {}

  /** Starts to listen; connects again by itself when the connection is lost. */
  async listen(): Promise<void> {
    if (this.isClosed) return;
    try {
      const client = await this.database.dedicated();
      client.on('notification', () => this.wake());
      client.on('end', () => this.listenLater());
      await client.query(`LISTEN ${this.channel}`);
      this.client = client;
      this.wake();
    } catch {
      this.listenLater();
    }
  }

  private listenLater(): void {
    this.client = undefined;
    if (!this.isClosed) setTimeout(() => void this.listen(), 500).unref();
  }

  /** A mark before looking; a wake after it makes `wait` return at once. */
  ticket(): number {
    return this.count;
  }

  /** Wakes every reader that waits in this process. */
  wake(): void {
    this.count += 1;
    for (const resume of this.waiting) resume();
    this.waiting.clear();
  }

  /** Waits for a wake after the ticket, the time-out, or the signal. */
  async wait(ticket: number, waitMs: number, signal?: AbortSignal): Promise<void> {
    if (this.count !== ticket || signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        this.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      signal?.addEventListener('abort', done, { once: true });
      this.waiting.add(done);
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.wake();
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }
}
