import type { Migration } from '../base/migrate.js';

/** Who may sign in, and what the console's pages need to stay quick. Times here are of the wall. */
export const consoleMigrations: readonly Migration[] = [
  {
    id: 'console/001-access',
    sql: `
CREATE TABLE console_user (
  id text PRIMARY KEY,
  email text NOT NULL UNIQUE,
  name text NOT NULL,
  role text NOT NULL,
  password_hash text NOT NULL,
  created_wall_ms bigint NOT NULL,
  last_sign_in_wall_ms bigint
);
CREATE TABLE console_session (
  hash text PRIMARY KEY,
  user_id text NOT NULL REFERENCES console_user ON DELETE CASCADE,
  created_wall_ms bigint NOT NULL,
  until_wall_ms bigint NOT NULL
);
CREATE INDEX console_session_until ON console_session (until_wall_ms);
CREATE TABLE console_link (
  hash text PRIMARY KEY,
  user_id text NOT NULL REFERENCES console_user ON DELETE CASCADE,
  until_wall_ms bigint NOT NULL
);
ALTER TABLE access_key ADD COLUMN prefix text NOT NULL DEFAULT '';
ALTER TABLE access_key ADD COLUMN created_by text NOT NULL DEFAULT '';
ALTER TABLE access_key ADD COLUMN last_used_wall_ms bigint;
`,
  },
  {
    id: 'console/002-sources',
    sql: `
-- The latest publishing whose file made a definition.
CREATE TABLE definition_source (
  definition text PRIMARY KEY,
  scenario text NOT NULL,
  seq bigint NOT NULL,
  path text NOT NULL
);
`,
  },
  {
    id: 'console/003-reading',
    // Ranges by time are read through block summaries, which cost writers next to nothing. Names are
    // found by their claims: an index on the profile's document would make each of its updates
    // touch every index.
    sql: `
CREATE INDEX enrolment_entered ON enrolment USING brin (entered_at_ms);
CREATE INDEX enrolment_step ON enrolment (scenario, step_id, status);
CREATE INDEX enrolment_ended_entered ON enrolment_ended USING brin (entered_at_ms);
CREATE INDEX delivery_intended_time ON delivery USING brin (intended_at_ms);
CREATE INDEX outcome_time ON outcome USING brin (at_ms);
CREATE INDEX outcome_decision ON outcome (decision_id) WHERE decision_id IS NOT NULL;
CREATE INDEX decision_scenario ON decision (scenario, decided_at_ms);
CREATE INDEX claim_name ON claim
  (translate(lower(value), 'àâäçéèêëîïôöùûü', 'aaaceeeeiioouuu') text_pattern_ops)
  WHERE trait IN ('firstName', 'lastName', 'name', 'first_name', 'last_name');
CREATE INDEX account_owner ON account (lower(traits::jsonb->'owner'->>'value'));
CREATE INDEX account_name ON account
  (translate(lower(traits::jsonb->'name'->>'value'), 'àâäçéèêëîïôöùûü', 'aaaceeeeiioouuu')
   text_pattern_ops);
CREATE INDEX event_complaint ON event (node_id, at_ms)
  WHERE name IN ('complaint_opened', 'complaint_closed');
CREATE INDEX event_order ON event (node_id, at_ms) WHERE name = 'order_completed';
CREATE INDEX task_open_due ON task (due_at_ms) WHERE state = 'open';
`,
  },
  {
    id: 'console/004-lighter',
    // Every move of every enrolment paid for it, for the sake of a list that is opened now and then.
    sql: 'DROP INDEX enrolment_step;',
  },
  {
    id: 'console/005-operator-acts',
    sql: `
CREATE TABLE operator_act (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at_ms bigint NOT NULL,
  author text NOT NULL,
  act text NOT NULL,
  scope text NOT NULL,
  people integer NOT NULL,
  job_id text
);
`,
  },
  {
    id: 'console/006-draft',
    sql: `
-- What is edited in the console and not published yet; no source: the file is to be taken away.
CREATE TABLE workspace_draft (
  path text PRIMARY KEY,
  source text,
  hash text NOT NULL,
  base_hash text,
  author text NOT NULL,
  updated_at_ms bigint NOT NULL
);
-- Versions that came from the draft; every other came from a folder.
CREATE TABLE workspace_drafted (seq bigint PRIMARY KEY);
`,
  },
];
