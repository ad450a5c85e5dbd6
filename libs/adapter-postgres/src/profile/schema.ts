import type { Migration } from '../base/migrate.js';

/** The single customer repository. Ids sort by code unit everywhere, as the code sorts them. */
export const profileMigrations: readonly Migration[] = [
  {
    id: 'profile/001-profiles',
    sql: `
CREATE TABLE profile (
  profile_id text COLLATE "C" PRIMARY KEY,
  version bigint NOT NULL,
  merged_into text COLLATE "C",
  group_unit text NOT NULL,
  account_id text COLLATE "C",
  first_seen_ms bigint NOT NULL,
  updated_at_ms bigint NOT NULL,
  merge_count integer NOT NULL DEFAULT 0,
  is_sample boolean NOT NULL DEFAULT false,
  has_purchased boolean NOT NULL DEFAULT false,
  memberships text NOT NULL DEFAULT '[]',
  doc jsonb NOT NULL
) WITH (fillfactor = 75, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX profile_merged ON profile (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX profile_account ON profile (account_id) WHERE account_id IS NOT NULL;

CREATE TABLE node (
  node_id text COLLATE "C" PRIMARY KEY,
  profile_id text COLLATE "C" NOT NULL,
  created_at_ms bigint NOT NULL
) WITH (fillfactor = 90);
CREATE INDEX node_profile ON node (profile_id);

CREATE TABLE profile_identity (
  ns text COLLATE "C" NOT NULL,
  value_norm text COLLATE "C" NOT NULL,
  node_id text COLLATE "C" NOT NULL,
  first_seen_ms bigint NOT NULL,
  last_seen_ms bigint NOT NULL,
  is_verified boolean NOT NULL,
  PRIMARY KEY (ns, value_norm)
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX profile_identity_node ON profile_identity (node_id);

CREATE TABLE claim (
  node_id text COLLATE "C" NOT NULL,
  trait text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  value text NOT NULL,
  observed_at_ms bigint NOT NULL,
  event_key uuid NOT NULL,
  is_verified boolean NOT NULL,
  PRIMARY KEY (node_id, trait, source, is_verified)
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02);

CREATE TABLE event (
  event_day date NOT NULL,
  msg_key uuid NOT NULL,
  node_id text COLLATE "C",
  at_ms bigint NOT NULL,
  received_at_ms bigint NOT NULL,
  body_hash text NOT NULL,
  is_historical boolean NOT NULL,
  is_bot boolean NOT NULL DEFAULT false,
  is_sample boolean NOT NULL DEFAULT false,
  source text NOT NULL,
  type text NOT NULL,
  name text NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (event_day, msg_key)
) PARTITION BY RANGE (event_day);
CREATE INDEX event_node ON event (node_id, at_ms);
CREATE TABLE event_default PARTITION OF event DEFAULT;

CREATE TABLE bucket_day (
  node_id text COLLATE "C" NOT NULL,
  metric text COLLATE "C" NOT NULL,
  unit text COLLATE "C" NOT NULL,
  day integer NOT NULL,
  n integer NOT NULL,
  sum_units numeric NOT NULL,
  min_units bigint,
  max_units bigint,
  first_at_ms bigint NOT NULL,
  first_key uuid NOT NULL,
  first_units bigint,
  last_at_ms bigint NOT NULL,
  last_key uuid NOT NULL,
  last_units bigint,
  PRIMARY KEY (node_id, metric, unit, day)
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02);

CREATE TABLE agg_deadline (
  profile_id text COLLATE "C" PRIMARY KEY,
  due_at_ms bigint NOT NULL
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX agg_deadline_due ON agg_deadline (due_at_ms);

CREATE TABLE consent_event (
  event_key uuid NOT NULL,
  channel text NOT NULL,
  purpose text NOT NULL,
  node_id text COLLATE "C" NOT NULL,
  status text NOT NULL,
  basis text,
  source text NOT NULL,
  proof text,
  at_ms bigint NOT NULL,
  is_bulk boolean NOT NULL,
  PRIMARY KEY (event_key, channel, purpose)
);
CREATE INDEX consent_event_node ON consent_event (node_id);

CREATE TABLE contact_point (
  channel text NOT NULL,
  address text COLLATE "C" NOT NULL,
  profile_id text COLLATE "C" NOT NULL,
  trait text NOT NULL,
  PRIMARY KEY (channel, address, profile_id)
);
CREATE INDEX contact_point_profile ON contact_point (profile_id);

CREATE TABLE suppression (
  id text PRIMARY KEY,
  scope text NOT NULL,
  channel text NOT NULL,
  profile_id text COLLATE "C",
  address_hash text,
  action text,
  reason text NOT NULL,
  is_active boolean NOT NULL,
  version integer NOT NULL DEFAULT 1,
  from_ms bigint NOT NULL,
  until_ms bigint
);
CREATE INDEX suppression_profile ON suppression (profile_id) WHERE profile_id IS NOT NULL;
CREATE INDEX suppression_address ON suppression (address_hash) WHERE address_hash IS NOT NULL;

CREATE TABLE account (
  account_id text COLLATE "C" PRIMARY KEY,
  version bigint NOT NULL,
  updated_at_ms bigint NOT NULL,
  is_sample boolean NOT NULL DEFAULT false,
  traits text NOT NULL DEFAULT '{}'
) WITH (fillfactor = 85);
CREATE TABLE account_identity (
  ns text COLLATE "C" NOT NULL,
  value_norm text COLLATE "C" NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (ns, value_norm)
);
CREATE INDEX account_identity_account ON account_identity (account_id);
CREATE TABLE account_member (
  node_id text COLLATE "C" NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  is_member boolean NOT NULL,
  role text,
  from_ms bigint NOT NULL,
  to_ms bigint,
  event_key uuid NOT NULL,
  PRIMARY KEY (node_id, account_id)
);
CREATE INDEX account_member_account ON account_member (account_id);

CREATE TABLE merge_log (
  merge_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  target text COLLATE "C" NOT NULL,
  source text COLLATE "C" NOT NULL,
  node_ids text[] NOT NULL,
  ns text NOT NULL,
  at_ms bigint NOT NULL,
  undone_at_ms bigint
);
CREATE INDEX merge_log_target ON merge_log (target);
CREATE INDEX merge_log_source ON merge_log (source);
CREATE TABLE merge_refused (
  profile_id text COLLATE "C" NOT NULL,
  other_id text COLLATE "C" NOT NULL,
  ns text NOT NULL,
  reason text NOT NULL,
  first_at_ms bigint NOT NULL,
  last_at_ms bigint NOT NULL,
  n integer NOT NULL DEFAULT 1,
  PRIMARY KEY (profile_id, other_id, ns, reason)
);
CREATE TABLE cannot_link (
  node_a text COLLATE "C" NOT NULL,
  node_b text COLLATE "C" NOT NULL,
  PRIMARY KEY (node_a, node_b)
);
CREATE INDEX cannot_link_b ON cannot_link (node_b);

CREATE TABLE segment_member (
  segment text NOT NULL,
  profile_id text COLLATE "C" NOT NULL,
  since_ms bigint NOT NULL,
  left_at_ms bigint,
  PRIMARY KEY (segment, profile_id)
) WITH (fillfactor = 85);
CREATE INDEX segment_member_profile ON segment_member (profile_id);

CREATE TABLE rfm_cut (
  dimension text PRIMARY KEY,
  cuts text NOT NULL,
  computed_at_ms bigint NOT NULL
);

CREATE TABLE dead_letter (
  id text PRIMARY KEY,
  source text NOT NULL,
  stage text NOT NULL,
  code text NOT NULL,
  detail text NOT NULL,
  topic text NOT NULL,
  key text NOT NULL,
  raw text NOT NULL,
  first_at_ms bigint NOT NULL,
  attempts integer NOT NULL,
  state text NOT NULL
);
CREATE INDEX dead_letter_state ON dead_letter (state, first_at_ms);

-- Long bodies are compressed by lz4 where the server was built with it.
DO $$ BEGIN
  ALTER TABLE event ALTER COLUMN body SET COMPRESSION lz4;
  ALTER TABLE event_default ALTER COLUMN body SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN NULL;
END $$;
`,
  },
  {
    id: 'profile/002-erased',
    sql: `
-- Keyed hashes of the ids of people erased: what happened before must not come back by a replay.
CREATE TABLE erased_identity (
  id_hash text COLLATE "C" PRIMARY KEY,
  erased_at_ms bigint NOT NULL
);
`,
  },
  {
    id: 'profile/003-member-at',
    sql: `
-- Time of the last word on a membership; from_ms is since when it lasts.
ALTER TABLE account_member ADD COLUMN at_ms bigint NOT NULL DEFAULT 0;
`,
  },
  {
    id: 'profile/004-dead-letter-correction',
    sql: `
-- What was replayed in place of the message, by whom and when; raw stays as it came.
ALTER TABLE dead_letter ADD COLUMN corrected_raw text, ADD COLUMN corrected_by text,
  ADD COLUMN corrected_at_ms bigint;
`,
  },
  {
    id: 'profile/005-rfm-told',
    sql: `
-- The score last told, so that a change is told once, whatever moved: the person or the cuts.
ALTER TABLE profile ADD COLUMN rfm text NOT NULL DEFAULT '';
`,
  },
];
