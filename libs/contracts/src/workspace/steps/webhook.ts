import { z } from 'zod';
import { idSchema, stepIdSchema, timeoutSchema, traitNameSchema } from '../shared.js';
import { valueSchema } from './values.js';

/** `webhook`: calls an endpoint of `relance.yaml`; the answer is `vars.<id>`. */
export const webhookSource = z.strictObject({
  webhook: z.strictObject({
    id: stepIdSchema.optional(),
    to: idSchema,
    body: z.record(traitNameSchema, valueSchema).default({}),
    timeout: timeoutSchema.default('10s'),
    on_failed: z.enum(['continue', 'exit']).default('continue'),
  }),
});

/** A call as written. */
export type WebhookSource = z.output<typeof webhookSource>;
