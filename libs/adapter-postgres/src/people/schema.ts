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
  {
    id: 'people/003-dates',
    sql: `
-- The dates of people by day of the year, for entries by date. Kept with the profile; a text that
-- looks like a date and is none of a declared trait goes when its profile is next looked at.
CREATE TABLE profile_date (
  profile_id text COLLATE "C" NOT NULL,
  trait text COLLATE "C" NOT NULL,
  month_day smallint NOT NULL,
  day integer NOT NULL,
  zone text COLLATE "C" NOT NULL,
  PRIMARY KEY (profile_id, trait)
) WITH (fillfactor = 90);
INSERT INTO profile_date (profile_id, trait, month_day, day, zone)
SELECT profile_id, trait, extract(month FROM d) * 100 + extract(day FROM d), d - date '1970-01-01',
  zone
FROM (
  SELECT p.profile_id, t.key AS trait, CASE WHEN jsonb_typeof(p.doc#>'{traits,timezone}') = 'string'
      THEN left(p.doc#>>'{traits,timezone}', 64) ELSE '' END AS zone,
    make_date(substr(t.value#>>'{}', 1, 4)::int, substr(t.value#>>'{}', 6, 2)::int, 1)
      + (substr(t.value#>>'{}', 9, 2)::int - 1) AS d
  FROM profile p, jsonb_each(p.doc->'traits') AS t
  WHERE p.merged_into IS NULL AND jsonb_typeof(p.doc->'traits') = 'object'
    AND jsonb_typeof(t.value) = 'string'
    AND t.value#>>'{}' ~ '^[1-9]\\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$') AS dated;
CREATE INDEX profile_date_day ON profile_date (trait, month_day, zone, profile_id);

-- Up to when the entries of a scenario by date or by schedule were taken in.
CREATE TABLE entrance_sweep (
  scenario text PRIMARY KEY,
  entry text NOT NULL,
  done_until_ms bigint NOT NULL,
  run_until_ms bigint,
  cursor text NOT NULL,
  looked bigint NOT NULL,
  skipped bigint NOT NULL
);
-- The occurrence somebody entered for last, where no event brought them.
ALTER TABLE entry_ledger ADD COLUMN occurrence text NOT NULL DEFAULT '';
`,
  },
];
