import type { Migration } from '../base/migrate.js';

/** The one row that the clocks of api and worker share. */
export const clockMigrations: readonly Migration[] = [
  {
    id: 'clock/001-anchor',
    sql: `
CREATE TABLE clock_anchor (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  kind text NOT NULL,
  domain_ms bigint NOT NULL,
  wall_ms bigint NOT NULL,
  speed double precision NOT NULL,
  wished_speed double precision NOT NULL,
  start_ms bigint
) WITH (fillfactor = 20);
`,
  },
];
