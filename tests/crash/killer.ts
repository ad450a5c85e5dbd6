import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '#libs/kernel';
import type { Product } from '../../bench/harness/product.js';

/** Whose process may be killed. */
export const VICTIMS = ['worker', 'api', 'postgres', 'clickhouse', 'supervisor'] as const;

/** A process of the product, by its part. */
export type Victim = (typeof VICTIMS)[number];

/** One SIGKILL. */
export interface Kill {
  readonly victim: Victim;
  readonly pid: number;
  /** Milliseconds after the first. */
  readonly atMs: number;
  readonly atWallMs: number;
}

// Long enough for work to begin again after a restart, short enough that a kill meets a restart.
const PAUSE_LEAST_MS = 200;
const PAUSE_MOST_MS = 2_500;
const ALIVE_WITHIN_MS = 90_000;
const LOOK_EVERY_MS = 25;

/** Kills parts of a product with SIGKILL, each chosen and timed by a seeded stream. */
export class Killer {
  readonly kills: Kill[] = [];
  /** Victims still to be drawn of this round: every part has its turn before one has a second. */
  private hat: Victim[] = [];
  private startedMs = 0;

  constructor(
    private readonly product: Product,
    private readonly random: Random,
    private readonly say: (line: string) => void,
  ) {}

  /** Kills so many, one after the other, at random moments. */
  async run(count: number): Promise<void> {
    for (let done = 0; done < count; done += 1) {
      await delay(PAUSE_LEAST_MS + this.random() * (PAUSE_MOST_MS - PAUSE_LEAST_MS));
      await this.killOne();
    }
  }

  private draw(): Victim {
    if (this.hat.length === 0) this.hat = [...VICTIMS];
    const [drawn] = this.hat.splice(Math.floor(this.random() * this.hat.length), 1);
    if (drawn === undefined) throw new Error('the hat is empty');
    return drawn;
  }

  private async killOne(): Promise<void> {
    const victim = this.draw();
    const pid = await this.pidOf(victim);
    process.kill(pid, 'SIGKILL');
    const nowMs = performance.now();
    if (this.kills.length === 0) this.startedMs = nowMs;
    const atMs = Math.round(nowMs - this.startedMs);
    const kill = { victim, pid, atMs, atWallMs: Date.now() };
    this.kills.push(kill);
    this.say(`kill ${this.kills.length}: ${victim} (pid ${pid}) at ${kill.atMs} ms`);
    if (victim === 'supervisor') await this.superviseAgain();
  }

  private async superviseAgain(): Promise<void> {
    while (this.product.isSupervised) await delay(LOOK_EVERY_MS);
    await delay(this.random() * PAUSE_MOST_MS);
    this.product.startAgain();
  }

  /** Waits until the part lives: after a kill it is away for a while. */
  private async pidOf(victim: Victim): Promise<number> {
    const untilMs = performance.now() + ALIVE_WITHIN_MS;
    for (;;) {
      const pid =
        victim === 'supervisor'
          ? this.product.isSupervised
            ? this.product.pid
            : undefined
          : this.product.children.find(({ role }) => role === victim)?.pid;
      if (pid !== undefined) return pid;
      if (performance.now() > untilMs) throw new Error(`${victim} did not come back`);
      await delay(LOOK_EVERY_MS);
    }
  }
}
