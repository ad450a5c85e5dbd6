import { seededRandom } from '#libs/kernel';
import type { RawEvent } from '#libs/contracts';
import { isoDate, parisDay, WEEKDAY_RHYTHM, weekdayOf } from '../world/paris.js';
import type { Person } from '../world/person.js';
import type { World } from '../world/world.js';
import { tellBusiness } from './business.js';
import { momentOf, openDay } from './day.js';
import { tellCustomerFile, tellJoining } from './joining.js';
import { tellStoreOrder } from './orders.js';
import { tellSession } from './session.js';

/** Of what a stream tells. */
export interface StreamOptions {
  readonly world: World;
  /** First day it can be asked for. */
  readonly firstDay: number;
  /** Before this instant only the order book and the customer files are told. */
  readonly bookUntilDay: number;
  readonly isHistorical: boolean;
}

/** Longest time, in days, from what begins a story to the last event of it. */
export const STORY_DAYS = 20;

const MONTH_RHYTHM = [1.1, 0.9, 0.95, 0.95, 1, 0.95, 1, 0.8, 1, 1, 1.1, 1.2];
const STORE_RHYTHM = 0.006;
const BOOK_SHARE = 0.016;
const AWAY_FACTOR = 0.03;

function byTime(left: RawEvent, right: RawEvent): number {
  return left.atMs - right.atMs || (left.messageId < right.messageId ? -1 : 1);
}

/**
 * The life of the sample without the engine, day by day: what happens depends on the seed and the
 * day alone, so that a stream may begin anywhere and tell the same. Holds 20 days at most.
 */
export class LifeStream {
  private readonly coming = new Map<number, RawEvent[]>();
  private nextDay: number;

  constructor(private readonly options: StreamOptions) {
    this.nextDay = options.firstDay;
    for (let day = options.firstDay - STORY_DAYS; day < options.firstDay; day += 1) this.tell(day);
    for (const day of this.coming.keys()) if (day < options.firstDay) this.coming.delete(day);
  }

  /** The events of the next day, in order of time. */
  next(): readonly RawEvent[] {
    const day = this.nextDay;
    this.nextDay += 1;
    this.tell(day);
    const events = this.coming.get(day) ?? [];
    this.coming.delete(day);
    return events.sort(byTime);
  }

  private tell(day: number): void {
    const { world, isHistorical, bookUntilDay } = this.options;
    const random = seededRandom(world.seed, 'day', String(day));
    const season = MONTH_RHYTHM[Number(isoDate(day).slice(5, 7)) - 1] ?? 1;
    const busy = season * (WEEKDAY_RHYTHM[weekdayOf(day)] ?? 1);
    const people = world.peopleOn(day);
    for (let index = 0; index < people; index += 1) {
      const drawn = random();
      const person = world.person(index);
      if (person.joinDay > day) continue;
      this.tellFiles(person, day);
      const isAway = world.absences.isAway(person, day);
      const factor = busy * (isAway ? AWAY_FACTOR : 1);
      if (day < bookUntilDay) this.tellBook(person, day, drawn < BOOK_SHARE * factor);
      else this.tellLife(person, day, drawn / factor);
    }
    this.take(tellBusiness(world, day, isHistorical));
  }

  private tellFiles(person: Person, day: number): void {
    const { world, isHistorical } = this.options;
    if (person.joinDay === day) {
      const told = openDay({ world, person, day }, 'join', isHistorical);
      tellJoining(told);
      this.take(told.scribe.events);
    }
    if (person.isCustomer && person.fileDay === day) {
      const told = openDay({ world, person, day }, 'file', isHistorical);
      tellCustomerFile(told);
      this.take(told.scribe.events);
    }
  }

  private tellBook(person: Person, day: number, isOrder: boolean): void {
    if (!isOrder || !person.isCustomer || person.account !== undefined) return;
    const { world, isHistorical } = this.options;
    const told = openDay({ world, person, day }, 'book', isHistorical);
    tellStoreOrder(told, momentOf(told));
    this.take(told.scribe.events);
  }

  private tellLife(person: Person, day: number, drawn: number): void {
    const { world, isHistorical } = this.options;
    if (drawn < person.rhythm) {
      const told = openDay({ world, person, day }, 'visit', isHistorical);
      tellSession(told);
      this.take(told.scribe.events);
    } else if (drawn < person.rhythm + STORE_RHYTHM && person.isCustomer) {
      const told = openDay({ world, person, day }, 'store', isHistorical);
      tellStoreOrder(told, momentOf(told));
      this.take(told.scribe.events);
    }
  }

  private take(events: readonly RawEvent[]): void {
    for (const event of events) {
      const day = parisDay(event.atMs);
      const known = this.coming.get(day);
      if (known === undefined) this.coming.set(day, [event]);
      else known.push(event);
    }
  }
}
