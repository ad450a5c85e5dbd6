import type { EpochMs, Random } from '#libs/kernel';
import { LifeStream } from '../behaviour/stream.js';
import { DAY_MS, HOUR_MS, parisDay } from '../world/paris.js';
import type { Person } from '../world/person.js';
import { appealOf, type Moment } from '../world/preferences.js';
import { World, type WorldOptions } from '../world/world.js';
import { NO_MEMORY, type VisitorDeed, type VisitorMemory } from './deeds.js';
import type { OpenTask, ReceivedMessage } from './messages.js';
import { OpenCarts } from './open-carts.js';
import {
  lookAround,
  officeTime,
  orderAfter,
  reactionRandom,
  readingTime,
  wishFrom,
  type Occasion,
} from './reaction.js';

/** A stretch of time to live through, and what arrived since the last. */
export interface LiveOptions {
  readonly fromMs: EpochMs;
  /** Not part of it. Times never go back from one call to the next. */
  readonly toMs: EpochMs;
  readonly received: readonly ReceivedMessage[];
  /** Every open task, or undefined where nobody looked. */
  readonly tasks?: readonly OpenTask[];
}

const CARTS_SINCE_DAYS = 8;
const LONGEST_GAP_DAYS = 5;
const BOUGHT_KEPT_MS = 45 * DAY_MS;
const CURIOUS_SHARE = 0.12;
const ANSWER_SHARE = 0.4;
const MOMENT_WORDS: readonly (readonly [Moment, RegExp])[] = [
  ['cart', /cart|panier|basket/],
  ['winback', /win-?back|dormant|reactiv|reconqu/],
  ['welcome', /welcome|bienvenue|newsletter|onboard/],
  ['reorder', /b2b|re-?order|reassort|account|compte/],
];

/** A deed before its time is known to the type checker. */
type Undated<Deed> = Deed extends unknown ? Omit<Deed, 'atMs'> : never;

/**
 * The people of the sample once the engine runs: they go on visiting, filling carts and ordering,
 * and react to messages and calls by preferences that nothing shows. Deterministic: the same world,
 * memory and messages give the same deeds. Does no I/O and reads no clock.
 */
export class VisitorModel {
  readonly world: World;
  private stream: LifeStream | undefined;
  private streamDay = 0;
  private life: VisitorDeed[] = [];
  private planned: VisitorDeed[];
  private readonly carts = new OpenCarts();
  private readonly bought: Map<string, EpochMs>;
  private tasks: Set<string>;

  constructor(options: WorldOptions, memory: VisitorMemory = NO_MEMORY) {
    this.world = new World(options);
    this.planned = [...memory.planned];
    this.bought = new Map(memory.bought);
    this.tasks = new Set(memory.tasks);
  }

  /** Everything done in the stretch, in order of time. */
  live({ fromMs, toMs, received, tasks }: LiveOptions): VisitorDeed[] {
    this.follow(fromMs, toMs);
    const deeds = this.life.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
    this.life = this.life.filter(({ atMs }) => atMs >= toMs);
    for (const deed of deeds) if (deed.kind === 'event') this.carts.see(deed.event);
    for (const message of received) this.read(message, fromMs);
    if (tasks !== undefined) this.work(tasks, fromMs);
    const due = this.planned.filter(({ atMs }) => atMs < toMs);
    this.planned = this.planned.filter(({ atMs }) => atMs >= toMs);
    for (const deed of due) if (deed.kind === 'event') this.carts.see(deed.event);
    this.forget(toMs);
    return [...deeds, ...due].sort((left, right) => left.atMs - right.atMs);
  }

  /** What to give the next model after a restart. */
  memory(): VisitorMemory {
    return { planned: this.planned, bought: [...this.bought], tasks: [...this.tasks] };
  }

  private follow(fromMs: EpochMs, toMs: EpochMs): void {
    const first = parisDay(fromMs);
    if (this.stream === undefined || first - this.streamDay > LONGEST_GAP_DAYS) {
      this.streamDay = first - CARTS_SINCE_DAYS;
      this.life = [];
      this.stream = new LifeStream({
        world: this.world,
        firstDay: this.streamDay,
        bookUntilDay: Number.NEGATIVE_INFINITY,
        isHistorical: false,
      });
    }
    for (; this.streamDay <= parisDay(toMs - 1); this.streamDay += 1) {
      for (const event of this.stream.next()) {
        if (event.atMs < fromMs) this.carts.see(event);
        else this.life.push({ kind: 'event', atMs: event.atMs, event });
      }
    }
  }

  private occasionOf(message: ReceivedMessage, person: Person, nowMs: EpochMs): Occasion {
    const { scenario, action, text, deliveryId, to, receivedAtMs } = message;
    const atMs = Math.max(receivedAtMs, nowMs - DAY_MS);
    const key = deliveryId ?? `${to}-${receivedAtMs}`;
    const moment = this.momentOf(scenario, person, atMs);
    const cart = this.carts.of(person.index, atMs);
    return { world: this.world, person, moment, appeal: appealOf(action, text), cart, key, atMs };
  }

