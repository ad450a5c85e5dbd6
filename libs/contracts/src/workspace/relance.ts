import { z } from 'zod';
import {
  countrySchema,
  currencySchema,
  described,
  idSchema,
  localeSchema,
  localTextSchema,
  longDurationSchema,
  shareSchema,
  timezoneSchema,
} from './shared.js';

const emailSender = z.strictObject({
  channel: z.literal('email'),
  from: z.string().regex(/^([^<>\r\n]+<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/, {
    error: 'sender',
  }),
  reply_to: z
    .string()
    .regex(/^[^<>\s@]+@[^<>\s@]+$/, { error: 'sender' })
    .optional(),
  stream: z.enum(['marketing', 'transactional']).default('marketing'),
});

const smsSender = z.strictObject({
  channel: z.literal('sms'),
  from: z.string().regex(/^[A-Za-z0-9+ ]{3,40}$/, { error: 'text' }),
});

/** Where scenarios may call: over TLS, or this very machine. No password stands in a workspace. */
const endpoint = z.strictObject({
  name: described.name,
  url: z
    .string({ error: 'endpoint' })
    .max(2_000, { error: 'endpoint' })
    .regex(
      /^(https:\/\/[^\s/@?#]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?)([/?][^\s#]*)?$/,
      { error: 'endpoint' },
    ),
});

/** `relance.yaml`: what the installation is for, where, in which languages, and from whom. */
export const relanceSchema = z.strictObject({
  workspace: idSchema,
  name: localTextSchema,
  description: described.description,
  timezone: timezoneSchema,
  locales: z.array(localeSchema).min(1).max(20),
  currency: currencySchema,
  country: countrySchema,
  senders: z.record(idSchema, z.discriminatedUnion('channel', [emailSender, smsSender])),
  webhooks: z.record(idSchema, endpoint).default({}),
  holdout: z
    .strictObject({ share: shareSchema, salt: z.string().min(1).max(64) })
    .default({ share: '0%', salt: 'holdout' }),
  random_control: z.strictObject({ share: shareSchema }).default({ share: '0%' }),
  business_as_usual: z.strictObject({ share: shareSchema }).default({ share: '2%' }),
  retention: z
    .strictObject({
      events: longDurationSchema.default('13mo'),
      prospects: longDurationSchema.default('3y'),
    })
    .default({ events: '13mo', prospects: '3y' }),
  tracking: z
    .strictObject({
      clicks: z.enum(['individual', 'aggregate']).default('individual'),
      opens: z.enum(['off', 'consent']).default('off'),
    })
    .default({ clicks: 'individual', opens: 'off' }),
});

/** A checked `relance.yaml`, its defaults filled in. */
export type RelanceConfig = z.output<typeof relanceSchema>;
