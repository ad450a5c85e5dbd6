import { join } from 'node:path';
import { checkoutDir } from '#libs/config';
import { waitUntil } from '#libs/embedded';
import { seededRandom, type Random } from '#libs/kernel';
import { drained } from '../../bench/harness/depths.js';
import { event, person, type Message, type Target } from '../../bench/harness/load.js';
import { Product } from '../../bench/harness/product.js';
import { startMailSink, type MailSink } from '../../bench/harness/sink.js';
import { noteHands } from './hands.js';
import { Killer, VICTIMS, type Kill } from './killer.js';
import { repeated, sendSlowly } from './load.js';
import { judge, type Check, type Meant } from './verdict.js';

/** A run of the crash test. */
export interface CrashOptions {
  readonly kills: number;
  readonly people: number;
  /** The same seed draws the same victims, moments, copies and order. */
  readonly seed: string;
  readonly say: (line: string) => void;
}

/** What became of it. */
export interface CrashReport {
  readonly kills: readonly Kill[];
  readonly checks: readonly Check[];
  readonly failedPosts: number;
  /** Seconds after the last kill until nothing was on its way. */
  readonly recoveredS: number;
}

/** Shares of the kills while people become known, sign up and get mail, and order. */
const SHARES = { known: 0.2, signedUp: 0.6 } as const;
const PORTION_PAUSE_MS = 300;
const ORDERING_SHARE = 0.4;
const DRAINED_WITHIN_MS = 60_000;
const DRAINED_PER_PERSON_MS = 60;
const WHOLE_WITHIN_MS = 90_000;

/** The parts of a run, and what its phases share. */
class Run {
  failedPosts = 0;
  recoveredS = 0;

  constructor(
    private readonly options: CrashOptions,
    private readonly product: Product,
    private readonly random: Random,
    private readonly killer: Killer,
  ) {}

  /** Sends while killing, then waits until nothing is on its way. */
  async phase(name: string, messages: readonly Message[], kills: number): Promise<void> {
    const { say } = this.options;
    const copies = repeated(messages, this.random);
    say(`${name}: ${messages.length} events, ${copies.length} with their copies, ${kills} kills`);
    const target: Target = { url: this.product.url, writeKey: this.product.writeKey };
    const pace = { portions: 2 * kills + 2, pauseMs: PORTION_PAUSE_MS };
    const [failures] = await Promise.all([
      sendSlowly(target, copies, pace),
      this.killer.run(kills),
    ]);
    this.failedPosts += failures;
    await this.settle(name);
  }

  /** Whether every part that can be killed lives again; a living ClickHouse may still be starting. */
  private async isWhole(): Promise<boolean> {
    const roles = new Set(this.product.children.map(({ role }) => role));
    if (!VICTIMS.every((victim) => victim === 'supervisor' || roles.has(victim))) return false;
    const answer = await fetch(`${this.product.run.clickhouse.url}/ping`).catch(() => null);
    return answer?.ok === true;
  }

  private async settle(name: string): Promise<void> {
    const startedMs = performance.now();
    await this.product.ready();
    if (!(await waitUntil(() => this.isWhole(), WHOLE_WITHIN_MS, 100))) {
      const alive = this.product.children.map(({ role }) => role).join(', ');
      throw new NotDrainedError(name, `only ${alive} came back`);
    }
    const database = this.product.openDatabase();
    try {
      const withinMs = DRAINED_WITHIN_MS + this.options.people * DRAINED_PER_PERSON_MS;
      const left = await drained(database, withinMs);
      if (left !== null) throw new NotDrainedError(name, JSON.stringify(left));
    } finally {
      await database.close();
    }
    this.recoveredS = (performance.now() - startedMs) / 1_000;
    this.options.say(`${name}: at rest ${this.recoveredS.toFixed(1)} s after the last event`);
  }
}

/** Something stayed on its way long after the last kill. */
export class NotDrainedError extends Error {
  override readonly name = 'NotDrainedError';

  constructor(phase: string, left: string) {
    super(`${phase}: not at rest, left ${left}`);
  }
}

async function watchHands(product: Product): Promise<void> {
  const database = product.openDatabase();
  try {
    await noteHands(database);
  } finally {
    await database.close();
  }
}

async function killAndJudge(
  options: CrashOptions,
  product: Product,
  sink: MailSink,
): Promise<CrashReport> {
  const { kills, people, seed, say } = options;
  const random = seededRandom('crash', seed);
  const killer = new Killer(product, seededRandom('kills', seed), say);
  const run = new Run(options, product, random, killer);
  const indexes = Array.from({ length: people }, (_, index) => index);
  const orders = Math.floor(people * ORDERING_SHARE);
  const known = Math.round(kills * SHARES.known);
  const signedUp = Math.round(kills * SHARES.signedUp);
  await watchHands(product);
  await run.phase('known', indexes.flatMap(person), known);
  await run.phase(
    'signed up',
    indexes.map((index) => event('signed_up', index)),
    signedUp,
  );
  const ordering = indexes
    .slice(0, orders)
    .map((index) => event('order_completed', index, { order_id: `o-${index}`, total: 49.9 }));
  await run.phase('ordered', ordering, kills - known - signedUp);
  const meant: Meant = { people, orders, kills: killer.kills };
  const database = product.openDatabase();
  try {
    const mails = await sink.mails();
    const checks = await judge({ database, run: product.run, mails }, meant);
    const { failedPosts, recoveredS } = run;
    return { kills: killer.kills, checks, failedPosts, recoveredS };
  } finally {
    await database.close();
  }
}

/**
 * Runs the product on real processes, kills them with SIGKILL while people become known, sign up,
 * get mail and order, lets it come to rest, and judges what is left. Leaves nothing behind.
 */
export async function runCrash(options: CrashOptions): Promise<CrashReport> {
  const sink = await startMailSink();
  try {
    const product = await Product.start({
      workspace: join(checkoutDir(), 'tests', 'workspaces', 'pipeline'),
      smtpUrl: sink.url,
    });
    try {
      return await killAndJudge(options, product, sink);
    } catch (error) {
      options.say(
        `the product is ${product.isSupervised ? 'supervised' : 'not supervised'}; its log:`,
      );
      options.say(product.logTail);
      throw error;
    } finally {
      await product.remove();
    }
  } finally {
    await sink.close();
  }
}
