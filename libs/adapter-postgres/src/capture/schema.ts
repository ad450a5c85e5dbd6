import type { Migration } from '../base/migrate.js';

/** Keys of sources and programs, what capture refused, and replies already heard. */
export const captureMigrations: readonly Migration[] = [
  {
    id: 'capture/001-capture',
    sql: `
CREATE TABLE access_key (
  id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('write', 'api')),
  source text NOT NULL,
  key_hash text NOT NULL UNIQUE,
  name text NOT NULL DEFAULT '',
  created_wall_ms bigint NOT NULL,
  revoked_wall_ms bigint
);
CREATE TABLE capture_refusal (
  day date NOT NULL,
  source text NOT NULL,
  code text NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (day, source, code)
);
CREATE TABLE capture_refusal_sample (
  day date NOT NULL,
  source text NOT NULL,
  n integer NOT NULL,
  code text NOT NULL,
  at_wall_ms bigint NOT NULL,
  shape text NOT NULL,
  PRIMARY KEY (day, source, n)
);
CREATE TABLE inbound_message (
  id text PRIMARY KEY,
  channel text NOT NULL,
  intent text NOT NULL,
  answer text NOT NULL,
  at_ms bigint NOT NULL
);
`,
  },
  {
    id: 'capture/002-enrol-requests',
    sql: `
-- Requests of programs for enrolments, by hash: one told again counts once.
CREATE TABLE enrol_request (
  key_hash text PRIMARY KEY,
  body_hash text NOT NULL,
  at_wall_ms bigint NOT NULL
);
CREATE INDEX enrol_request_time ON enrol_request (at_wall_ms);
`,
  },
];
