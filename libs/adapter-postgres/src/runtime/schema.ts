import type { Migration } from '../base/migrate.js';

/** Enrolments, their ledger, inbox and watches, and what became of decisions and messages. */
export const runtimeMigrations: readonly Migration[] = [
  {
    id: 'runtime/001-enrolments',
    sql: `
CREATE TABLE lease (
  name text PRIMARY KEY,
  owner text NOT NULL,
  epoch bigint NOT NULL,
  until_wall_ms bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE enrolment (
  id text PRIMARY KEY,
  profile_id text NOT NULL,
  scenario text NOT NULL,
  definition text NOT NULL,
  entry_key text NOT NULL,
  grp text NOT NULL,
  status text NOT NULL,
  step_id text NOT NULL DEFAULT '',
  version integer NOT NULL,
  entered_at_ms bigint NOT NULL,
  due_at_ms bigint,
  flags integer NOT NULL DEFAULT 0,
  state text NOT NULL
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX enrolment_profile ON enrolment (profile_id);
CREATE INDEX enrolment_due ON enrolment (due_at_ms) WHERE due_at_ms IS NOT NULL;

CREATE TABLE enrolment_ended (
  id text PRIMARY KEY,
  profile_id text NOT NULL,
  scenario text NOT NULL,
  definition text NOT NULL,
  entry_key text NOT NULL,
  grp text NOT NULL,
  version integer NOT NULL,
  entered_at_ms bigint NOT NULL,
  ended_at_ms bigint NOT NULL,
  ended_as text NOT NULL,
  flags integer NOT NULL DEFAULT 0
);
CREATE INDEX enrolment_ended_profile ON enrolment_ended (profile_id);
CREATE INDEX enrolment_ended_scenario ON enrolment_ended (scenario, ended_at_ms);

CREATE TABLE entry_ledger (
  scenario text NOT NULL,
  profile_id text NOT NULL,
  entry_key text NOT NULL,
  enrolment_id text NOT NULL,
  last_entered_at_ms bigint NOT NULL,
  PRIMARY KEY (scenario, profile_id, entry_key)
) WITH (fillfactor = 90);
CREATE INDEX entry_ledger_profile ON entry_ledger (profile_id);

CREATE TABLE inbox (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  enrolment_id text NOT NULL,
  input text NOT NULL
);

CREATE TABLE watch (
  id text PRIMARY KEY,
  profile_id text NOT NULL,
  kind text NOT NULL,
  enrolment_id text NOT NULL,
  decision_id text,
  scenario text NOT NULL,
  definition text NOT NULL,
  step_id text,
  event_names text[] NOT NULL,
  grp text NOT NULL,
  vars text NOT NULL,
  from_ms bigint NOT NULL,
  until_ms bigint NOT NULL,
  matched integer NOT NULL DEFAULT 0,
  flags integer NOT NULL DEFAULT 0
) WITH (fillfactor = 90);
CREATE INDEX watch_profile ON watch (profile_id);
CREATE INDEX watch_until ON watch (until_ms);

CREATE TABLE outcome (
  id text PRIMARY KEY,
  watch_id text,
  kind text NOT NULL,
  profile_id text NOT NULL,
  account_id text,
  at_ms bigint NOT NULL,
  value numeric(18,4),
  currency text NOT NULL DEFAULT '',
  event_key text,
  delivery_id text,
  decision_id text,
  enrolment_id text,
  scenario text,
  attributed_by text NOT NULL
);
CREATE INDEX outcome_profile ON outcome (profile_id, at_ms);
CREATE INDEX outcome_account ON outcome (account_id, at_ms) WHERE account_id IS NOT NULL;

CREATE TABLE task (
  id text PRIMARY KEY,
  command_id text NOT NULL UNIQUE,
  profile_id text NOT NULL,
  account_id text,
  owner text NOT NULL,
  scenario text,
  enrolment_id text,
  decision_id text,
  title text NOT NULL,
  note text,
  reasons text NOT NULL DEFAULT '[]',
  due_at_ms bigint,
  state text NOT NULL,
  outcome text,
  version integer NOT NULL,
  created_at_ms bigint NOT NULL,
  closed_at_ms bigint,
  sample boolean NOT NULL DEFAULT false
);
CREATE INDEX task_owner ON task (owner, state, due_at_ms);
CREATE INDEX task_account ON task (account_id, state);
CREATE INDEX task_profile ON task (profile_id);
`,
  },
  {
    id: 'runtime/002-decisions',
    sql: `
CREATE TABLE decision (
  id text PRIMARY KEY,
  command_id text NOT NULL UNIQUE,
  profile_id text NOT NULL,
  enrolment_id text,
  scenario text,
  step_id text,
  decided_at_ms bigint NOT NULL,
  chosen_action text NOT NULL,
  chosen_treatment text NOT NULL,
  sample boolean NOT NULL DEFAULT false,
  record text NOT NULL
);
CREATE INDEX decision_profile ON decision (profile_id, decided_at_ms);
CREATE INDEX decision_time ON decision (decided_at_ms);

CREATE TABLE profile_cap (profile_id text PRIMARY KEY) WITH (fillfactor = 90);
CREATE TABLE cap_reservation (
  command_id text PRIMARY KEY,
  profile_id text NOT NULL,
  channel text NOT NULL,
  purpose text NOT NULL,
  action text NOT NULL,
  day integer NOT NULL,
  state text NOT NULL,
  expires_at_ms bigint
) WITH (fillfactor = 80);
CREATE INDEX cap_reservation_profile ON cap_reservation (profile_id, day);
CREATE INDEX cap_reservation_action ON cap_reservation (action, day);

CREATE TABLE posterior (
  scenario text NOT NULL,
  step_id text NOT NULL,
  action text NOT NULL,
  treatment text NOT NULL,
  successes double precision NOT NULL,
  failures double precision NOT NULL,
  updated_at_ms bigint NOT NULL,
  PRIMARY KEY (scenario, step_id, action, treatment)
) WITH (fillfactor = 50);
CREATE TABLE model_version (
  name text PRIMARY KEY,
  version bigint NOT NULL
);
INSERT INTO model_version VALUES ('betaTS', 0);
CREATE TABLE reward (
  decision_id text NOT NULL,
  reward text NOT NULL,
  profile_id text NOT NULL,
  value double precision NOT NULL,
  is_final boolean NOT NULL,
  version integer NOT NULL,
  matured_at_ms bigint NOT NULL,
  PRIMARY KEY (decision_id, reward)
) WITH (fillfactor = 80);
`,
  },
  {
    id: 'runtime/003-deliveries',
    sql: `
CREATE TABLE delivery (
  id text PRIMARY KEY,
  command_id text NOT NULL UNIQUE,
  profile_id text NOT NULL,
  account_id text,
  enrolment_id text,
  decision_id text,
  reservation_id text NOT NULL,
  scenario text,
  step_id text,
  grp text NOT NULL,
  channel text NOT NULL,
  action text NOT NULL,
  treatment text NOT NULL,
  template text NOT NULL,
  purpose text NOT NULL,
  sender text NOT NULL,
  state text NOT NULL,
  version integer NOT NULL,
  vars text NOT NULL,
  links text NOT NULL DEFAULT '[]',
  intended_at_ms bigint NOT NULL,
  send_at_ms bigint NOT NULL,
  first_put_off_ms bigint,
  retry_wall_ms bigint NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0,
  claimed_by text,
  accepted_at_ms bigint,
  updated_at_ms bigint NOT NULL,
  provider text NOT NULL DEFAULT '',
  provider_id text,
  cost numeric(18,4) NOT NULL DEFAULT 0,
  currency text NOT NULL DEFAULT '',
  sms_segments integer,
  detail text,
  sample boolean NOT NULL DEFAULT false
) WITH (fillfactor = 70);
CREATE INDEX delivery_ready ON delivery (send_at_ms) WHERE state = 'intended';
CREATE INDEX delivery_in_hand ON delivery (claimed_by) WHERE state = 'sending';
CREATE INDEX delivery_uncertain ON delivery (updated_at_ms) WHERE state = 'uncertain';
CREATE INDEX delivery_profile ON delivery (profile_id, intended_at_ms);
CREATE INDEX delivery_enrolment ON delivery (enrolment_id) WHERE state = 'intended';
CREATE INDEX delivery_account ON delivery (account_id, intended_at_ms) WHERE account_id IS NOT NULL;

CREATE TABLE withheld (
  id text PRIMARY KEY,
  profile_id text NOT NULL,
  enrolment_id text,
  decision_id text,
  scenario text,
  step_id text,
  channel text NOT NULL,
  action text NOT NULL,
  stage text NOT NULL,
  reason text NOT NULL,
  at_ms bigint NOT NULL
);
CREATE INDEX withheld_profile ON withheld (profile_id, at_ms);
CREATE INDEX withheld_time ON withheld (at_ms);

CREATE TABLE delivery_event (
  id text PRIMARY KEY,
  delivery_id text NOT NULL,
  kind text NOT NULL,
  at_ms bigint NOT NULL,
  link text,
  code text,
  detail text,
  evidence text NOT NULL DEFAULT '[]'
);
CREATE INDEX delivery_event_delivery ON delivery_event (delivery_id, at_ms);

CREATE TABLE sandbox_message (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  delivery_id text,
  channel text NOT NULL,
  recipient text NOT NULL,
  sender text NOT NULL,
  subject text NOT NULL DEFAULT '',
  html text NOT NULL DEFAULT '',
  body text NOT NULL DEFAULT '',
  headers text NOT NULL DEFAULT '[]',
  at_ms bigint NOT NULL
);
CREATE INDEX sandbox_message_recipient ON sandbox_message (recipient, seq DESC);
CREATE INDEX sandbox_message_delivery ON sandbox_message (delivery_id);
`,
  },
  {
    id: 'runtime/002-claimed-ahead',
    sql: `
DROP INDEX delivery_ready;
DROP INDEX delivery_in_hand;
CREATE INDEX delivery_ready ON delivery (send_at_ms)
  WHERE state = 'intended' AND claimed_by IS NULL;
CREATE INDEX delivery_claimed ON delivery (claimed_by)
  WHERE state IN ('intended', 'sending') AND claimed_by IS NOT NULL;
`,
  },
  {
    id: 'runtime/003-due-tasks',
    sql: `
CREATE INDEX task_due ON task (due_at_ms) WHERE state = 'open';
`,
  },
  {
    id: 'runtime/004-webhooks',
    sql: `
-- One row a call that waits for its answer; the command names it for the receiver too.
CREATE TABLE webhook_call (
  id text PRIMARY KEY,
  enrolment_id text NOT NULL,
  profile_id text NOT NULL,
  scenario text NOT NULL,
  step_id text NOT NULL,
  endpoint text NOT NULL,
  body text NOT NULL,
  timeout_ms integer NOT NULL,
  asked_at_ms bigint NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  next_wall_ms bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 80);
CREATE INDEX webhook_call_next ON webhook_call (next_wall_ms, asked_at_ms);
CREATE INDEX webhook_call_enrolment ON webhook_call (enrolment_id);
CREATE INDEX webhook_call_profile ON webhook_call (profile_id);
`,
  },
  {
    id: 'runtime/005-packed-states',
    sql: `
-- States are packed from now on: what queries ask of them has columns.
ALTER TABLE enrolment ADD COLUMN since_ms bigint, ADD COLUMN waits_for text;
UPDATE enrolment SET since_ms = (state::jsonb #>> '{cursors,0,enteredAtMs}')::bigint,
  waits_for = state::jsonb #>> '{cursors,0,wait,kind}';
-- One index in place of two: who is asked for by profile finds the scenario and key beside it.
ALTER TABLE entry_ledger DROP CONSTRAINT entry_ledger_pkey,
  ADD PRIMARY KEY (profile_id, scenario, entry_key);
DROP INDEX entry_ledger_profile;
`,
  },
  {
    id: 'runtime/006-holds',
    sql: `
-- What operators hold: '*' is everything, else a scenario. Flag 4 of an enrolment: such a hold paused
-- it, and its end resumes it. Both indexes are empty where nothing is paused.
CREATE TABLE engine_hold (
  scope text PRIMARY KEY,
  since_ms bigint NOT NULL,
  author text NOT NULL
);
CREATE INDEX enrolment_held ON enrolment (scenario) WHERE flags & 4 <> 0;
CREATE INDEX enrolment_paused ON enrolment (scenario, id) WHERE status = 'paused';
`,
  },
];
