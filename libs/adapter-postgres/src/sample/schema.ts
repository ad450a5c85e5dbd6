import type { Migration } from '../base/migrate.js';

/** How far the sample has come. */
export const sampleMigrations: readonly Migration[] = [
  {
    id: 'sample/001-progress',
    sql: `
CREATE TABLE sample_progress (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  progress text NOT NULL
);
`,
  },
  {
    id: 'sample/002-removal',
    sql: `
-- Its row stays for good: who took the sample away does not want it back at the next start.
CREATE TABLE sample_removal (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  asked_at_ms bigint NOT NULL,
  is_done boolean NOT NULL DEFAULT false,
  removed text NOT NULL DEFAULT '{}'
);
`,
  },
];
