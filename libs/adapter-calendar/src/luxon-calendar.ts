import type { EpochMs } from '#libs/kernel';
import { WEEKDAYS, type LocalTimeQuestion, type OpenHours, type ZonedCalendar } from '#libs/policy';
import { HolidayBook } from './holidays.js';
import { Openings, timeOfDay, weekdayIndex } from './openings.js';
import { ZoneClocks, type WallInstants } from './zone-clock.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const REACH_DAYS = 400;
const MOST_OPENINGS = 2_000;

function resolve(
  instants: WallInstants,
  { onGap, onOverlap }: Pick<LocalTimeQuestion, 'onGap' | 'onOverlap'>,
): EpochMs | null {
  if (instants.kind === 'gap' && onGap === 'skip') return null;
  return resolveWall(instants, { onGap: onGap === 'earlier' ? 'earlier' : 'later', onOverlap });
}

/** The one instant that a wall time stands for. */
export function resolveWall(
  instants: WallInstants,
  by: { readonly onGap: 'later' | 'earlier'; readonly onOverlap: 'first' | 'second' },
): EpochMs {
  if (instants.kind === 'exact') {
    return by.onOverlap === 'first' ? instants.firstMs : instants.secondMs;
  }
  return by.onGap === 'later' ? instants.laterMs : instants.earlierMs;
}

/** The calendar over Luxon's zone rules and date-holidays' public holidays; caches both. */
export class LuxonCalendar implements ZonedCalendar {
  readonly #zones = new ZoneClocks();
  readonly #holidays = new HolidayBook();
  readonly #openings = new Map<string, Openings>();

  isZone(name: string): boolean {
    return this.#zones.find(name) !== null;
  }

  isCountry(country: string): boolean {
    return this.#holidays.isCountry(country);
  }

  nextOpening(hours: OpenHours, zone: string, atMs: EpochMs): EpochMs | null {
    return this.#openingsOf(hours, zone).next(atMs);
  }

  nextLocalTime(question: LocalTimeQuestion): EpochMs | null {
    const clock = this.#zones.get(question.zone);
    const ofDayMs = timeOfDay(question.time);
    if (ofDayMs === null || ofDayMs === DAY_MS) return null;
    const isListed = (day: number): boolean => {
      const weekday = WEEKDAYS[weekdayIndex(day)];
      return (
        question.days === undefined || (weekday !== undefined && question.days.includes(weekday))
      );
    };
    const today = clock.localDay(question.afterMs);
    // From yesterday: a skipped time of yesterday may have moved into today.
    for (let day = today - 1; day <= today + REACH_DAYS; day += 1) {
      if (!isListed(day)) continue;
      const atMs = resolve(clock.instantsOf(day * DAY_MS + ofDayMs), question);
      // A move over the gap must not leave the days asked for.
      if (atMs !== null && atMs > question.afterMs && isListed(clock.localDay(atMs))) return atMs;
    }
    return null;
  }

  addCalendarDays(atMs: EpochMs, days: number, zone: string): EpochMs {
    if (days === 0) return atMs;
    const clock = this.#zones.get(zone);
    const instants = clock.instantsOf(clock.wallMs(atMs) + days * DAY_MS);
    return instants.kind === 'exact' ? instants.firstMs : instants.laterMs;
  }

  localHour(atMs: EpochMs, zone: string): number {
    return Math.floor(this.#zones.get(zone).timeOfDayMs(atMs) / HOUR_MS);
  }

  localDay(atMs: EpochMs, zone: string): number {
    return this.#zones.get(zone).localDay(atMs);
  }

  localDate(atMs: EpochMs, zone: string): string {
    return new Date(this.localDay(atMs, zone) * DAY_MS).toISOString().slice(0, 10);
  }

  dayStartMs(day: number, zone: string): EpochMs {
    return this.#zones.get(zone).dayStartMs(day);
  }

  isHoliday(atMs: EpochMs, zone: string, country: string): boolean {
    return this.#holidays.isHoliday(this.localDay(atMs, zone), zone, country);
  }

  #openingsOf(hours: OpenHours, zone: string): Openings {
    const { days, from, to, holidays, country } = hours;
    const key = [zone, days?.join(' ') ?? '*', from, to, holidays, country].join('|');
    const known = this.#openings.get(key);
    if (known !== undefined) return known;
    const clock = this.#zones.get(zone);
    const openings = new Openings(hours, { clock, zone, holidays: this.#holidays });
    if (this.#openings.size >= MOST_OPENINGS) this.#openings.clear();
    this.#openings.set(key, openings);
    return openings;
  }
}
