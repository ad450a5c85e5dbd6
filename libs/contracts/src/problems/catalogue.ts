import type { CatalogueEntry } from './entry.js';
import { ADVICE_PROBLEMS } from './advice-problems.js';
import { CONTENT_PROBLEMS } from './content-problems.js';
import { FILE_PROBLEMS } from './file-problems.js';
import { IMPORT_PROBLEMS } from './import-problems.js';
import { SCENARIO_PROBLEMS } from './scenario-problems.js';
import { TEST_PROBLEMS } from './test-problems.js';

/**
 * Every problem of the files that people write or import, by code. 10xx reading a file, 11xx its shape, 12xx scenarios,
 * 13xx names and what files say of each other, 14xx templates and texts, 15xx expressions, 16xx the
 * other kinds, 17xx imported files, 18xx tests of scenarios. A code is never given to another problem.
 */
export const CATALOGUE = {
  ...FILE_PROBLEMS,
  ...SCENARIO_PROBLEMS,
  ...CONTENT_PROBLEMS,
  ...IMPORT_PROBLEMS,
  ...ADVICE_PROBLEMS,
  ...TEST_PROBLEMS,
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

/** The codes of these problems. */
export type ProblemCode = keyof typeof CATALOGUE;
