import { z } from 'zod';
import { celSchema, idSchema, stepIdSchema } from '../shared.js';

/** A branch of a split as written: `when`, or `otherwise`. */
export interface SplitBranchSource<Steps> {
  readonly name?: string | undefined;
  readonly when?: string | undefined;
  readonly otherwise?: true | undefined;
  readonly then?: Steps | undefined;
}

/** A split as written. */
export interface SplitSource<Steps> {
  readonly split:
    | readonly SplitBranchSource<Steps>[]
    | { readonly id?: string | undefined; readonly branches: readonly SplitBranchSource<Steps>[] };
}

/** `split`: first `when` that holds; `otherwise` required. */
export function splitSource<Steps>(steps: z.ZodType<Steps>) {
  // One object, not a choice of two: each choice would read the nested steps again, at each level.
  const branch = z
    .strictObject({
      name: idSchema.optional(),
      when: celSchema.optional(),
      otherwise: z.literal(true).optional(),
      then: steps.optional(),
    })
    .refine(({ when, otherwise }) => (when === undefined) !== (otherwise === undefined), {
      error: 'branch',
    });
  const branches = z.array(branch).min(1).max(20);
  return z.strictObject({
    split: z.union([branches, z.strictObject({ id: stepIdSchema.optional(), branches })]),
  });
}
