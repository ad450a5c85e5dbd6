import type { RefusalCount, RefusalSample, RefusalStore } from '#libs/application';
import { inside, type Database } from '../base/database.js';

const SAMPLES_A_DAY = 100;
const KEPT_DAYS = 31;

/** Counts and samples of refusals in PostgreSQL, kept for a month. */
export class PostgresRefusalStore implements RefusalStore {
  constructor(private readonly database: Database) {}

  async add(counts: readonly RefusalCount[], samples: readonly RefusalSample[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      const store = inside(tx);
      await store.query(
        `INSERT INTO capture_refusal (day, source, code, count)
         SELECT * FROM unnest($1::date[], $2::text[], $3::text[], $4::bigint[])
         ON CONFLICT (day, source, code) DO UPDATE
           SET count = capture_refusal.count + excluded.count`,
        [
          counts.map((row) => row.day),
          counts.map((row) => row.source),
          counts.map((row) => row.code),
          counts.map((row) => row.count),
        ],
      );
      // Numbers go on from what is there, so that a restart does not begin another hundred.
      await store.query(
        `INSERT INTO capture_refusal_sample (day, source, n, code, at_wall_ms, shape)
         SELECT day, source, n, code, at_ms, shape FROM (
           SELECT s.day, s.source, s.code, s.at_ms, s.shape,
             row_number() OVER (PARTITION BY s.day, s.source ORDER BY s.place) + coalesce(
               (SELECT max(k.n) FROM capture_refusal_sample k
                WHERE k.day = s.day AND k.source = s.source), 0) AS n
           FROM unnest($1::date[], $2::text[], $3::text[], $4::bigint[], $5::text[])
             WITH ORDINALITY AS s(day, source, code, at_ms, shape, place)) numbered
         WHERE n <= ${SAMPLES_A_DAY} ON CONFLICT DO NOTHING`,
        [
          samples.map((row) => row.day),
          samples.map((row) => row.source),
          samples.map((row) => row.code),
          samples.map((row) => row.atMs),
          samples.map((row) => row.shape),
        ],
      );
      const [today] = counts;
      for (const table of ['capture_refusal', 'capture_refusal_sample']) {
        await store.query(`DELETE FROM ${table} WHERE day < $1::date - ${KEPT_DAYS}`, [today?.day]);
      }
    });
  }
}
