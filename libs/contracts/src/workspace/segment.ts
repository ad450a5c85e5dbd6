import { z } from 'zod';
import { celSchema, described, idSchema } from './shared.js';

/** `segments/*.yaml`: a named condition over a profile. */
export const segmentSchema = z.strictObject({
  segment: idSchema,
  ...described,
  when: celSchema,
});

/** A checked segment. */
export type SegmentConfig = z.output<typeof segmentSchema>;
