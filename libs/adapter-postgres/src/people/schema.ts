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
];
