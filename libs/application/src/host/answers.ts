import type { EpochMs, Json } from '#libs/kernel';
import { usableZone, type ZonedCalendar } from '#libs/policy';
import type { Context, Definition, ZonedQuestion, ZoneOf } from '#libs/scenario';
import type { PersonContext } from '../runtime/ports.js';

/** What the host must know of the workspace to answer questions of time. */
export interface Zones {
  readonly workspace: string;
  readonly country: string;
}

/** The context of one input: the person, and the definition's zoned questions answered at `atMs`. */
export function contextFor(
  definition: Definition,
  person: PersonContext,
  at: { readonly atMs: EpochMs; readonly calendar: ZonedCalendar; readonly zones: Zones },
): Context {
  const answers: Record<string, Json> = {};
  for (const question of definition.questions) {
    answers[question.id] = answer(question, person, at);
  }
  return {
    get profile() {
      return person.profile;
    },
    get account() {
      return person.account;
    },
    get segments() {
      return person.segments;
    },
    answers,
  };
}

function answer(
  question: ZonedQuestion,
  person: PersonContext,
  at: { readonly atMs: EpochMs; readonly calendar: ZonedCalendar; readonly zones: Zones },
): Json {
  const { atMs, calendar, zones } = at;
  const zoneNamed = (of: ZoneOf): string => zoneOf(of, person, calendar, zones);
  switch (question.kind) {
    case 'add_calendar_days':
      return calendar.addCalendarDays(atMs, question.days, zoneNamed('profile'));
    case 'next_local_time':
      // The calendar answers strictly after; the question asks for the first not before.
      return calendar.nextLocalTime({
        time: question.time,
        days: question.days.length === 0 ? undefined : question.days,
        zone: zoneNamed(question.zone),
        onGap: question.onGap,
        onOverlap: question.onOverlap,
        afterMs: atMs - 1,
      });
    case 'local_hour':
      return calendar.localHour(atMs, zoneNamed('profile'));
    case 'holiday':
      return calendar.isHoliday(atMs, zoneNamed('profile'), question.country);
  }
}

function zoneOf(of: ZoneOf, person: PersonContext, calendar: ZonedCalendar, zones: Zones): string {
  const named =
    of === 'profile'
      ? person.timezone
      : of === 'account'
        ? accountZone(person)
        : of === 'workspace'
          ? null
          : of.name;
  return usableZone(calendar, { profile: named, workspace: zones.workspace }) ?? 'UTC';
}

function accountZone(person: PersonContext): string | null {
  const zone = person.account?.['timezone'];
  return typeof zone === 'string' ? zone : null;
}