  private momentOf(scenario: string | null, person: Person, atMs: EpochMs): Moment {
    if (scenario !== null) {
      const named = MOMENT_WORDS.find(([, words]) => words.test(scenario))?.[0];
      return named ?? 'other';
    }
    const day = parisDay(atMs);
    if (person.account !== undefined) return 'reorder';
    if (this.carts.of(person.index, atMs) !== undefined) return 'cart';
    if (this.world.absences.isAway(person, day)) return 'winback';
    return day - person.joinDay < 30 ? 'welcome' : 'other';
  }

  private read(message: ReceivedMessage, nowMs: EpochMs): void {
    const person = this.world.personAt(message.to);
    if (person === undefined) return;
    const occasion = this.occasionOf(message, person, nowMs);
    const random = reactionRandom(occasion);
    const readMs = readingTime(occasion, random, message.channel === 'sms');
    if (this.object(message, random, readMs)) return;
    const wish = wishFrom(occasion);
    const asksOnly = message.action?.includes('profile') === true;
    const isMoved = wish.isMoved && !asksOnly && !this.bought.has(wish.key);
    if (!isMoved && random() >= (asksOnly ? ANSWER_SHARE : CURIOUS_SHARE)) return;
    const { firstLink } = message;
    if (firstLink !== null) this.plan(readMs, { kind: 'click', url: firstLink });
    const arrivedMs = readMs + 2_000;
    if (isMoved) this.buy(occasion, wish.key, { random, fromMs: arrivedMs });
    else this.planned.push(...lookAround(occasion, random, arrivedMs));
  }

  /** Those who want no more of it. */
  private object(message: ReceivedMessage, random: Random, readMs: EpochMs): boolean {
    const drawn = random();
    const { channel, to, unsubscribeLink, deliveryId } = message;
    if (channel === 'sms') {
      if (drawn >= 0.012) return false;
      this.plan(readMs, { kind: 'reply', from: to, text: 'STOP' });
      return true;
    }
    if (drawn < 0.001 && deliveryId !== null) {
      this.plan(readMs, { kind: 'complain', deliveryId });
      return true;
    }
    if (drawn < 0.007 && unsubscribeLink !== null) {
      this.plan(readMs, { kind: 'unsubscribe', url: unsubscribeLink });
      return true;
    }
    if (drawn > 0.997) this.plan(readMs, { kind: 'reply', from: to, text: 'Merci !' });
    return false;
  }

  private work(tasks: readonly OpenTask[], nowMs: EpochMs): void {
    const open = new Set(tasks.map(({ taskId }) => taskId));
    this.tasks = new Set([...this.tasks].filter((taskId) => open.has(taskId)));
    for (const task of tasks) {
      if (this.tasks.has(task.taskId)) continue;
      this.tasks.add(task.taskId);
      this.callFor(task, nowMs);
    }
  }

  private callFor({ taskId, createdAtMs, scenario, person: id }: OpenTask, nowMs: EpochMs): void {
    const random = reactionRandom({ world: this.world, key: taskId });
    const startMs = Math.max(createdAtMs, nowMs - DAY_MS);
    const atMs = officeTime(startMs + (0.5 + random() * 8) * HOUR_MS, random);
    const drawn = random();
    if (drawn > 0.9) return;
    this.plan(atMs, { kind: 'close_task', taskId, outcome: drawn < 0.78 ? 'done' : 'declined' });
    const person = this.world.personAt(id);
    if (person === undefined || drawn >= 0.78) return;
    const moment = this.momentOf(scenario, person, startMs);
    const cart = this.carts.of(person.index, startMs);
    const occasion = { world: this.world, person, moment, cart, key: taskId, atMs: startMs };
    const called = { ...occasion, appeal: 'call' } as const;
    const wish = wishFrom(called);
    if (wish.isMoved && !this.bought.has(wish.key)) {
      this.buy(called, wish.key, { random, fromMs: atMs });
    }
  }

  private buy(
    occasion: Occasion,
    key: string,
    when: { readonly random: Random; readonly fromMs: EpochMs },
  ): void {
    this.bought.set(key, occasion.atMs);
    this.planned.push(...orderAfter(occasion, when.random, when.fromMs));
  }

  private plan(atMs: EpochMs, deed: Undated<VisitorDeed>): void {
    this.planned.push({ ...deed, atMs });
  }

  private forget(nowMs: EpochMs): void {
    for (const [key, atMs] of this.bought) {
      if (atMs < nowMs - BOUGHT_KEPT_MS) this.bought.delete(key);
    }
    this.carts.forgetBefore(nowMs - CARTS_SINCE_DAYS * 2 * DAY_MS);
  }
}
