import type { CatalogueEntry } from './entry.js';
import { CONTENT_PROBLEMS } from './content-problems.js';
import { FILE_PROBLEMS } from './file-problems.js';
import { SCENARIO_PROBLEMS } from './scenario-problems.js';

/**
 * Every problem a workspace can have, by code. 10xx reading a file, 11xx its shape, 12xx scenarios,
 * 13xx names, 14xx templates and texts, 15xx expressions, 16xx the other kinds. A code is never
 * given to another problem.
 */
export const CATALOGUE = {
  ...FILE_PROBLEMS,
  ...SCENARIO_PROBLEMS,
  ...CONTENT_PROBLEMS,
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

/** The codes of workspace problems. */
export type ProblemCode = keyof typeof CATALOGUE;
