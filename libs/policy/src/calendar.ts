import type { EpochMs } from '#libs/kernel';
import type { AllowedHours, Weekday } from './rules.js';
import type { DayNumber } from './windows.js';

/** A daily local time to come. */
export interface LocalTimeQuestion {
  /** `HH:MM`. */
  readonly time: string;
  /** Every day where absent. */
  readonly days?: readonly Weekday[] | undefined;
  readonly zone: string;
  /** A time the clocks skip: shifted on by the gap, shifted back by it, or that day left out. */
  readonly onGap: 'later' | 'earlier' | 'skip';
  /** A time the clocks show twice. */
  readonly onOverlap: 'first' | 'second';
  /** The answer lies strictly after. */
  readonly afterMs: EpochMs;
}

/** Opening hours with the country whose public holidays they may skip. */
export interface OpenHours extends AllowedHours {
  /** ISO 3166-1 (`FR`) or with a subdivision (`FR-GP`); null: no holidays are known. */
  readonly country: string | null;
}

/**
 * Answers about local time; deterministic for one set of zone rules. Every zone is resolved at the
 * instant it is asked about. A zone passed here must be one `isZone` accepts; another is our bug.
 */
export interface ZonedCalendar {
  /** Whether the name is a zone with rules. */
  isZone(name: string): boolean;
  /** Whether public holidays are known for the country. */
  isCountry(country: string): boolean;
  /** The first open instant at or after; equal to it when open; null if none within 31 days. */
  nextOpening(hours: OpenHours, zone: string, atMs: EpochMs): EpochMs | null;
  /** The next such local time; null if none within 400 days (no day listed, unreadable time). */
  nextLocalTime(question: LocalTimeQuestion): EpochMs | null;
  /** Same local clock time so many calendar days later; a skipped time moves on by the gap. */
  addCalendarDays(atMs: EpochMs, days: number, zone: string): EpochMs;
  /** Hour of the local clock, 0 to 23. */
  localHour(atMs: EpochMs, zone: string): number;
  /** Day number of the local date. */
  localDay(atMs: EpochMs, zone: string): DayNumber;
  /** `YYYY-MM-DD` of the local date. */
  localDate(atMs: EpochMs, zone: string): string;
  /** First instant of the local date; where the zone skipped the date, of the next one. */
  dayStartMs(day: DayNumber, zone: string): EpochMs;
  /** Whether the local date is a public holiday; an overseas zone of the country adds its own. */
  isHoliday(atMs: EpochMs, zone: string, country: string): boolean;
}

/** The zone to use: the person's where it is one, else the workspace's, else null. */
export function usableZone(
  calendar: Pick<ZonedCalendar, 'isZone'>,
  zones: { readonly profile: string | null | undefined; readonly workspace: string },
): string | null {
  const { profile, workspace } = zones;
  if (typeof profile === 'string' && calendar.isZone(profile)) return profile;
  return calendar.isZone(workspace) ? workspace : null;
}
