import type { EpochMs } from '#libs/kernel';
import { RFM_AGGREGATES, type RfmCuts } from '#libs/profile';
import type { Database } from '../base/database.js';

const DIMENSIONS = ['recency', 'frequency', 'monetary'] as const;
const SHARES = [0.2, 0.4, 0.6, 0.8];

/** The quintile cuts of RFM over all profiles, computed in the store and kept there. */
export class PostgresRfmCuts {
  private cuts: RfmCuts | null = null;

  constructor(private readonly database: Database) {}

  /** The cuts in force in this process; null before the first. */
  current(): RfmCuts | null {
    return this.cuts;
  }

  /** Loads the cuts; computes them anew where they are older than `maxAgeMs`. */
  async refresh(nowMs: EpochMs, maxAgeMs: number): Promise<void> {
    const kept = await this.database.query<{
      dimension: string;
      cuts: string;
      computed_at_ms: number;
    }>('SELECT dimension, cuts, computed_at_ms FROM rfm_cut');
    const isFresh =
      kept.rows.length === DIMENSIONS.length &&
      kept.rows.every((row) => nowMs - row.computed_at_ms < maxAgeMs);
    if (!isFresh) {
      await this.compute(nowMs);
      return;
    }
    const of = (dimension: string): number[] =>
      JSON.parse(kept.rows.find((row) => row.dimension === dimension)?.cuts ?? '[]') as number[];
    this.cuts = {
      recency: of('recency'),
      frequency: of('frequency'),
      monetary: of('monetary'),
    };
  }

  private async compute(nowMs: EpochMs): Promise<void> {
    // A value above the n-th cut scores n + 1: the cut is the value at that share of people.
    const rows = await this.database.query<Record<(typeof DIMENSIONS)[number], number[] | null>>(
      `SELECT ${DIMENSIONS.map(
        (dimension) =>
          `percentile_disc($2::float8[]) WITHIN GROUP (
             ORDER BY (doc->'aggregates'->>'${RFM_AGGREGATES[dimension]}')::float8) AS ${dimension}`,
      ).join(', ')}
       FROM profile WHERE merged_into IS NULL
         AND (doc->'aggregates'->>$1)::float8 > 0`,
      [RFM_AGGREGATES.frequency, SHARES],
    );
    const [row] = rows.rows;
    if (!row?.recency || !row.frequency || !row.monetary) return;
    this.cuts = { recency: row.recency, frequency: row.frequency, monetary: row.monetary };
    await this.database.query(
      `INSERT INTO rfm_cut (dimension, cuts, computed_at_ms)
       SELECT d, c, $3 FROM unnest($1::text[], $2::text[]) t(d, c)
       ON CONFLICT (dimension) DO UPDATE SET cuts = excluded.cuts,
         computed_at_ms = excluded.computed_at_ms`,
      [
        [...DIMENSIONS],
        [row.recency, row.frequency, row.monetary].map((cuts) => JSON.stringify(cuts)),
        nowMs,
      ],
    );
  }
}
