import type { ProfileDates, Tx } from '#libs/application';
import { inside } from '../base/database.js';

/** Writes the dates of profiles in place of those that were there. */
export async function replaceDates(tx: Tx, rows: readonly ProfileDates[]): Promise<void> {
  if (rows.length === 0) return;
  const store = inside(tx);
  await store.query('DELETE FROM profile_date WHERE profile_id = ANY($1::text[])', [
    rows.map((row) => row.profileId),
  ]);
  const dates = rows.flatMap(({ profileId, zone, dates: some }) =>
    some.map((date) => ({ ...date, profileId, zone })),
  );
  if (dates.length === 0) return;
  await store.query(
    `INSERT INTO profile_date (profile_id, trait, month_day, day, zone)
     SELECT * FROM unnest($1::text[], $2::text[], $3::smallint[], $4::int[], $5::text[])
     ON CONFLICT (profile_id, trait) DO UPDATE SET month_day = excluded.month_day,
       day = excluded.day, zone = excluded.zone`,
    [
      dates.map((date) => date.profileId),
      dates.map((date) => date.trait),
      dates.map((date) => date.monthDay),
      dates.map((date) => date.day),
      dates.map((date) => date.zone),
    ],
  );
}
