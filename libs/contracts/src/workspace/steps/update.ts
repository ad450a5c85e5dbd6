import { z } from 'zod';
import { stepIdSchema, traitNameSchema } from '../shared.js';
import { valueSchema } from './values.js';

/** `update`: sets traits of the profile. */
export const updateSource = z.strictObject({
  update: z.strictObject({
    id: stepIdSchema.optional(),
    set: z.record(traitNameSchema, valueSchema),
  }),
});

/** An update as written. */
export type UpdateSource = z.output<typeof updateSource>;
