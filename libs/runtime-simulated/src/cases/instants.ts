import { durationMs, parseDuration, type EpochMs } from '#libs/kernel';
import type { ZonedCalendar } from '#libs/policy';

const LOCAL = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::\d{2})?$/;

/** Reads an instant as tests write it: with an offset, or in the workspace's zone without one. */
export function instantOf(text: string, calendar: ZonedCalendar, zone: string): EpochMs {
  const local = LOCAL.exec(text);
  if (local === null) return Date.parse(text.replace(' ', 'T'));
  const [, date = '', time = ''] = local;
  const day = Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
  const afterMs = calendar.dayStartMs(day, zone) - 1;
  const asked = { time, zone, afterMs, onGap: 'later', onOverlap: 'first' } as const;
  return calendar.nextLocalTime(asked) ?? afterMs + 1;
}

/** Length of a checked duration; a day is 24 hours. */
export function lengthOf(text: string): number {
  const duration = parseDuration(text);
  return duration.ok ? durationMs(duration.value) : 0;
}
