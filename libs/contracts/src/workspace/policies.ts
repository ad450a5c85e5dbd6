import { z } from 'zod';
import {
  celSchema,
  daysSchema,
  described,
  durationSchema,
  endTimeSchema,
  idSchema,
  timeSchema,
  timezoneSchema,
  weekdaySchema,
} from './shared.js';

const anyChannel = z.enum(['email', 'sms', 'call', 'task', 'any']);
const check = z.enum(['holdout', 'holds', 'caps', 'quiet_hours', 'suppression', 'consent']);

const allowed = z.strictObject({
  days: z.array(weekdaySchema).min(1).optional(),
  from: timeSchema,
  to: endTimeSchema,
  holidays: z.enum(['never', 'allowed']).optional(),
});

/** `policies.yaml`: what may be sent, how often, when, and what withholds it. */
export const policiesSchema = z.strictObject({
  purposes: z.record(
    idSchema,
    z.strictObject({
      ...described,
      basis: z
        .array(z.enum(['opt_in', 'soft_opt_in', 'legitimate_interest_b2b', 'contract']))
        .min(1),
      ignores: z.array(check).optional(),
      obeys: z.array(check).optional(),
    }),
  ),
  caps: z
    .array(
      z.strictObject({
        channel: anyChannel,
        purpose: idSchema,
        per: daysSchema,
        max: z.int().min(0).max(10_000),
      }),
    )
    .optional(),
  quiet_hours: z
    .array(
      z.strictObject({
        channel: anyChannel,
        allow: z.union([allowed, z.array(allowed).min(1)]),
        zone: z.union([z.enum(['profile', 'workspace']), timezoneSchema]).default('profile'),
        otherwise: z.enum(['wait', 'withhold']).optional(),
      }),
    )
    .optional(),
  holds: z
    .array(
      z.strictObject({
        ...described,
        id: idSchema,
        when: celSchema,
        purpose: idSchema,
        lasts: durationSchema.optional(),
      }),
    )
    .default([]),
  levers: z.record(idSchema, z.number().min(0).max(100)).default({}),
  suppress: z
    .strictObject({
      hard_bounces: z.int().min(1).optional(),
      soft_bounces: z.strictObject({ count: z.int().min(1), per: durationSchema }).optional(),
      complaints: z.int().min(1).optional(),
    })
    .optional(),
});

/** A checked `policies.yaml`; a part left out stands for the policy library's strict defaults. */
export type PoliciesConfig = z.output<typeof policiesSchema>;
