import { type EpochMs } from '#libs/kernel';
import { dateEntryEventKey, type DateEntry } from '#libs/scenario';
import type { OccurrenceCalendar } from './calendar.js';
import { dateOfDay, monthDayOf, yearOf } from './days.js';
import type { DatedPerson, DatedZone } from './ports.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const LEAP_DAY = 229;
// The date line is at most 14 hours away, and a skipped date moves an instant by a day.
const MARGIN_DAYS = 3;

/** A span of time, its end included. */
export interface Window {
  readonly afterMs: EpochMs;
  readonly untilMs: EpochMs;
}

/** People whose day it is, and when it falls due for them. */
export interface DueGroup extends DatedZone {
  /** Number of the day the date falls on this time; the entry is `offsetDays` from it. */
  readonly day: number;
  readonly dueMs: EpochMs;
}

/**
 * The last instant up to `nowMs` at which the entry may fall due: every zone stands a multiple of a
 * quarter of an hour from UTC, so between two such instants nobody's does. Were there another zone,
 * its people would enter some minutes late.
 */
export function lastDueMs(entry: Pick<DateEntry, 'time'>, nowMs: EpochMs): EpochMs {
  const [, minutes = '0'] = entry.time.split(':');
  const shiftMs = (Number(minutes) * MINUTE_MS) % QUARTER_MS;
  return Math.floor((nowMs - shiftMs) / QUARTER_MS) * QUARTER_MS + shiftMs;
}

/** The days that may fall due within the window somewhere on earth, with the dates meant by each. */
export function candidates(
  entry: DateEntry,
  { afterMs, untilMs }: Window,
): ReadonlyMap<number, readonly number[]> {
  const days = new Map<number, readonly number[]>();
  const last = Math.floor(untilMs / DAY_MS) + MARGIN_DAYS;
  for (let day = Math.floor(afterMs / DAY_MS) - MARGIN_DAYS; day <= last; day += 1) {
    const on = day - entry.offsetDays;
    days.set(on, monthDaysOn(entry, on));
  }
  return days;
}

/** The dates of which this day is an anniversary: its own, and 29 February's where there is none. */
function monthDaysOn({ every, leapDay }: DateEntry, day: number): readonly number[] {
  const own = monthDayOf(day);
  if (every === 'once' || isLeap(yearOf(day))) return [own];
  return own === (leapDay === 'before' ? 228 : 301) ? [own, LEAP_DAY] : [own];
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** Who falls due within the window, by day of the year and zone; each person is in one group. */
export function dueGroups(
  entry: DateEntry,
  window: Window,
  on: {
    readonly zones: readonly DatedZone[];
    readonly calendar: OccurrenceCalendar;
    /** The workspace's, for people without one of their own. */
    readonly workspaceZone: string;
  },
): readonly DueGroup[] {
  const found: DueGroup[] = [];
  for (const [day, monthDays] of candidates(entry, window)) {
    for (const zone of on.zones) {
      if (!monthDays.includes(zone.monthDay)) continue;
      const name = zoneNameOf(entry, zone.zone, on);
      const dueMs = on.calendar.instantOf(day + entry.offsetDays, entry, name);
      if (dueMs > window.afterMs && dueMs <= window.untilMs) found.push({ ...zone, day, dueMs });
    }
  }
  return found;
}

function zoneNameOf(
  { zone }: DateEntry,
  own: string,
  { calendar, workspaceZone }: { calendar: OccurrenceCalendar; workspaceZone: string },
): string {
  const named = typeof zone === 'object' ? zone.name : zone === 'profile' ? own : workspaceZone;
  if (calendar.isZone(named)) return named;
  return calendar.isZone(workspaceZone) ? workspaceZone : 'UTC';
}

/**
 * The occurrence of a person's date; null where it is none: an anniversary is of a later year than
 * the date, and `once` is the date itself.
 */
export function occurrenceOf(
  entry: DateEntry,
  person: DatedPerson,
  groups: readonly DueGroup[],
): string | null {
  const group = groups.find((one) => one.monthDay === person.monthDay && one.zone === person.zone);
  if (group === undefined) return null;
  const falls =
    entry.every === 'once' ? group.day === person.day : yearOf(group.day) > yearOf(person.day);
  return falls ? dateEntryEventKey(entry.trait, dateOfDay(group.day)) : null;
}
