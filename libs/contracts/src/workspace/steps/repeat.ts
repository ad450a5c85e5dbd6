import { z } from 'zod';
import { celSchema, stepIdSchema } from '../shared.js';

/** A bounded loop as written. */
export interface RepeatSource<Steps> {
  readonly repeat: {
    readonly id?: string | undefined;
    readonly times: number;
    readonly until?: string | undefined;
    readonly then: Steps;
  };
}

/** `repeat`: the same steps again, at most so many times, until a condition holds. */
export function repeatSource<Steps>(steps: z.ZodType<Steps>) {
  return z.strictObject({
    repeat: z.strictObject({
      id: stepIdSchema.optional(),
      times: z.int().min(1).max(100),
      until: celSchema.optional(),
      then: steps,
    }),
  });
}
