import { z } from 'zod';
import {
  anyTextSchema,
  celNumberSchema,
  celSchema,
  daysSchema,
  described,
  durationSchema,
  idSchema,
  localTextSchema,
  relativeDateSchema,
} from './shared.js';

const email = z.strictObject({
  id: idSchema.optional(),
  channel: z.literal('email'),
  template: idSchema,
  sender: idSchema,
});
const sms = z.strictObject({
  id: idSchema.optional(),
  channel: z.literal('sms'),
  text: localTextSchema,
  sender: idSchema.optional(),
});
const task = z.strictObject({
  id: idSchema.optional(),
  channel: z.literal('task'),
  title: anyTextSchema,
  note: anyTextSchema.optional(),
  due: durationSchema,
  for: z.union([z.literal('owner'), z.strictObject({ queue: idSchema })]).default('owner'),
  else: z.strictObject({ queue: idSchema }).optional(),
});

const limit = z.record(daysSchema, z.int().min(0).max(1_000_000));

/** `actions/*.yaml`: what could be done for a profile, and its treatments. */
export const actionSchema = z.strictObject({
  action: idSchema,
  name: localTextSchema,
  description: described.description,
  issue: idSchema,
  group: idSchema.optional(),
  /** Expected gain when it works. */
  value: celNumberSchema.default(0),
  /** By channel, in the workspace's currency. */
  cost: z.partialRecord(z.enum(['email', 'sms', 'call', 'task']), z.number().min(0)).default({}),
  eligible: celSchema.optional(),
  applicable: celSchema.optional(),
  suitable: celSchema.optional(),
  limits: z.strictObject({ per_profile: limit.optional(), total: limit.optional() }).default({}),
  rest_after: z.strictObject({ ignored: z.int().min(1), for: durationSchema }).optional(),
  treatments: z
    .array(z.discriminatedUnion('channel', [email, sms, task]))
    .min(1)
    .max(20),
  valid: z
    .strictObject({ from: relativeDateSchema.optional(), until: relativeDateSchema.optional() })
    .optional(),
});

/** A checked action as written. */
export type ActionConfig = z.output<typeof actionSchema>;
