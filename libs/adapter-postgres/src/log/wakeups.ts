import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { Database } from '../base/database.js';

// Soon enough for people, seldom enough for the store.
const TELL_EVERY_MS = 20;

/** What a waiter has seen so far. */
export interface Ticket {
  readonly names: readonly string[];
  readonly count: number;
}

interface Waiting {
  readonly names: readonly string[];
  readonly resume: () => void;
}

/**
 * Tells readers in this process that something came: by LISTEN, and from the same process at once.
 * A lost connection only makes readers fall back to their own time-out.
 */
export class Wakeups {
  private readonly counts = new Map<string, number>();
  private all = 0;
  private client: Client | undefined;
  private isClosed = false;
  private readonly waiting = new Set<Waiting>();

  /** Tells our own notifications from those of others: this process is awake already. */
  private readonly id = randomUUID();
  private readonly untold = new Set<string>();
  private telling: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly channel: string,
  ) {
    database.onTold((names) => this.tell(names));
  }

  /** Starts to listen; connects again by itself when the connection is lost. */
  async listen(): Promise<void> {
    if (this.isClosed) return;
    try {
      const client = await this.database.dedicated();
      client.on('notification', ({ payload = '' }) => this.hear(payload));
      client.on('end', () => this.listenLater());
      await client.query(`LISTEN ${this.channel}`);
      this.client = client;
      this.wake();
    } catch {
      this.listenLater();
    }
  }

  private hear(payload: string): void {
    const [name = '', from] = payload.split(' ');
    if (from !== this.id) this.wake(name);
  }

  private listenLater(): void {
    this.client = undefined;
    if (!this.isClosed) setTimeout(() => void this.listen(), 500).unref();
  }

  /** Wakes this process at once, and the others soon: what came in between is told together. */
  tell(names: readonly string[]): void {
    for (const name of names) {
      this.wake(name);
      this.untold.add(name);
    }
    if (this.isClosed) return;
    this.telling ??= setTimeout(() => {
      this.telling = undefined;
      void this.tellOthers();
    }, TELL_EVERY_MS).unref();
  }

  private async tellOthers(): Promise<void> {
    const names = [...this.untold];
    this.untold.clear();
    // A statement without a write: nothing waits for the disk. Lost, it costs others a poll.
    await this.database
      .query(`SELECT pg_notify($1, n || ' ' || $3) FROM unnest($2::text[]) n`, [
        this.channel,
        names,
        this.id,
      ])
      .catch(() => undefined);
  }

  /** A mark before looking; a wake of one of the names after it makes `wait` return at once. */
  ticket(names: readonly string[]): Ticket {
    return { names, count: this.countOf(names) };
  }

  /** Wakes whoever waits in this process for the name; without one, everybody. */
  wake(name?: string): void {
    if (name === undefined) this.all += 1;
    else this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    for (const waiting of this.waiting) {
      if (name === undefined || waiting.names.includes(name)) waiting.resume();
    }
  }

  /** Waits for a wake after the ticket, the time-out, or the signal. */
  async wait(ticket: Ticket, waitMs: number, signal?: AbortSignal): Promise<void> {
    if (this.countOf(ticket.names) !== ticket.count || signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      const resume = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', resume);
        this.waiting.delete(waiting);
        resolve();
      };
      const waiting = { names: ticket.names, resume };
      const timer = setTimeout(resume, waitMs);
      signal?.addEventListener('abort', resume, { once: true });
      this.waiting.add(waiting);
    });
  }

  private countOf(names: readonly string[]): number {
    return names.reduce((sum, name) => sum + (this.counts.get(name) ?? 0), this.all);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.telling);
    this.wake();
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }
}
