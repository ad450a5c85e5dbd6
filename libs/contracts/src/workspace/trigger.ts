import { z } from 'zod';
import { celNumberSchema, celSchema, durationSchema, eventNameSchema, idSchema } from './shared.js';

/** A segment entered, or left. */
export const segmentChangeSchema = z.union([
  z.strictObject({ enters: idSchema }),
  z.strictObject({ leaves: idSchema }),
]);

/** `on` or `segment`, exactly one, and a condition. Which of the two is checked when compiling. */
export const triggerFields = {
  on: eventNameSchema.optional(),
  segment: segmentChangeSchema.optional(),
  when: celSchema.optional(),
};

/** One trigger of a list. */
export const triggerSchema = z.strictObject(triggerFields);

/** A trigger with a window and a worth: a goal or a reward. */
export const measuredSchema = z.strictObject({
  ...triggerFields,
  within: durationSchema,
  value: celNumberSchema.optional(),
});

/** A trigger as written. */
export type TriggerSource = z.output<typeof triggerSchema>;

/** A goal or a reward as written. */
export type MeasuredSource = z.output<typeof measuredSchema>;

/** What resuming does with a wait that fell due during a pause. */
export const onResumeSchema = z.enum(['continue', 'skip', 'exit']);
