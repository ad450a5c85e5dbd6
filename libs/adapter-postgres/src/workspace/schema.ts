import type { Migration } from '../base/migrate.js';

/** Published workspaces: what compiled, the sources it came from, and the versions in flight. */
export const workspaceMigrations: readonly Migration[] = [
  {
    id: 'workspace/001-published',
    sql: `
CREATE TABLE workspace_version (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hash text NOT NULL,
  compiled text NOT NULL,
  author text NOT NULL,
  applied_at_ms bigint NOT NULL
);
CREATE TABLE workspace_file (
  seq bigint NOT NULL REFERENCES workspace_version,
  path text NOT NULL,
  source text NOT NULL,
  hash text NOT NULL,
  author text NOT NULL,
  PRIMARY KEY (seq, path)
);
CREATE TABLE definition (
  hash text PRIMARY KEY,
  scenario text NOT NULL,
  body text NOT NULL,
  published_at_ms bigint NOT NULL
);
CREATE INDEX definition_scenario ON definition (scenario);
CREATE TABLE scenario_state (
  scenario text PRIMARY KEY,
  definition text NOT NULL,
  state text NOT NULL,
  version integer NOT NULL
);
CREATE TABLE job (
  id text PRIMARY KEY,
  kind text NOT NULL,
  payload text NOT NULL,
  cursor text NOT NULL DEFAULT '',
  done bigint NOT NULL DEFAULT 0,
  total bigint,
  state text NOT NULL,
  updated_at_ms bigint NOT NULL
);
`,
  },
  {
    id: 'workspace/002-action-versions',
    sql: `
-- Versions of actions by content: since when each is known, and whether it is in force.
CREATE TABLE action_version (
  action text NOT NULL,
  definition text NOT NULL,
  published_at_ms bigint NOT NULL,
  is_active boolean NOT NULL,
  PRIMARY KEY (action, definition)
);
`,
  },
  {
    id: 'workspace/003-sample',
    sql: `
-- Published on a home that lives with the sample: analysts leave it out, and removal takes it away.
ALTER TABLE workspace_version ADD COLUMN is_sample boolean NOT NULL DEFAULT false;
ALTER TABLE action_version ADD COLUMN is_sample boolean NOT NULL DEFAULT false;
`,
  },
  {
    id: 'workspace/004-taken-back',
    sql: `
-- Null: new content; else the publishing whose files were put in force again.
ALTER TABLE workspace_version ADD COLUMN takes_back_to bigint;
`,
  },
];
