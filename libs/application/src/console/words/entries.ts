import type { Locale } from '#libs/kernel';
import type { DateEntry, Entry, ScheduleEntry, ZoneOf } from '#libs/scenario';
import { triggerText, weekdayText, type StepNames } from './steps.js';
import { quoted, say, type Bilingual } from './text.js';

/** How people enter a scenario, in words: `each anniversary of “birthday”, 7 d before, at 09:00`. */
export function entryText(entry: Entry, locale: Locale, names: StepNames): string {
  if (entry.date !== undefined) return dateText(entry.date, locale);
  if (entry.schedule !== undefined) return scheduleText(entry.schedule, locale, names);
  if (entry.requested === true) {
    return say(
      locale,
      'une demande d’un programme ou d’un autre scénario',
      'a request of a program or of another scenario',
    );
  }
  return triggerText(entry, locale, names);
}

function dateText(entry: DateEntry, locale: Locale): string {
  const trait = quoted(entry.trait, locale);
  const what =
    entry.every === 'year'
      ? say(locale, `chaque anniversaire de la date ${trait}`, `each anniversary of ${trait}`)
      : say(locale, `le jour de la date ${trait}`, `the day of ${trait}`);
  return [what, ...shiftText(entry.offsetDays, locale), hourText(entry, locale)].join(', ');
}

function shiftText(days: number, locale: Locale): readonly string[] {
  if (days === 0) return [];
  const count = Math.abs(days);
  return days < 0
    ? [say(locale, `${count} j avant`, `${count} d before`)]
    : [say(locale, `${count} j après`, `${count} d after`)];
}

function scheduleText(entry: ScheduleEntry, locale: Locale, names: StepNames): string {
  const whom =
    entry.segment === undefined
      ? say(locale, 'tout le monde', 'everybody')
      : say(
          locale,
          `le segment ${quoted(names.segment(entry.segment), locale)}`,
          `the segment ${quoted(names.segment(entry.segment), locale)}`,
        );
  return [whom, ruleText(entry.rrule, locale), hourText(entry, locale)].join(', ');
}

const EVERY: Readonly<Record<string, Bilingual>> = {
  HOURLY: { fr: 'chaque heure', en: 'every hour' },
  DAILY: { fr: 'chaque jour', en: 'every day' },
  WEEKLY: { fr: 'chaque semaine', en: 'every week' },
  MONTHLY: { fr: 'chaque mois', en: 'every month' },
  YEARLY: { fr: 'chaque année', en: 'every year' },
};
const WEEKDAYS: Readonly<Record<string, string>> = {
  MO: 'mon',
  TU: 'tue',
  WE: 'wed',
  TH: 'thu',
  FR: 'fri',
  SA: 'sat',
  SU: 'sun',
};

/** The common rules in words, the others as they are written. */
function ruleText(rrule: string, locale: Locale): string {
  const {
    FREQ = '',
    BYDAY,
    BYMONTHDAY,
    ...rest
  } = Object.fromEntries(rrule.split(';').map((part) => part.split('=', 2))) as Record<
    string,
    string
  >;
  const every = EVERY[FREQ]?.[locale];
  const days = (BYDAY ?? '').split(',').filter((day) => day !== '');
  const isPlain = Object.keys(rest).length === 0 && days.every((day) => day in WEEKDAYS);
  if (every === undefined || !isPlain) return rrule;
  const dates = (BYMONTHDAY ?? '').split(',').filter((day) => day !== '');
  if (dates.some((day) => Number(day) < 1)) return rrule;
  const on = [
    ...days.map((day) => weekdayText(WEEKDAYS[day] ?? day, locale)),
    ...dates.map((day) => say(locale, `le ${day}`, `day ${day}`)),
  ];
  return on.length === 0 ? every : `${every} (${on.join(' ')})`;
}

function hourText(entry: DateEntry | ScheduleEntry, locale: Locale): string {
  return `${say(locale, 'à', 'at')} ${entry.time} (${zoneText(entry.zone, locale)})`;
}

function zoneText(zone: ZoneOf, locale: Locale): string {
  if (typeof zone === 'object') return zone.name;
  return zone === 'profile'
    ? say(locale, 'heure de la personne', 'the person’s time')
    : say(locale, 'heure de l’espace de travail', 'the workspace’s time');
}
