import { evaluate } from '@marcbachmann/cel-js';

/** The CEL library's instant. Only this file makes one; everywhere else times are epoch ms. */
export interface CelTimestamp {
  getTime(): number;
}

// The wall clock's class must not be named in a pure library. CEL answers with an instance of it,
// and its constructor, called with a number, is a pure conversion.
const EPOCH = evaluate('timestamp("1970-01-01T00:00:00Z")') as CelTimestamp;
const Timestamp = EPOCH.constructor as new (ms: number) => CelTimestamp;

const DAY_MS = 86_400_000;
const DAY = String.raw`(\d{4})-(\d{2})-(\d{2})`;
const CLOCK = String.raw`(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?`;
const ZONE = String.raw`(Z|[+-]\d{2}:?\d{2})?`;
const ISO = new RegExp(`^${DAY}(?:[T ]${CLOCK}${ZONE})?$`);
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** The CEL instant of epoch milliseconds. */
export function toTimestamp(ms: number): CelTimestamp {
  return new Timestamp(ms);
}

export function isTimestamp(value: unknown): value is CelTimestamp {
  return value instanceof Timestamp;
}

/**
 * Epoch ms of a time as data carries it: epoch ms, ISO 8601 text or a CEL instant; undefined for
 * anything else. Text without a zone is UTC, so that the answer never depends on the machine.
 */
export function epochMsOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') return parseIso(value);
  return isTimestamp(value) ? value.getTime() : undefined;
}

function parseIso(text: string): number | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  if (!isCalendarDay(date)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const seconds = Number(hour) * 3_600 + Number(minute) * 60 + Number(second);
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return epochDay(date) * DAY_MS + seconds * 1_000 + ms - offsetMs(zone);
}

function offsetMs(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function isCalendarDay({ year, month, day }: CalendarDay): boolean {
  const days = MONTH_DAYS[month - 1];
  if (days === undefined || day < 1) return false;
  return day <= (month === 2 && isLeap(year) ? 29 : days);
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days from 1970-01-01. Years start in March here: the leap day is the last of its year. */
function epochDay({ year, month, day }: CalendarDay): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const marchMonth = (month + 9) % 12;
  const leapDays =
    Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + Math.floor((marchMonth * 153 + 2) / 5) + day - 1 - 719_468;
}
