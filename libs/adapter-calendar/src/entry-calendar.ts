import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import type { EntryRule, LocalMoment, OccurrenceCalendar } from '#libs/application';
import type { EpochMs } from '#libs/kernel';
import { resolveWall } from './luxon-calendar.js';
import { timeOfDay } from './openings.js';
import { ZoneClocks } from './zone-clock.js';

const DAY_MS = 86_400_000;
const REACH_MS = 400 * DAY_MS;
const MOST_RULES = 1_000;
// A change of offset moves an instant by less than this.
const MARGIN_MS = 2 * DAY_MS;

/**
 * The rule as if its zone were UTC: a rule says days and hours on the wall, and what instant a wall
 * time is in a zone is answered where every other local time is.
 */
export function wallRule(rule: {
  readonly rrule: string;
  readonly from: string;
  readonly time: string;
}): RRuleTemporal {
  const start = `${rule.from.replaceAll('-', '')}T${rule.time.replace(':', '')}00Z`;
  return new RRuleTemporal({ rruleString: `DTSTART:${start}\nRRULE:${rule.rrule}` });
}

const wallTime = (wallMs: number): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(wallMs).toZonedDateTimeISO('UTC');

/** Local days and calendar rules over Luxon's zone rules and RFC 5545's recurrences; caches both. */
export class EntryCalendar implements OccurrenceCalendar {
  readonly #zones = new ZoneClocks();
  readonly #rules = new Map<string, RRuleTemporal | null>();

  isZone(name: string): boolean {
    return this.#zones.find(name) !== null;
  }

  localDay(atMs: EpochMs, zone: string): number {
    return this.#zones.get(zone).localDay(atMs);
  }

  instantOf(day: number, moment: LocalMoment, zone: string): EpochMs {
    const wallMs = day * DAY_MS + (timeOfDay(moment.time) ?? 0);
    return resolveWall(this.#zones.get(zone).instantsOf(wallMs), moment);
  }

  occurrencesIn(
    rule: EntryRule,
    { afterMs, untilMs }: { readonly afterMs: EpochMs; readonly untilMs: EpochMs },
  ): readonly EpochMs[] {
    const recurrence = this.#ruleOf(rule);
    if (recurrence === null || untilMs <= afterMs) return [];
    const clock = this.#zones.get(rule.zoneName);
    const sinceMs = Math.max(afterMs, untilMs - REACH_MS);
    const walls = recurrence.between(
      wallTime(clock.wallMs(sinceMs) - MARGIN_MS),
      wallTime(clock.wallMs(untilMs) + MARGIN_MS),
      true,
    );
    const instants = walls.map(({ epochMilliseconds }) =>
      resolveWall(clock.instantsOf(epochMilliseconds), rule),
    );
    // Two wall times may be one instant: a skipped hour moves on to the next.
    const due = new Set(instants.filter((atMs) => atMs > sinceMs && atMs <= untilMs));
    return [...due].sort((one, other) => one - other);
  }

  /** Null where the rule cannot be read: lint has refused it, and nobody enters. */
  #ruleOf(rule: EntryRule): RRuleTemporal | null {
    const key = [rule.rrule, rule.from, rule.time].join(' ');
    const known = this.#rules.get(key);
    if (known !== undefined) return known;
    const read = readRule(rule);
    if (this.#rules.size >= MOST_RULES) this.#rules.clear();
    this.#rules.set(key, read);
    return read;
  }
}

function readRule(rule: EntryRule): RRuleTemporal | null {
  try {
    return wallRule(rule);
  } catch {
    return null;
  }
}
