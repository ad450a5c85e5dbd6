import { z } from 'zod';
import type { Expectation } from './expectations.js';

const matching = (pattern: RegExp, error: Expectation) =>
  z.string({ error }).regex(pattern, { error });

/** Id of anything a workspace names. */
export const idSchema = matching(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'id');

/** Id of a step that expressions may name: `decision.rescue`. */
export const stepIdSchema = matching(/^[a-z][a-z0-9_]{0,63}$/, 'stepId');

/** Name of a trait, aggregate or property: `firstName`, `orders_365d`. */
export const traitNameSchema = matching(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'traitName');

/** Name of an event, folded. */
export const eventNameSchema = matching(/^[a-z][a-z0-9_]{0,99}$/, 'eventName');

/** `90s 15m 1h 3d 2w`. */
export const durationSchema = matching(/^(?:100000|\d{1,5})(s|m|h|d|w)$/, 'duration');

/** Whole local days or weeks: `30d`. */
export const daysSchema = matching(/^[1-9]\d{0,3}(d|w)$/, 'days');

/** Retention: `13mo`, `3y`. */
export const longDurationSchema = matching(/^[1-9]\d{0,4}(d|w|mo|y)$/, 'longDuration');

/** `150ms` or `2s`, at most ten seconds. */
export const timeoutSchema = matching(/^([1-9]\d{0,3}ms|[1-9]s|10s)$/, 'timeout');

/** `5%`. */
export const shareSchema = matching(/^(100|\d{1,2}(\.\d{1,4})?)%$/, 'share');

/** `HH:MM`, in quotes. */
export const timeSchema = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'time');

/** `HH:MM` up to `24:00`. */
export const endTimeSchema = matching(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'endTime');

/** An IANA zone; whether it exists is the host's to know. */
export const timezoneSchema = matching(
  /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){0,2}$/,
  'timezone',
);

/** `fr`, `en`, `pt-BR`. */
export const localeSchema = matching(/^[a-z]{2,3}(-[A-Z]{2})?$/, 'locale');

/** ISO 4217. */
export const currencySchema = matching(/^[A-Z]{3}$/, 'currency');

/** ISO 3166-1 alpha-2. */
export const countrySchema = matching(/^[A-Z]{2}$/, 'country');

/** Source text of a CEL expression. */
export const celSchema = z.string({ error: 'cel' }).trim().min(1, { error: 'cel' });

/** A number, or CEL that gives one; kept as CEL text. */
export const celNumberSchema = z.union([celSchema, z.number()]);

/** A text in each locale. */
export const localTextSchema = z.record(localeSchema, z.string().min(1, { error: 'text' }));

/** A text in each locale, or one text for all of them. */
export const anyTextSchema = z.union([z.string().min(1, { error: 'text' }), localTextSchema]);

/** Days of the week, Monday first. */
export const weekdaySchema = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

/** A date, or one relative to the day of publishing. */
export const relativeDateSchema = matching(
  /^(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])|\+\d{1,4}(d|w))$/,
  'relativeDate',
).refine(isOfCalendar, { error: 'relativeDate' });

/** Whether the month has the day; a text that is no date passes. */
function isOfCalendar(text: string): boolean {
  const [year = 0, month = 1, day = 1] = text.split('-').map(Number);
  if (text.startsWith('+')) return true;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2) return day <= (isLeap ? 29 : 28);
  return day <= ([4, 6, 9, 11].includes(month) ? 30 : 31);
}

/** An instant: with an offset, or in the workspace's zone without one. */
export const instantSchema = matching(
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|[+-]\d\d:\d\d)?$/,
  'instant',
);

/** What every kind may say about itself. */
export const described = {
  name: localTextSchema.optional(),
  description: localTextSchema.optional(),
};

/** Share in [0, 1] of a checked `5%`. */
export function shareOf(text: string): number {
  return Number((Number(text.slice(0, -1)) / 100).toFixed(6));
}

/** Milliseconds of a checked `150ms` or `2s`. */
export function timeoutMsOf(text: string): number {
  return text.endsWith('ms') ? Number(text.slice(0, -2)) : Number(text.slice(0, -1)) * 1_000;
}
