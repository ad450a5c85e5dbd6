import type { Migration } from '../base/migrate.js';

/** Commands for CRMs, and what was last said to and by each. Times of retries are of the wall. */
export const crmMigrations: readonly Migration[] = [
  {
    id: 'crm/001-outbox',
    sql: `
CREATE TABLE crm_outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  connector text NOT NULL,
  partition_key text NOT NULL,
  dedupe_key text NOT NULL UNIQUE,
  type text NOT NULL,
  merge_key text,
  payload text NOT NULL,
  ref text,
  attempts integer NOT NULL DEFAULT 0,
  next_at bigint NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'pending',
  last_error text,
  batch_id bigint,
  done_wall_ms bigint
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX crm_outbox_pending ON crm_outbox (connector, type, id) WHERE state = 'pending';
CREATE INDEX crm_outbox_merge ON crm_outbox (connector, partition_key, merge_key)
  WHERE state = 'pending' AND merge_key IS NOT NULL;
CREATE INDEX crm_outbox_batch ON crm_outbox (batch_id, id) WHERE state = 'batched';
CREATE INDEX crm_outbox_refused ON crm_outbox (connector, id) WHERE state = 'refused';
CREATE INDEX crm_outbox_done ON crm_outbox (connector, done_wall_ms) WHERE state = 'done';

-- A batch is stored before its first push: whatever happens then, a repeat is the same batch.
CREATE TABLE crm_batch (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  connector text NOT NULL,
  type text NOT NULL,
  first_id bigint NOT NULL,
  last_id bigint NOT NULL,
  n integer NOT NULL,
  state text NOT NULL DEFAULT 'open',
  attempts integer NOT NULL DEFAULT 0,
  first_tried_wall_ms bigint,
  next_at bigint NOT NULL DEFAULT 0,
  closed_wall_ms bigint
);
CREATE UNIQUE INDEX crm_batch_open ON crm_batch (connector, type) WHERE state = 'open';

CREATE TABLE crm_known (
  connector text NOT NULL,
  contact text NOT NULL,
  what text NOT NULL,
  value text NOT NULL,
  mark bigint NOT NULL,
  PRIMARY KEY (connector, contact, what)
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02);

-- One campaign an order.
CREATE TABLE crm_credit (event_key text PRIMARY KEY, scenario text NOT NULL);

CREATE TABLE crm_skipped (
  connector text NOT NULL,
  reason text NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (connector, reason)
);

CREATE TABLE crm_link (
  connector text NOT NULL,
  key text NOT NULL,
  hash text NOT NULL,
  seq integer NOT NULL,
  PRIMARY KEY (connector, key)
) WITH (fillfactor = 85);

CREATE TABLE crm_file (
  connector text NOT NULL,
  name text NOT NULL,
  hash text NOT NULL,
  done_wall_ms bigint NOT NULL,
  PRIMARY KEY (connector, name, hash)
);
`,
  },
];
