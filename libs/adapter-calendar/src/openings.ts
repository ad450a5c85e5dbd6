import type { EpochMs } from '#libs/kernel';
import { WEEKDAYS, type OpenHours } from '#libs/policy';
import type { HolidayBook } from './holidays.js';
import type { ZoneClock } from './zone-clock.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const REACH_DAYS = 31;

/** Milliseconds since midnight of `HH:MM`, `24:00` included; null where it is no time. */
export function timeOfDay(text: string): number | null {
  const match = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text);
  if (match === null) return null;
  const ofDayMs = (Number(match[1]) * 60 + Number(match[2])) * MINUTE_MS;
  return ofDayMs <= DAY_MS ? ofDayMs : null;
}

/** 0 for Monday. Day 0 was a Thursday. */
export function weekdayIndex(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** Open hours in one zone; membership is by what the local clock shows at the instant itself. */
export class Openings {
  readonly #clock: ZoneClock;
  readonly #isOpenDay: (day: number) => boolean;
  readonly #spans: readonly (readonly [number, number])[];

  constructor(hours: OpenHours, place: { clock: ZoneClock; zone: string; holidays: HolidayBook }) {
    this.#clock = place.clock;
    const fromMs = timeOfDay(hours.from);
    const toMs = timeOfDay(hours.to);
    if (fromMs === null || toMs === null || fromMs === toMs) this.#spans = [];
    else if (fromMs < toMs) this.#spans = [[fromMs, toMs]];
    else {
      this.#spans = [
        [0, toMs],
        [fromMs, DAY_MS],
      ];
    }
    const { country, days } = hours;
    this.#isOpenDay = (day) => {
      const weekday = WEEKDAYS[weekdayIndex(day)];
      if (days !== undefined && (weekday === undefined || !days.includes(weekday))) return false;
      if (hours.holidays !== 'never') return true;
      return country !== null && !place.holidays.isHoliday(day, place.zone, country);
    };
  }

  isOpen(atMs: EpochMs): boolean {
    const ofDayMs = this.#clock.timeOfDayMs(atMs);
    const inSpan = this.#spans.some(([fromMs, toMs]) => ofDayMs >= fromMs && ofDayMs < toMs);
    return inSpan && this.#isOpenDay(this.#clock.localDay(atMs));
  }

  next(atMs: EpochMs): EpochMs | null {
    if (this.#spans.length === 0) return null;
    if (this.isOpen(atMs)) return atMs;
    const today = this.#clock.localDay(atMs);
    for (let day = today; day <= today + REACH_DAYS; day += 1) {
      if (!this.#isOpenDay(day)) continue;
      const openings = this.#candidates(day).filter((one) => one > atMs && this.isOpen(one));
      if (openings.length > 0) return Math.min(...openings);
    }
    return null;
  }

  /** Where a closed clock may open on a local date: its start, each `from`, and a clock change. */
  #candidates(day: number): EpochMs[] {
    const clock = this.#clock;
    const startMs = clock.dayStartMs(day);
    const found = [startMs];
    for (const [fromMs] of this.#spans) {
      const instants = clock.instantsOf(day * DAY_MS + fromMs);
      if (instants.kind === 'exact') found.push(instants.firstMs, instants.secondMs);
    }
    const endMs = clock.dayStartMs(day + 1);
    const changeMs = clock.transitionIn(startMs - 1, endMs);
    if (changeMs !== null) found.push(changeMs);
    return found;
  }
}
