import { z } from 'zod';
import { idSchema } from '../shared.js';

/** `exit: name`. */
export const exitSource = z.strictObject({ exit: idSchema });

/** An end as written. */
export type ExitSource = z.output<typeof exitSource>;
