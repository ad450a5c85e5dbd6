import { z } from 'zod';
import { described, idSchema } from './shared.js';

const example = z.union([z.string(), z.number(), z.boolean()]);

/** `templates/<id>/template.yaml`: what a template is for and what it may read. */
export const templateSchema = z.strictObject({
  template: idSchema,
  ...described,
  purpose: idSchema,
  /** Paths the template reads (`profile.firstName`) with example values for previews. */
  variables: z
    .record(
      z.string().regex(/^(profile|account|entry|decision|vars)(\.[A-Za-z][A-Za-z0-9_]*)+$/, {
        error: 'property',
      }),
      z.union([
        example,
        z.strictObject({
          example,
          /** Used where the value is missing; without it the message is withheld. */
          default: example.optional(),
        }),
      ]),
    )
    .default({}),
});

/** A checked template.yaml. */
export type TemplateConfig = z.output<typeof templateSchema>;
