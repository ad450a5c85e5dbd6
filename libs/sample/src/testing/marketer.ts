import { seededRandom, type EpochMs, type Random } from '#libs/kernel';
import type { RawEvent } from '#libs/contracts';
import type { OpenTask, ReceivedMessage } from '../visitor/messages.js';
import { DAY_MS, HOUR_MS, parisDay, parisDayStart, weekdayOf } from '../world/paris.js';
import type { Person } from '../world/person.js';
import type { World } from '../world/world.js';

/** An action the marketer may choose, with what it is worth. */
export interface Choice {
  readonly action: string;
  readonly worth: number;
}

/** One decision and what became of it. */
export interface Decision {
  readonly scenario: string;
  readonly person: number;
  readonly action: string;
  readonly atMs: EpochMs;
  readonly cartId: string | null;
  hasOrdered: boolean;
}

interface Due {
  readonly atMs: EpochMs;
  readonly scenario: string;
  readonly person: Person;
  readonly cartId: string | null;
}

const CHOICES: Readonly<Record<string, readonly Choice[]>> = {
  'abandoned-cart': [
    { action: 'cart-reminder', worth: 24 },
    { action: 'cart-free-delivery', worth: 18 },
    { action: 'cart-offer-10', worth: 16 },
    { action: 'nothing', worth: 0 },
  ],
  welcome: [
    { action: 'welcome-story', worth: 9 },
    { action: 'welcome-offer', worth: 7.5 },
  ],
  'win-back': [
    { action: 'winback-reminder', worth: 18 },
    { action: 'winback-offer-15', worth: 12 },
    { action: 'winback-free-delivery', worth: 13 },
  ],
  'b2b-reorder': [
    { action: 'reorder-reminder', worth: 20 },
    { action: 'reorder-call', worth: 20 },
  ],
};
const REWARD_MS: Readonly<Record<string, number>> = { 'abandoned-cart': 3 * DAY_MS };

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Marsaglia and Tsang's draw of a gamma of shape 1 or more. */
function gamma(random: Random, shape: number): number {
  const d = shape - 1 / 3;
  for (;;) {
    const x = normal(random);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/**
 * A small engine for tests: the four scenarios of the sample in outline, with Thompson sampling over
 * Beta posteriors or a uniform choice. It knows of people only what events tell.
 */
export class Marketer {
  readonly decisions: Decision[] = [];
  readonly entered: Record<string, number> = {};
  readonly heldOut: { readonly cartId: string; hasOrdered: boolean }[] = [];
  private due: Due[] = [];
  private seq = 0;
  private readonly lastOrder = new Map<number, { atMs: EpochMs; count: number }>();
  private readonly closedCarts = new Set<string>();
  private readonly seenCarts = new Set<string>();
  private readonly orderedCarts = new Set<string>();
  private readonly tasks = new Map<string, OpenTask>();
  private readonly lastEntry = new Map<string, EpochMs>();
  private readonly random: Random;
  private dayDone = 0;

  constructor(
    private readonly world: World,
    private readonly mode: 'learning' | 'uniform',
  ) {
    this.random = seededRandom(world.seed, 'marketer');
  }

  see(event: RawEvent): void {
    const { name, properties, atMs } = event;
    const person = this.personOf(event);
    const cartId = typeof properties['cart_id'] === 'string' ? properties['cart_id'] : null;
    if (person === undefined) return;
    if (name === 'order_completed') this.ordered(person, cartId, atMs);
    if (name === 'cart_viewed' && cartId !== null) this.closedCarts.add(cartId);
    if (event.historical) return;
    if (name === 'cart_updated' && cartId !== null && Number(properties['total']) >= 30) {
      if (this.seenCarts.has(cartId)) return;
      this.seenCarts.add(cartId);
      this.enter({ scenario: 'abandoned-cart', person, cartId, atMs: eveningAfter(atMs) });
    }
    if (name === 'signed_up') {
      this.enter({ scenario: 'welcome', person, cartId: null, atMs: atMs + HOUR_MS / 4 });
    }
  }

  /** What falls due up to an instant: messages to be read, and tasks. */
  send(nowMs: EpochMs): ReceivedMessage[] {
    if (parisDay(nowMs) !== this.dayDone) this.daily(nowMs);
    const due = this.due.filter(({ atMs }) => atMs <= nowMs);
    this.due = this.due.filter(({ atMs }) => atMs > nowMs);
    return due.flatMap((one) => this.decide(one));
  }

  openTasks(): OpenTask[] {
    return [...this.tasks.values()];
  }

  closeTask(taskId: string): void {
    this.tasks.delete(taskId);
  }

  private personOf({ ids }: RawEvent): Person | undefined {
    for (const ns of ['customer_id', 'user_id', 'email']) {
      const person = this.world.personAt(ids[ns] ?? '');
      if (person !== undefined) return person;
    }
    return undefined;
  }

  private ordered(person: Person, cartId: string | null, atMs: EpochMs): void {
    const known = this.lastOrder.get(person.index);
    this.lastOrder.set(person.index, { atMs, count: (known?.count ?? 0) + 1 });
    if (cartId !== null) this.orderedCarts.add(cartId);
    for (const held of this.heldOut) if (held.cartId === cartId) held.hasOrdered = true;
    for (const decision of this.decisions) {
      if (decision.person !== person.index || atMs < decision.atMs) continue;
      const isTheirs = decision.cartId === null || decision.cartId === cartId;
      const within = REWARD_MS[decision.scenario] ?? 14 * DAY_MS;
      if (isTheirs && atMs < decision.atMs + within) decision.hasOrdered = true;
    }
  }

  private enter(due: Due): void {
    this.entered[due.scenario] = (this.entered[due.scenario] ?? 0) + 1;
    this.due.push(due);
  }

  /** Segments that change by time alone. */
  private daily(nowMs: EpochMs): void {
    const isFirst = this.dayDone === 0;
    this.dayDone = parisDay(nowMs);
    for (const [index, { atMs, count }] of this.lastOrder) {
      const person = this.world.person(index);
      const days = (nowMs - atMs) / DAY_MS;
      const isBusiness = person.account !== undefined;
      const scenario = isBusiness ? 'b2b-reorder' : 'win-back';
      if (days < (isBusiness ? 45 : 180) || (isBusiness && count < 2)) continue;
      const key = `${scenario}-${index}`;
      if (this.lastEntry.has(key) && nowMs - (this.lastEntry.get(key) ?? 0) < 30 * DAY_MS) continue;
      this.lastEntry.set(key, nowMs);
      // Who is a member already when it is published comes in only where the scenario says so.
      if (isFirst && isBusiness) continue;
      const later = this.random() * 2 * DAY_MS;
      this.enter({ scenario, person, cartId: null, atMs: nowMs + 9 * HOUR_MS + later });
    }
  }

  private decide({ scenario, person, cartId, atMs }: Due): ReceivedMessage[] {
    if (cartId !== null && (this.orderedCarts.has(cartId) || this.closedCarts.has(cartId))) {
      return [];
    }
    if (this.random() < 0.14) {
      if (cartId !== null) this.heldOut.push({ cartId, hasOrdered: false });
      return [];
    }
    if (person.emailConsent !== 'granted') return [];
    const action = this.choose(scenario);
    this.decisions.push({
      scenario,
      person: person.index,
      action,
      atMs,
      cartId,
      hasOrdered: false,
    });
    if (action === 'nothing') return [];
    this.seq += 1;
    const deliveryId = `delivery-${this.seq}`;
    if (action.endsWith('-call')) {
      const task = { taskId: deliveryId, createdAtMs: atMs, scenario, person: person.customerId };
      this.tasks.set(deliveryId, task);
      return [];
    }
    return [
      {
        seq: this.seq,
        channel: 'email',
        to: person.email,
        receivedAtMs: atMs,
        deliveryId,
        scenario,
        action,
        text: action,
        firstLink: `http://127.0.0.1/c/${this.seq}`,
        unsubscribeLink: `http://127.0.0.1/u/${this.seq}`,
      },
    ];
  }

  private choose(scenario: string): string {
    const choices = CHOICES[scenario] ?? [];
    const scored = choices.map(({ action, worth }) => {
      const mine = this.decisions.filter((one) => one.action === action);
      const wins = mine.filter(({ hasOrdered }) => hasOrdered).length;
      const draws = [gamma(this.random, 1 + wins), gamma(this.random, 1 + mine.length - wins)];
      const [a = 1, b = 1] = draws;
      const score = this.mode === 'uniform' ? this.random() : (a / (a + b)) * worth;
      return { action, score };
    });
    return scored.reduce((best, one) => (one.score > best.score ? one : best)).action;
  }
}

/** 18:30 of the first weekday at least 21 hours later. */
function eveningAfter(fromMs: EpochMs): EpochMs {
  let day = parisDay(fromMs + 21 * HOUR_MS);
  for (;;) {
    const atMs = parisDayStart(day) + 18.5 * HOUR_MS;
    if (weekdayOf(day) < 5 && atMs >= fromMs + 21 * HOUR_MS) return atMs;
    day += 1;
  }
}
