import { z } from 'zod';
import { daysSchema, described, durationSchema, idSchema, traitNameSchema } from './shared.js';

const stream = z.enum(['contacts', 'accounts', 'targets', 'complaints', 'tasks']);

/** Name of a column of an exchanged file. */
const column = z.string().min(1).max(100);

/** What a CRM may be told of, by the language, and what nothing of this version makes. */
export const LATER_PUSHES = ['upsertContact', 'loyalty'] as const;

/** `crm/*.yaml` of the file connector: which columns mean what, and what is written back. */
export const crmSchema = z.strictObject({
  connector: idSchema,
  ...described,
  kind: z.literal('file'),
  /** The source in profile.yaml whose claims these are. */
  source: idSchema,
  format: z.enum(['csv', 'jsonl']).default('csv'),
  every: durationSchema.default('1m'),
  pull: z
    .partialRecord(
      stream,
      z.strictObject({
        /** Id namespaces by column: `{ customer_id: code }`. */
        identity: z.record(idSchema, column).optional(),
        traits: z.record(traitNameSchema, column).default({}),
        consents: z
          .record(
            z.string().regex(/^(email|sms|call)\.[a-z0-9_-]+$/, { error: 'property' }),
            column,
          )
          .default({}),
        /** Columns of the stream's own fields: `{ owner: rep_email }`. */
        fields: z.record(traitNameSchema, column).default({}),
      }),
    )
    .default({}),
  push: z
    .array(z.enum(['membership', 'activity', 'task', 'consent', 'deliverability', 'scores']))
    .default([]),
  policy: z
    .strictObject({
      consent_from_crm: z.enum(['restrictive_only', 'all']).default('restrictive_only'),
      attribution: daysSchema.default('14d'),
    })
    .default({ consent_from_crm: 'restrictive_only', attribution: '14d' }),
});

/** A checked connector. */
export type CrmConfig = z.output<typeof crmSchema>;
