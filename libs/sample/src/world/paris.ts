import type { EpochMs } from '#libs/kernel';

/** Milliseconds of an hour. */
export const HOUR_MS = 3_600_000;
/** Milliseconds of a day of 24 h. */
export const DAY_MS = 86_400_000;
/** Milliseconds of a minute. */
export const MINUTE_MS = 60_000;

/** Days since 1970-01-01 of a civil date; `month` from 1. */
function dayNumber(year: number, month: number, day: number): number {
  return Math.floor(Date.UTC(year, month - 1, day) / DAY_MS);
}

function lastSunday(year: number, month: number): number {
  const last = dayNumber(year, month + 1, 1) - 1;
  // 1970-01-01 was a Thursday, so day 3 was a Sunday.
  return last - ((((last - 3) % 7) + 7) % 7);
}

/**
 * What Paris adds to UTC: two hours from the last Sunday of March to that of October, 01:00 UTC,
 * else one. Reckoned, not asked of the platform, so that a history has the same bytes everywhere.
 */
export function parisOffsetMs(atMs: EpochMs): number {
  const year = new Date(atMs).getUTCFullYear();
  const summer = lastSunday(year, 3) * DAY_MS + HOUR_MS;
  const winter = lastSunday(year, 10) * DAY_MS + HOUR_MS;
  return atMs >= summer && atMs < winter ? 2 * HOUR_MS : HOUR_MS;
}

/** Days since 1970-01-01 of the date in Paris. */
export function parisDay(atMs: EpochMs): number {
  return Math.floor((atMs + parisOffsetMs(atMs)) / DAY_MS);
}

/** First instant of a date in Paris. The clocks there never change at midnight. */
export function parisDayStart(day: number): EpochMs {
  const guess = day * DAY_MS - HOUR_MS;
  return day * DAY_MS - parisOffsetMs(guess);
}

/** 0 is Monday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** `2026-11-22` of a day number. */
export function isoDate(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** How busy each weekday is, Monday first. */
export const WEEKDAY_RHYTHM: readonly number[] = [1.05, 1, 1, 0.95, 0.9, 0.95, 1.15];

/** How busy each local hour is: lunch and the evening stand out, the night is nearly empty. */
export const HOUR_RHYTHM: readonly number[] = [
  1.2, 0.5, 0.2, 0.1, 0.1, 0.3, 1, 2.2, 3, 3.6, 4.2, 4.6, 6, 5.4, 4.2, 3.8, 3.8, 4.4, 5.2, 5.8, 7.4,
  8, 6, 3,
];
