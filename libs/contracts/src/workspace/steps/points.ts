import { z } from 'zod';
import { celNumberSchema, idSchema, stepIdSchema } from '../shared.js';

const common = { id: stepIdSchema.optional(), reason: idSchema };

/** `points`: adds or takes loyalty points. */
export const pointsSource = z.strictObject({
  points: z.union([
    z.strictObject({ add: celNumberSchema, ...common }),
    z.strictObject({ take: celNumberSchema, ...common }),
  ]),
});

/** Points as written. */
export type PointsSource = z.output<typeof pointsSource>;
