import { hashId, seededRandom, type EpochMs, type Random } from '#libs/kernel';
import { drawLines, drawLot } from '../behaviour/basket.js';
import { lotTotal } from '../behaviour/business.js';
import { wishOf, type PersonDay } from '../behaviour/day.js';
import { deviceOf, hasLogin, visitIds } from '../behaviour/ids.js';
import { tellOrder } from '../behaviour/orders.js';
import { Scribe } from '../behaviour/scribe.js';
import { tellLook } from '../behaviour/session.js';
import { lotId, orderSpell, type Buyer } from '../world/account.js';
import { HOUR_MS, MINUTE_MS, parisDay, parisDayStart, weekdayOf } from '../world/paris.js';
import type { Person } from '../world/person.js';
import { chanceOf, type Appeal, type Moment } from '../world/preferences.js';
import { accountOf, type World } from '../world/world.js';
import type { VisitorDeed } from './deeds.js';
import type { OpenCart } from './open-carts.js';

/** What a message or a call meets. */
export interface Occasion {
  readonly world: World;
  readonly person: Person;
  readonly moment: Moment;
  readonly appeal: Appeal;
  readonly cart: OpenCart | undefined;
  /** Names the message or task: the same one meets the same mind. */
  readonly key: string;
  readonly atMs: EpochMs;
}

/** What came of it: nothing but a reason to look at most, or an order to come. */
export interface Wish {
  /** Of the cart, or of the account's spell, or of the person's three weeks. */
  readonly key: string;
  readonly isMoved: boolean;
}

const SPELL_DAYS = 21;

function buyerOf(world: World, person: Person, moment: Moment): Buyer | undefined {
  const account = moment === 'reorder' ? accountOf(world, person) : undefined;
  return account === undefined ? undefined : { seed: world.seed, account, person: person.index };
}

/**
 * Whether the person will order because of it. One hidden draw stands for all messages about one
 * cart (one spell, three weeks), so two reminders do not count twice; and who orders without any
 * message is not moved by one.
 */
export function wishFrom({ world, person, moment, appeal, cart, atMs }: Occasion): Wish {
  const chance = chanceOf(moment, person.cluster, appeal);
  const anyway = chanceOf(moment, person.cluster, 'none');
  const day = parisDay(atMs);
  if (moment === 'cart') {
    if (cart === undefined) return { key: '', isMoved: false };
    const drawn = wishOf(world, cart.cartId);
    return { key: cart.cartId, isMoved: drawn >= anyway && drawn < chance };
  }
  const buyer = buyerOf(world, person, moment);
  if (buyer !== undefined) {
    const spell = orderSpell(buyer, day);
    const key = lotId(buyer, spell.slot);
    return { key, isMoved: spell.isLate && wishOf(world, key) < chance };
  }
  const key = `${moment}-${person.index}-${Math.floor(day / SPELL_DAYS)}`;
  return { key, isMoved: wishOf(world, key) < chance - anyway };
}

/** The random stream of a reaction. */
export function reactionRandom({ world, key }: Pick<Occasion, 'world' | 'key'>): Random {
  return seededRandom(world.seed, 'reaction', key);
}

function storyOf(occasion: Occasion, random: Random, atMs: EpochMs): PersonDay {
  const { world, person, key } = occasion;
  const scribe = new Scribe(hashId(world.seed, 'reaction', key).slice(0, 20), false);
  return { world, person, day: parisDay(atMs), random, scribe };
}

function eventsOf({ scribe }: PersonDay): VisitorDeed[] {
  return scribe.events.map((event) => ({ kind: 'event' as const, atMs: event.atMs, event }));
}

