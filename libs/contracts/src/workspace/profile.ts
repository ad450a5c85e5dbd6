import { z } from 'zod';
import {
  celSchema,
  daysSchema,
  described,
  durationSchema,
  eventNameSchema,
  idSchema,
  traitNameSchema,
} from './shared.js';

const identity = z.strictObject({
  ns: idSchema,
  unique: z.boolean().default(false),
  limit: z.int().min(1).max(1_000).optional(),
  window: durationSchema.optional(),
  mergeable: z.enum(['always', 'verified', 'never']).optional(),
  normalise: z.enum(['text', 'email', 'phone']).default('text'),
  from: z.array(idSchema).min(1).optional(),
});

const trait = z.strictObject({
  ...described,
  type: z.enum([
    'string',
    'email',
    'phone',
    'timezone',
    'date',
    'number',
    'boolean',
    'list',
    'group',
  ]),
  personal: z.boolean().default(false),
  master: z.array(idSchema).default([]),
  strategy: z.enum(['source_rank', 'recency']).default('source_rank'),
  verified_first: z.boolean().default(false),
  range: z
    .tuple([z.number(), z.number()])
    .refine(([least, most]) => least <= most, { error: 'pair' })
    .optional(),
  fields: z.array(traitNameSchema).min(1).optional(),
});

const property = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,99}\.[A-Za-z][A-Za-z0-9_]{0,63}$/, { error: 'property' });
const eventOrProperty = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,99}(\.[A-Za-z][A-Za-z0-9_]{0,63})?$/, { error: 'property' });

const folded = { ...described, where: celSchema.optional(), window: daysSchema.optional() };
const aggregate = z.union([
  z.strictObject({ count: eventNameSchema, ...folded }),
  z.strictObject({ sum: property, ...folded }),
  z.strictObject({ min: property, ...folded }),
  z.strictObject({ max: property, ...folded }),
  z.strictObject({ first: eventOrProperty, ...folded }),
  z.strictObject({ last: eventOrProperty, ...folded }),
]);

/** `profile.yaml`: ids, sources, traits and their masters, aggregates, accounts. */
export const profileSchema = z.strictObject({
  identities: z.array(identity).min(1).max(50),
  sources: z.record(
    idSchema,
    z.strictObject({ ...described, kind: z.enum(['offline', 'crm', 'online', 'engine']) }),
  ),
  traits: z.record(traitNameSchema, trait),
  aggregates: z.record(traitNameSchema, aggregate).default({}),
  rfm: z
    .strictObject({
      on: eventNameSchema,
      value: traitNameSchema,
      window: daysSchema,
      cuts: z.literal('quintiles').default('quintiles'),
    })
    .optional(),
  accounts: z
    .strictObject({
      key: idSchema,
      also: z.array(idSchema).default([]),
      member_by: z.literal('group').default('group'),
      owner_from: idSchema.optional(),
    })
    .default({ key: 'account_id', also: [], member_by: 'group' }),
});

/** A checked `profile.yaml`, its defaults filled in. */
export type ProfileConfig = z.output<typeof profileSchema>;

/** One aggregate as written. */
export type AggregateConfig = z.output<typeof aggregate>;
