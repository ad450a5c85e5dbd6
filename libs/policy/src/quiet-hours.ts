import type { EpochMs } from '#libs/kernel';
import { usableZone, type OpenHours, type ZonedCalendar } from './calendar.js';
import type { AllowedHours, Channel, QuietHoursRule } from './rules.js';
import type { DayNumber } from './windows.js';

/** A put-off send waits this long at most, then it is withheld. */
export const LONGEST_PUT_OFF_MS = 96 * 3_600_000;

/** Where and for whom quiet hours are asked. */
export interface QuietHoursPlace {
  readonly channel: Channel;
  readonly profileZone: string | null;
  readonly workspaceZone: string;
  readonly profileCountry: string | null;
  readonly workspaceCountry: string | null;
}

/** A question for the calendar: open when every group has one window open. */
export interface QuietHoursQuestion {
  readonly groups: readonly { readonly zone: string; readonly windows: readonly OpenHours[] }[];
  readonly otherwise: 'wait' | 'withhold';
}

/** The answer the gate takes. */
export type QuietHoursAnswer =
  | { readonly kind: 'unrestricted' }
  | {
      readonly kind: 'answered';
      /** First permitted instant at or after the gate's; null when there is none in reach. */
      readonly openAtMs: EpochMs | null;
      /** Local day of that instant in the workspace's zone, by which caps count. */
      readonly openDay: DayNumber | null;
      readonly otherwise: 'wait' | 'withhold';
    }
  | { readonly kind: 'unknown'; readonly reason: 'zone_unknown' | 'country_unknown' };

type KnownNames = Pick<ZonedCalendar, 'isZone' | 'isCountry'>;

function zoneOf(rule: QuietHoursRule, place: QuietHoursPlace, known: KnownNames): string | null {
  const wanted = rule.zone === 'profile' ? place.profileZone : rule.zone;
  const profile = rule.zone === 'workspace' ? null : wanted;
  return usableZone(known, { profile, workspace: place.workspaceZone });
}

function countryOf(place: QuietHoursPlace, known: KnownNames): string | null {
  for (const country of [place.profileCountry, place.workspaceCountry]) {
    if (country !== null && known.isCountry(country)) return country;
  }
  return null;
}

function listed(allow: QuietHoursRule['allow']): readonly AllowedHours[] {
  return Array.isArray(allow) ? (allow as readonly AllowedHours[]) : [allow as AllowedHours];
}

/**
 * What to ask the calendar for a channel. An invalid or missing zone of the person is the
 * workspace's, an unknown country likewise; where neither is known the answer is `unknown`.
 */
export function quietHoursQuestion(
  rules: readonly QuietHoursRule[],
  place: QuietHoursPlace,
  known: KnownNames,
): QuietHoursQuestion | QuietHoursAnswer {
  const groups: { zone: string; windows: OpenHours[] }[] = [];
  let otherwise: 'wait' | 'withhold' = 'wait';
  const country = countryOf(place, known);
  for (const rule of rules) {
    if (rule.channel !== place.channel && rule.channel !== 'any') continue;
    const zone = zoneOf(rule, place, known);
    if (zone === null) return { kind: 'unknown', reason: 'zone_unknown' };
    const windows = listed(rule.allow).map((hours) => ({ ...hours, country }));
    if (country === null && windows.some((hours) => hours.holidays === 'never')) {
      return { kind: 'unknown', reason: 'country_unknown' };
    }
    if (rule.otherwise === 'withhold') otherwise = 'withhold';
    groups.push({ zone, windows });
  }
  return groups.length === 0 ? { kind: 'unrestricted' } : { groups, otherwise };
}

function openingOf(
  group: QuietHoursQuestion['groups'][number],
  calendar: Pick<ZonedCalendar, 'nextOpening'>,
  atMs: EpochMs,
): EpochMs | null {
  let earliestMs: EpochMs | null = null;
  for (const hours of group.windows) {
    const openAtMs = calendar.nextOpening(hours, group.zone, atMs);
    if (openAtMs !== null && (earliestMs === null || openAtMs < earliestMs)) earliestMs = openAtMs;
  }
  return earliestMs;
}

// Each round moves to a later opening of some group; windows of a month give at most a few hundred.
const MOST_ROUNDS = 400;

/** First instant at or after at which every group is open; null when none is found. */
export function nextOpeningOf(
  question: QuietHoursQuestion,
  calendar: Pick<ZonedCalendar, 'nextOpening'>,
  atMs: EpochMs,
): EpochMs | null {
  let candidateMs = atMs;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    let latestMs = candidateMs;
    for (const group of question.groups) {
      const openAtMs = openingOf(group, calendar, candidateMs);
      if (openAtMs === null) return null;
      latestMs = Math.max(latestMs, openAtMs);
    }
    if (latestMs === candidateMs) return candidateMs;
    candidateMs = latestMs;
  }
  return null;
}

/** The whole question and answer for one send. */
export function quietHoursAnswer(
  rules: readonly QuietHoursRule[],
  place: QuietHoursPlace,
  when: { readonly calendar: ZonedCalendar; readonly atMs: EpochMs },
): QuietHoursAnswer {
  const question = quietHoursQuestion(rules, place, when.calendar);
  if ('kind' in question) return question;
  const openAtMs = nextOpeningOf(question, when.calendar, when.atMs);
  const openDay = openAtMs === null ? null : when.calendar.localDay(openAtMs, place.workspaceZone);
  return { kind: 'answered', openAtMs, openDay, otherwise: question.otherwise };
}