/** A look at the shop that ends with nothing; new people may fill in what is missing. */
export function lookAround(occasion: Occasion, random: Random, fromMs: EpochMs): VisitorDeed[] {
  const told = storyOf(occasion, random, fromMs);
  const { person, scribe, world, day } = told;
  tellLook(told, fromMs, true);
  if (occasion.moment === 'welcome' && person.birthday !== undefined && random() < 0.6) {
    const ids = { anonymous_id: deviceOf(world, person, day), email: person.email };
    const { birthday } = person;
    const atMs = fromMs + 9 * MINUTE_MS;
    const said = { source: 'form', verified: ['email'], ids } as const;
    const traits = { birthday };
    const properties = { form: 'preferences' };
    scribe.write({
      ...said,
      verified: [...said.verified],
      atMs,
      type: 'identify',
      name: 'identify',
      traits,
    });
    scribe.write({
      source: 'form',
      ids,
      atMs: atMs + 1_000,
      name: 'profile_completed',
      properties,
    });
  }
  return eventsOf(told);
}

/** The order that a message or a call brought. */
export function orderAfter(occasion: Occasion, random: Random, fromMs: EpochMs): VisitorDeed[] {
  const told = storyOf(occasion, random, fromMs);
  const { world, person, scribe, day } = told;
  const { cart, moment, appeal } = occasion;
  const buyer = buyerOf(world, person, moment);
  const atMs = fromMs + MINUTE_MS * (20 + random() * 50);
  const hasDiscount = appeal === 'discount';
  if (buyer !== undefined) {
    tellOrder(told, {
      atMs,
      orderId: lotId(buyer, orderSpell(buyer, parisDay(occasion.atMs)).slot),
      source: 'erp',
      ids: { customer_id: person.customerId },
      lines: drawLot(random, lotTotal(buyer.account)),
      hasDiscount,
    });
    return eventsOf(told);
  }
  const device = deviceOf(world, person, day);
  const ids = visitIds(device, person, true);
  const orderId = `R-${hashId(world.seed, occasion.key).slice(0, 10)}`;
  const isCart = moment === 'cart' && cart !== undefined;
  const lines = isCart ? cart.lines : drawLines(random);
  tellLook(told, fromMs, true);
  if (isCart) {
    const properties = { cart_id: cart.cartId, currency: 'EUR' };
    const seenMs = atMs - 5 * MINUTE_MS;
    scribe.write({ atMs: seenMs, source: 'web', name: 'cart_viewed', ids, properties });
  }
  tellOrder(told, {
    atMs,
    orderId,
    source: 'web',
    ids: hasLogin(person) ? ids : { anonymous_id: device, email: person.email },
    lines,
    hasDiscount,
    ...(isCart ? { cartId: cart.cartId } : {}),
  });
  return eventsOf(told);
}

const NIGHT_FROM_HOUR = 1;
const NIGHT_TO_HOUR = 7;
const LONGEST_DELAY_MS = 34 * HOUR_MS;

/** When a message is read: half within two hours, by night not at all. */
export function readingTime(occasion: Occasion, random: Random, isQuick: boolean): EpochMs {
  const { person, atMs } = occasion;
  const meanMs = (isQuick ? 1.2 : 2.8) * HOUR_MS;
  const delayMs = Math.min(LONGEST_DELAY_MS, 5 * MINUTE_MS - meanMs * Math.log(1 - random()));
  const readMs = Math.floor(atMs + delayMs);
  const localMs = readMs - person.shiftMs;
  const hour = (localMs - parisDayStart(parisDay(localMs))) / HOUR_MS;
  if (hour < NIGHT_FROM_HOUR || hour >= NIGHT_TO_HOUR) return readMs;
  return readMs + Math.floor((NIGHT_TO_HOUR + random() - hour) * HOUR_MS);
}

/** The first office hour of Paris at or after an instant, some minutes in. */
export function officeTime(fromMs: EpochMs, random: Random): EpochMs {
  let day = parisDay(fromMs);
  for (let tries = 0; tries < 5; tries += 1, day += 1) {
    const start = parisDayStart(day);
    const atMs = Math.max(fromMs, start + (9 + random() * 3) * HOUR_MS);
    if (weekdayOf(day) < 5 && atMs < start + 18 * HOUR_MS) return Math.floor(atMs);
  }
  return fromMs;
}
