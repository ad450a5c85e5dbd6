import type { Tx } from '#libs/application';
import { canonicalJson, type EpochMs } from '#libs/kernel';
import { RFM_AGGREGATES, rfmInputOf, rfmText, type RfmCuts } from '#libs/profile';
import { inside, type Database, type Queryable } from '../base/database.js';
import type { PeoplePage } from './people-jobs.js';

const DIMENSIONS = ['recency', 'frequency', 'monetary'] as const;
const SHARES = [0.2, 0.4, 0.6, 0.8];

/** When the cuts are taken again. */
export interface RfmTaking {
  readonly nowMs: EpochMs;
  readonly maxAgeMs: number;
  /** Where the reading of history rests; null while it goes on. */
  readonly historyOffset: number | null;
}

/** The cuts as they are kept. */
interface KeptCuts {
  readonly cuts: RfmCuts | null;
  readonly computedAtMs: EpochMs;
  /** Where the reading of history rested then; null in the midst of it. */
  readonly historyOffset: number | null;
}

/** The quintile cuts of RFM over all profiles, computed in the store and kept there. */
export class PostgresRfmCuts {
  private cuts: RfmCuts | null = null;

  constructor(private readonly database: Database) {}

  /** The cuts in force in this process; null before the first. */
  current(): RfmCuts | null {
    return this.cuts;
  }

  /** Loads the cuts as they are kept, however old. */
  async load(): Promise<void> {
    this.cuts = (await this.kept(this.database)).cuts;
  }

  /**
   * Loads the cuts; computes them anew where they are older than `maxAgeMs`, or history was read
   * since they were taken and rests now. Where they moved, a job is opened with them, so that
   * everybody whose score moved is told of.
   */
  async refresh(taking: RfmTaking): Promise<void> {
    const kept = await this.kept(this.database);
    this.cuts = kept.cuts;
    if (kept.cuts !== null && isFresh(kept, taking)) return;
    const next = await this.compute();
    if (next === null) return;
    this.cuts = next;
    await this.database.transaction((tx) => this.save(tx, { ...taking, before: kept.cuts, next }));
  }

  /**
   * Of these people those whose score is another than was told; null while somebody may still be
   * told of by the cuts of before.
   */
  async moved(tx: Tx, page: PeoplePage): Promise<readonly string[] | null> {
    const { xid } = JSON.parse(page.payload) as { xid: string };
    const ended = await inside(tx).query<{ ended: boolean }>(
      'SELECT pg_snapshot_xmin(pg_current_snapshot()) > $1::xid8 AS ended',
      [xid],
    );
    if (ended.rows[0]?.ended !== true) return null;
    const people = await inside(tx).query<{
      profile_id: string;
      rfm: string;
      aggregates: Readonly<Record<string, number>>;
    }>(
      `SELECT profile_id, rfm, doc->'aggregates' AS aggregates FROM profile
       WHERE profile_id = ANY($1) AND merged_into IS NULL ORDER BY profile_id`,
      [page.profileIds],
    );
    return people.rows
      .filter(({ rfm, aggregates }) => rfm !== rfmText(rfmInputOf(aggregates), this.cuts))
      .map((row) => row.profile_id);
  }

  private async kept(store: Queryable): Promise<KeptCuts> {
    const rows = await store.query<{
      dimension: string;
      cuts: string;
      computed_at_ms: number;
      history_offset: number | null;
    }>('SELECT dimension, cuts, computed_at_ms, history_offset FROM rfm_cut');
    const of = (dimension: string): number[] =>
      JSON.parse(rows.rows.find((row) => row.dimension === dimension)?.cuts ?? '[]') as number[];
    const isWhole = rows.rows.length === DIMENSIONS.length;
    return {
      cuts: isWhole
        ? { recency: of('recency'), frequency: of('frequency'), monetary: of('monetary') }
        : null,
      computedAtMs: Math.min(...rows.rows.map((row) => row.computed_at_ms)),
      historyOffset: rows.rows[0]?.history_offset ?? null,
    };
  }

  /** Null before anybody has ordered. */
  private async compute(): Promise<RfmCuts | null> {
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
    if (!row?.recency || !row.frequency || !row.monetary) return null;
    return { recency: row.recency, frequency: row.frequency, monetary: row.monetary };
  }

  private async save(
    tx: Tx,
    change: RfmTaking & { readonly before: RfmCuts | null; readonly next: RfmCuts },
  ): Promise<void> {
    const { before, next, nowMs, historyOffset } = change;
    const store = inside(tx);
    await store.query(
      `INSERT INTO rfm_cut (dimension, cuts, computed_at_ms, history_offset)
       SELECT d, c, $3, $4 FROM unnest($1::text[], $2::text[]) t(d, c)
       ON CONFLICT (dimension) DO UPDATE SET cuts = excluded.cuts,
         computed_at_ms = excluded.computed_at_ms, history_offset = excluded.history_offset`,
      [
        [...DIMENSIONS],
        DIMENSIONS.map((dimension) => JSON.stringify(next[dimension])),
        nowMs,
        historyOffset,
      ],
    );
    if (canonicalJson(before) === canonicalJson(next)) return;
    await store.query(
      `INSERT INTO job (id, kind, payload, state, updated_at_ms)
       VALUES ($1, 'rfm',
         jsonb_build_object('xid', pg_current_xact_id()::text)::text, 'running', $2)
       ON CONFLICT (id) DO NOTHING`,
      // The clock may stand still between two takings.
      [`rfm/${nowMs}/${historyOffset ?? ''}`, nowMs],
    );
  }
}

function isFresh(kept: KeptCuts, { nowMs, maxAgeMs, historyOffset }: RfmTaking): boolean {
  const isAfterHistory = historyOffset === null || historyOffset === kept.historyOffset;
  return isAfterHistory && nowMs - kept.computedAtMs < maxAgeMs;
}
