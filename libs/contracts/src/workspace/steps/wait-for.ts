import { z } from 'zod';
import { durationSchema, stepIdSchema } from '../shared.js';
import { onResumeSchema, triggerFields, triggerSchema, type TriggerSource } from '../trigger.js';

/** A wait for an event as written. */
export interface WaitForSource<Steps> {
  readonly wait_for: TriggerSource & {
    readonly id?: string | undefined;
    readonly any?: readonly TriggerSource[] | undefined;
    readonly up_to?: string | undefined;
    readonly lookback?: 'entry' | 'previous' | undefined;
    readonly then?: Steps | undefined;
    readonly else?: Steps | undefined;
    readonly on_resume?: 'continue' | 'skip' | 'exit' | undefined;
  };
}

/** `wait_for`: one event, any of several, or a segment entered. */
export function waitForSource<Steps>(steps: z.ZodType<Steps>) {
  return z.strictObject({
    wait_for: z.strictObject({
      id: stepIdSchema.optional(),
      ...triggerFields,
      any: z.array(triggerSchema).min(1).max(20).optional(),
      up_to: durationSchema.optional(),
      lookback: z.enum(['entry', 'previous']).optional(),
      then: steps.optional(),
      else: steps.optional(),
      on_resume: onResumeSchema.optional(),
    }),
  });
}
