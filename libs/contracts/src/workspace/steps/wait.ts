import { z } from 'zod';
import { durationSchema, stepIdSchema } from '../shared.js';
import { onResumeSchema } from '../trigger.js';

/** `wait: 3d`, or the same with more to say. */
export const waitSource = z.strictObject({
  wait: z.union([
    durationSchema,
    z.strictObject({
      id: stepIdSchema.optional(),
      for: durationSchema,
      on_resume: onResumeSchema.optional(),
    }),
  ]),
});

/** A wait as written. */
export type WaitSource = z.output<typeof waitSource>;
