import { z } from 'zod';
import {
  celSchema,
  currencySchema,
  described,
  idSchema,
  timezoneSchema,
  traitNameSchema,
} from './shared.js';

const consent = z.strictObject({
  channel: celSchema,
  purpose: celSchema,
  status: celSchema,
  basis: celSchema.optional(),
  proof: celSchema.optional(),
  at: celSchema.optional(),
});

const event = z.strictObject({
  /** A name, or CEL that gives one. */
  name: celSchema,
  id: celSchema,
  at: celSchema,
  identity: z.record(idSchema, celSchema),
  properties: z.record(traitNameSchema, celSchema).default({}),
});

/** `mappings/*.yaml`: how rows of a file become events, traits and consents. */
export const mappingSchema = z.strictObject({
  mapping: idSchema,
  ...described,
  source: idSchema,
  currency: currencySchema.optional(),
  from: z.strictObject({
    format: z.enum(['csv', 'jsonl']).default('csv'),
    encoding: z.enum(['utf-8', 'latin1']).default('utf-8'),
    delimiter: z.string().length(1).default(','),
    timezone: timezoneSchema.optional(),
  }),
  rows: z
    .strictObject({
      group_by: traitNameSchema,
      within_rows: z.int().min(1).max(1_000_000).default(10_000),
    })
    .optional(),
  skip: z.array(z.strictObject({ when: celSchema, reason: idSchema })).default([]),
  /** Absent: the rows make profiles and no event. */
  event: event.optional(),
  /** Ids of rows that make no event. */
  identity: z.record(idSchema, celSchema).optional(),
  /** When what the row says was so; for rows that make no event. */
  at: celSchema.optional(),
  traits: z.record(traitNameSchema, celSchema).default({}),
  consents: z.array(consent).default([]),
  /** The account the row's profile belongs to, and what it says of it. */
  account: z
    .strictObject({
      identity: z.record(idSchema, celSchema),
      traits: z.record(traitNameSchema, celSchema).default({}),
    })
    .optional(),
  /** Historical events never start or wake a scenario. */
  historical: z.boolean().default(true),
});

/** A checked mapping. */
export type MappingConfig = z.output<typeof mappingSchema>;
