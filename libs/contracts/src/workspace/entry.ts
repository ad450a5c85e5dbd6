import { z } from 'zod';
import type { Expectation } from './expectations.js';
import { celSchema, durationSchema, idSchema, timeSchema, traitNameSchema } from './shared.js';
import { triggerFields } from './trigger.js';

const matching = (pattern: RegExp, error: Expectation) =>
  z.string({ error }).regex(pattern, { error });

const offset = matching(/^[+-]?(?:[0-3]?\d{1,2}d|(?:[0-4]?\d|5[0-2])w)$/, 'offset');
const date = matching(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'date');
const rrule = matching(/^[A-Z]+=[^;=\s]{1,60}(;[A-Z]+=[^;=\s]{1,60}){0,12}$/, 'rrule');
// An account's zone is known only with the person; `account` would read as the name of a zone.
const zoneName = matching(
  /^(?!(?:account|profile|workspace)$)[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){0,2}$/,
  'timezone',
);

const clock = {
  at: timeSchema,
  on_gap: z.enum(['later', 'earlier']).default('later'),
  on_overlap: z.enum(['first', 'second']).default('first'),
};

/** By a date that a trait holds: each of its anniversaries, or the day itself. */
const dateEntry = z.strictObject({
  trait: traitNameSchema,
  every: z.enum(['year', 'once']).default('year'),
  offset: offset.default('0d'),
  ...clock,
  zone: z.union([z.enum(['profile', 'workspace']), zoneName]).default('profile'),
  leap_day: z.enum(['before', 'after']).default('before'),
});

/** By a calendar rule: at each of its instants the members of a segment, or everybody. */
const scheduleEntry = z.strictObject({
  rrule,
  ...clock,
  segment: idSchema.optional(),
  zone: z.union([z.enum(['workspace']), zoneName]).default('workspace'),
  from: date.default('2024-01-01'),
});

/** How people enter: by one of `on`, `segment`, `date`, `schedule`, `api`, checked when compiling. */
export const entrySchema = z.strictObject({
  ...triggerFields,
  date: dateEntry.optional(),
  schedule: scheduleEntry.optional(),
  api: z.literal(true).optional(),
  key: celSchema.optional(),
  reentry: z
    .union([z.enum(['never', 'always']), z.strictObject({ after: durationSchema })])
    .optional(),
  existing: z.enum(['enter', 'ignore']).optional(),
});
