import { z } from 'zod';
import { idSchema, stepIdSchema, timeoutSchema } from '../shared.js';
import { measuredSchema } from '../trigger.js';

/** `decide`: asks the decision service; the answer is `decision.<id>`. */
export const decideSource = z.strictObject({
  decide: z.strictObject({
    id: stepIdSchema,
    actions: z
      .array(idSchema)
      .min(1)
      .max(50)
      .refine((actions) => new Set(actions).size === actions.length, { error: 'unique' }),
    reward: measuredSchema.optional(),
    model: z.enum(['betaTS', 'random', 'rules']).default('betaTS'),
    business_as_usual: idSchema.optional(),
    timeout: timeoutSchema.default('150ms'),
    fallback: idSchema,
  }),
});

/** A decision as written. */
export type DecideSource = z.output<typeof decideSource>;
