import { z } from 'zod';
import { celSchema } from '../shared.js';

/** A value as it stands, or `{ cel: "..." }`. */
export const valueSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.union([z.string(), z.number(), z.boolean()])),
  z.strictObject({ cel: celSchema }),
]);
