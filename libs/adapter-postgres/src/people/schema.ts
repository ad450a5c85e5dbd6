import type { Migration } from '../base/migrate.js';

/** What contact policy adds to the profile store's tables. */
export const peopleMigrations: readonly Migration[] = [
  {
    id: 'people/001-suppression-purpose',
    sql: `
-- Null: every purpose; an unsubscription names the purpose it refuses.
ALTER TABLE suppression ADD COLUMN purpose text;
`,
  },
  {
    id: 'people/002-rfm-history',
    sql: `
-- Where the reading of history rested when the cuts were taken; null: in the midst of it.
ALTER TABLE rfm_cut ADD COLUMN history_offset bigint;
`,
  },
];
