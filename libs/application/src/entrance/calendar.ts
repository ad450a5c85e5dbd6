import type { EpochMs } from '#libs/kernel';
import type { DateEntry, ScheduleEntry } from '#libs/scenario';

/** How a local time that the clocks skip or show twice becomes one instant. */
export type LocalMoment = Pick<DateEntry, 'time' | 'onGap' | 'onOverlap'>;

/** A calendar rule in a zone that exists. */
export type EntryRule = LocalMoment &
  Pick<ScheduleEntry, 'rrule' | 'from'> & { readonly zoneName: string };

/** What entries by date and by schedule ask of local time; deterministic for one set of zone rules. */
export interface OccurrenceCalendar {
  isZone(name: string): boolean;
  /** Day number of the local date. */
  localDay(atMs: EpochMs, zone: string): number;
  /** The one instant of a local day's time; a day the zone skipped gives an instant beside it. */
  instantOf(day: number, moment: LocalMoment, zone: string): EpochMs;
  /** The rule's instants in (`afterMs`, `untilMs`], in order; of the last 400 days at most. */
  occurrencesIn(
    rule: EntryRule,
    window: { readonly afterMs: EpochMs; readonly untilMs: EpochMs },
  ): readonly EpochMs[];
}
