import { z } from 'zod';
import { anyTextSchema, durationSchema, idSchema, stepIdSchema } from '../shared.js';

/** `task`: a task for a rep. */
export const taskSource = z.strictObject({
  task: z.strictObject({
    id: stepIdSchema.optional(),
    for: z.union([z.literal('owner'), z.strictObject({ queue: idSchema })]),
    else: z.strictObject({ queue: idSchema }).optional(),
    title: anyTextSchema,
    note: anyTextSchema.optional(),
    due: durationSchema,
  }),
});

/** A task as written. */
export type TaskSource = z.output<typeof taskSource>;
