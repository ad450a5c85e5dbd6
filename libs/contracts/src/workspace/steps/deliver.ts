import { z } from 'zod';
import { idSchema, stepIdSchema } from '../shared.js';

const common = {
  id: stepIdSchema.optional(),
  on_withheld: z.enum(['continue', 'exit', 'wait']).default('continue'),
};

/** `deliver`: the decision's action, or a named one, through the policy gate. */
export const deliverSource = z.strictObject({
  deliver: z.union([
    z.strictObject({ decision: stepIdSchema, ...common }),
    z.strictObject({ action: idSchema, ...common }),
  ]),
});

/** A delivery as written. */
export type DeliverSource = z.output<typeof deliverSource>;
