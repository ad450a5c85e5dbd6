import { z } from 'zod';
import { idSchema, stepIdSchema, traitNameSchema } from '../shared.js';
import { valueSchema } from './values.js';

/** `enrol`: asks another scenario to take the profile in. */
export const enrolSource = z.strictObject({
  enrol: z.strictObject({
    id: stepIdSchema.optional(),
    scenario: idSchema,
    properties: z.record(traitNameSchema, valueSchema).default({}),
  }),
});

/** An enrolment as written. */
export type EnrolSource = z.output<typeof enrolSource>;
