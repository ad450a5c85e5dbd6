import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's folder, absolute. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A path in the checkout. */
export const inRoot = (...parts) => join(root, ...parts);
