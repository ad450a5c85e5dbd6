import { z } from 'zod';
import { idSchema, stepIdSchema } from '../shared.js';

/** Branches side by side as written. */
export interface ParallelSource<Steps> {
  readonly parallel: {
    readonly id?: string | undefined;
    readonly join: 'all' | 'any';
    readonly branches: readonly {
      readonly name?: string | undefined;
      readonly then: Steps;
    }[];
  };
}

/** `parallel`: branches that run side by side and join. */
export function parallelSource<Steps>(steps: z.ZodType<Steps>) {
  const branch = z.strictObject({ name: idSchema.optional(), then: steps });
  return z.strictObject({
    parallel: z.strictObject({
      id: stepIdSchema.optional(),
      join: z.enum(['all', 'any']).default('all'),
      branches: z.array(branch).min(2).max(8),
    }),
  });
}
