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
];
