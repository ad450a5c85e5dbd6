import { ownMember } from '#libs/kernel';
import type { ProfileDocument, ProfileRules } from '#libs/profile';
import { dayOfDate, monthDayOf } from '../entrance/days.js';
import type { ProfileDates } from './ports.js';

const LONGEST_ZONE = 64;

/** The dates of a document by declared trait, and the zone they are counted in. */
export function datesOf(
  traits: ProfileDocument['traits'],
  rules: ProfileRules,
): Omit<ProfileDates, 'profileId'> {
  const dates = Object.entries(rules.traits).flatMap(([trait, rule]) => {
    const value = rule.type === 'date' ? ownMember(traits, trait) : undefined;
    const day = typeof value === 'string' ? dayOfDate(value) : NaN;
    return Number.isNaN(day) ? [] : [{ trait, day, monthDay: monthDayOf(day) }];
  });
  const zone = ownMember(traits, 'timezone');
  return {
    dates,
    zone: typeof zone === 'string' && dates.length > 0 ? zone.slice(0, LONGEST_ZONE) : '',
  };
}
