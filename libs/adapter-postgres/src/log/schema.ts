import type { Migration } from '../base/migrate.js';

const TABLES = ['log_events_raw', 'log_events_historical', 'log_profile_changes', 'log_facts'];

const topicTable = (name: string): string => `
CREATE TABLE ${name} (
  day integer NOT NULL,
  part integer NOT NULL,
  "offset" bigint NOT NULL,
  key text NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (part, "offset", day)
) PARTITION BY RANGE (day);
CREATE TABLE ${name}_default PARTITION OF ${name} DEFAULT;
ALTER TABLE ${name}_default SET (autovacuum_vacuum_insert_scale_factor = 0.5);
`;

/** The embedded event log: a table a topic, by day, and the heads that give offsets. */
export const logMigrations: readonly Migration[] = [
  {
    id: 'log/001-log',
    sql: `
CREATE TABLE log_setting (name text PRIMARY KEY, value integer NOT NULL);
CREATE TABLE log_head (
  topic text NOT NULL,
  part integer NOT NULL,
  next_offset bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (topic, part)
) WITH (fillfactor = 50);
CREATE TABLE log_offset (
  consumer text NOT NULL,
  topic text NOT NULL,
  part integer NOT NULL,
  next_offset bigint NOT NULL,
  PRIMARY KEY (consumer, topic, part)
) WITH (fillfactor = 50);
${TABLES.map(topicTable).join('')}
CREATE TABLE change_outbox (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  key text NOT NULL,
  value text NOT NULL
);
CREATE TABLE fact_outbox (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  key text NOT NULL,
  value text NOT NULL
);
`,
  },
  {
    id: 'log/002-outboxes-stay-small',
    sql: `
-- Every row is deleted soon after it was written: what is left must be cleared away as soon.
ALTER TABLE change_outbox SET (autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE fact_outbox SET (autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
`,
  },
  {
    id: 'log/003-outboxes-know-partitions',
    sql: `
-- So that rows move to the log within the store. What waits while this step is applied, and has no
-- hash, goes to the first partition: delivered, at worst out of order with what follows of its key.
ALTER TABLE change_outbox ADD COLUMN hash bigint NOT NULL DEFAULT 0;
ALTER TABLE fact_outbox ADD COLUMN hash bigint NOT NULL DEFAULT 0;
`,
  },
  {
    id: 'log/004-appended-at',
    sql: `
-- Wall time of the append, so that a reader can tell how far it is behind; null for older rows.
${TABLES.map((name) => `ALTER TABLE ${name} ADD COLUMN appended_at_ms bigint;`).join('\n')}
`,
  },
];
