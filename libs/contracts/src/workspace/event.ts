import { z } from 'zod';
import {
  celNumberSchema,
  described,
  eventNameSchema,
  idSchema,
  traitNameSchema,
} from './shared.js';

const property = z.strictObject({
  ...described,
  type: z.enum(['string', 'double', 'int', 'bool', 'timestamp', 'list', 'map']),
  required: z.boolean().default(false),
  unit: z.string().min(1).max(32).optional(),
  personal: z.boolean().default(false),
});

/** `events/*.yaml`: what an event carries; gives types to expressions and units to analysts. */
export const eventSchema = z.strictObject({
  event: eventNameSchema,
  ...described,
  properties: z.record(traitNameSchema, property),
  /** More properties than those named may come. */
  open: z.boolean().default(true),
  outcome: z
    .strictObject({
      reward: idSchema,
      value: z.union([traitNameSchema, celNumberSchema]).optional(),
    })
    .optional(),
});

/** A checked event. */
export type EventConfig = z.output<typeof eventSchema>;
