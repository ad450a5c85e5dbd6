import { z } from 'zod';
import { stepIdSchema, timeSchema, timezoneSchema, weekdaySchema } from '../shared.js';
import { onResumeSchema } from '../trigger.js';

/** `wait_until`: the next local time, on chosen days. */
export const waitUntilSource = z.strictObject({
  wait_until: z.strictObject({
    id: stepIdSchema.optional(),
    time: timeSchema,
    days: z.array(weekdaySchema).min(1).optional(),
    zone: z.union([z.enum(['profile', 'account', 'workspace']), timezoneSchema]).default('profile'),
    on_gap: z.enum(['later', 'earlier']).default('later'),
    on_overlap: z.enum(['first', 'second']).default('first'),
    on_resume: onResumeSchema.optional(),
  }),
});

/** A wait for a local time as written. */
export type WaitUntilSource = z.output<typeof waitUntilSource>;
