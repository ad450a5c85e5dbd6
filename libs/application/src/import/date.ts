import type { EpochMs } from '#libs/kernel';

/** Local time, as far as dates of files need it. */
export interface ImportCalendar {
  localDay(atMs: EpochMs, zone: string): number;
  dayStartMs(day: number, zone: string): EpochMs;
  localHour(atMs: EpochMs, zone: string): number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const ISO =
  /^(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (MONTH_DAYS[month - 1] ?? 0);
}

/** Days since 1970-01-01 of a date of the Gregorian calendar. */
function dayNumber(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function offsetMs(text: string): number {
  if (text === 'Z') return 0;
  const sign = text.startsWith('-') ? -1 : 1;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(-2));
  return sign * (hours * HOUR_MS + minutes * MINUTE_MS);
}

function dayOf(match: RegExpExecArray): number | null {
  const [year = 0, month = 0, day = 0] = match.slice(1, 4).map(Number);
  return day < 1 || day > daysIn(year, month) ? null : dayNumber(year, month, day);
}

function timeOf(match: RegExpExecArray): number | null {
  const [hour = 0, minute = 0, second = 0] = match.slice(4, 7).map((part) => Number(part ?? 0));
  if (hour > 23 || minute > 59 || second > 59) return null;
  const fractionMs = Math.floor(Number(`0.${match[7] ?? 0}`) * 1_000);
  return hour * HOUR_MS + minute * MINUTE_MS + second * 1_000 + fractionMs;
}

/** Reads dates of files: ISO 8601, with or without a zone; a number is epoch milliseconds. */
export class DateReader {
  private lastDay = NaN;
  private lastStartMs = NaN;

  constructor(
    private readonly calendar: ImportCalendar,
    private readonly zone: string,
  ) {}

  /** The instant, or null where it is no date; other orders of day and month are not guessed at. */
  read(value: unknown): EpochMs | null {
    if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
    const match = typeof value === 'string' ? ISO.exec(value.trim()) : null;
    if (match === null) return null;
    const day = dayOf(match);
    const ofDayMs = timeOf(match);
    if (day === null || ofDayMs === null) return null;
    const [offset] = match.slice(8);
    if (offset !== undefined) return day * DAY_MS + ofDayMs - offsetMs(offset);
    return this.local(day, ofDayMs);
  }

  /** A time that the clocks skip is taken later by the gap; of one they show twice, the first. */
  private local(day: number, ofDayMs: number): EpochMs {
    if (day !== this.lastDay) {
      this.lastDay = day;
      this.lastStartMs = this.calendar.dayStartMs(day, this.zone);
    }
    const plainMs = this.lastStartMs + ofDayMs;
    const wantedHour = Math.floor(ofDayMs / HOUR_MS);
    const shown = this.calendar.localHour(plainMs, this.zone);
    if (shown === wantedHour) return plainMs;
    const movedMs = plainMs + (wantedHour - shown) * HOUR_MS;
    const isThere =
      this.calendar.localHour(movedMs, this.zone) === wantedHour &&
      this.calendar.localDay(movedMs, this.zone) === day;
    return isThere ? movedMs : plainMs;
  }
}
