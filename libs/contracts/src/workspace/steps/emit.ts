import { z } from 'zod';
import { eventNameSchema, stepIdSchema, traitNameSchema } from '../shared.js';
import { valueSchema } from './values.js';

/** `emit`: an event about the profile, which other scenarios may react to. */
export const emitSource = z.strictObject({
  emit: z.strictObject({
    id: stepIdSchema.optional(),
    event: eventNameSchema,
    properties: z.record(traitNameSchema, valueSchema).default({}),
  }),
});

/** An emitted event as written. */
export type EmitSource = z.output<typeof emitSource>;
