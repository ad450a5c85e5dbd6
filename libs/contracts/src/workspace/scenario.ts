import { z } from 'zod';
import { entrySchema } from './entry.js';
import { described, durationSchema, idSchema, localTextSchema, shareSchema } from './shared.js';
import { stepListSchema } from './steps/step.js';
import { measuredSchema, triggerFields } from './trigger.js';

const exit = z.strictObject({ ...triggerFields, as: idSchema });

/** `<scenario>.yaml`. */
export const scenarioSchema = z.strictObject({
  scenario: idSchema,
  name: localTextSchema,
  description: described.description,
  purpose: idSchema,
  priority: z.int().min(0).max(100).default(50),
  owner: z.string().min(1).max(100).optional(),
  entry: entrySchema,
  exit: z.array(exit).max(50).default([]),
  goal: measuredSchema.optional(),
  holdout: shareSchema.default('0%'),
  limits: z.strictObject({ max_age: durationSchema.default('90d') }).default({ max_age: '90d' }),
  on_change: z.enum(['pin', 'migrate']).default('pin'),
  redirects: z.record(z.string().min(1).max(400), z.string().min(1).max(400)).optional(),
  steps: stepListSchema,
});

/** A checked scenario as written, defaults filled in. */
export type ScenarioSource = z.output<typeof scenarioSchema>;
