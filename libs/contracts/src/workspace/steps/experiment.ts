import { z } from 'zod';
import { idSchema, stepIdSchema } from '../shared.js';

/** An experiment as written. */
export interface ExperimentSource<Steps> {
  readonly experiment: {
    readonly id: string;
    readonly arms: readonly {
      readonly name: string;
      readonly weight: number;
      readonly then?: Steps | undefined;
    }[];
  };
}

/** `experiment`: sticky arms by weight. */
export function experimentSource<Steps>(steps: z.ZodType<Steps>) {
  const arm = z.strictObject({
    name: idSchema,
    weight: z
      .number({ error: 'positive' })
      .positive({ error: 'positive' })
      .max(1_000_000)
      .default(1),
    then: steps.optional(),
  });
  return z.strictObject({
    experiment: z.strictObject({ id: stepIdSchema, arms: z.array(arm).min(2).max(20) }),
  });
}
