import type { SampleRemovalState, Tx } from '#libs/application';
import type { EpochMs } from '#libs/kernel';
import { inside, type Database } from '../base/database.js';
import { LEARN_ANEW, MARK, TAKE_AWAY } from './sample-removal-sql.js';

type Counts = Readonly<Record<string, number>>;

const NOTHING: SampleRemovalState['removed'] = {
  people: 0,
  accounts: 0,
  events: 0,
  enrolments: 0,
  decisions: 0,
  messages: 0,
  mails: 0,
  tasks: 0,
  records: 0,
  kept: 0,
};

interface RemovalRecord {
  [column: string]: unknown;
  is_done: boolean;
  removed: string;
}

/** The wish to be rid of the sample, and its fulfilment. Once asked for, no sample comes again. */
export class PostgresSampleRemoval {
  constructor(
    private readonly database: Database,
    private readonly hashAddress: (channel: string, address: string) => string,
  ) {}

  /** Asks for it. Asked again it looks for what may be left; while it is under way, nothing. */
  async ask(nowMs: EpochMs): Promise<void> {
    await this.database.query(
      `INSERT INTO sample_removal AS r (asked_at_ms) VALUES ($1)
       ON CONFLICT (single) DO UPDATE SET is_done = false, removed = '{}', asked_at_ms = $1
       WHERE r.is_done`,
      [nowMs],
    );
  }

  async state(): Promise<SampleRemovalState> {
    const rows = await this.database.query<RemovalRecord>(
      'SELECT is_done, removed FROM sample_removal',
    );
    const [row] = rows.rows;
    if (row === undefined) return { state: 'none', removed: NOTHING };
    const removed = { ...NOTHING, ...(JSON.parse(row.removed) as Counts) };
    return { state: row.is_done ? 'done' : 'running', removed };
  }

  /**
   * Removes the sample's rows, and no others; answers people of the sample who are kept, because
   * events of somebody else tell of them. Nothing else may be under way. Idempotent.
   */
  async remove(tx: Tx): Promise<readonly string[]> {
    const store = inside(tx);
    // A year of invented events takes longer than any request may.
    await store.query('SET LOCAL statement_timeout = 0');
    for (const sql of MARK) await store.query(sql);
    await this.liftSuppressions(tx);
    const removed: Record<string, number> = {};
    for (const [name, sql] of TAKE_AWAY) {
      const gone = await store.query(sql);
      removed[name] = (removed[name] ?? 0) + (gone.rowCount ?? 0);
    }
    for (const sql of LEARN_ANEW) await store.query(sql);
    const kept = await store.query<{ profile_id: string }>(
      'UPDATE profile SET is_sample = false WHERE is_sample RETURNING profile_id',
    );
    await store.query('UPDATE account SET is_sample = false WHERE is_sample');
    await this.note(tx, { ...removed, kept: kept.rows.length });
    return kept.rows.map((row) => row.profile_id);
  }

  async finish(): Promise<void> {
    await this.database.query('UPDATE sample_removal SET is_done = true');
  }

  /** Addresses are known to suppressions by keyed hash; one that a real person has too stays. */
  private async liftSuppressions(tx: Tx): Promise<void> {
    const store = inside(tx);
    const points = await store.query<{ channel: string; address: string }>(
      `SELECT channel, address FROM contact_point GROUP BY channel, address
       HAVING bool_and(profile_id IN (SELECT profile_id FROM gone_profile))`,
    );
    const hashes = points.rows.map(({ channel, address }) => this.hashAddress(channel, address));
    await store.query(
      `DELETE FROM suppression WHERE address_hash = ANY($1)
         OR profile_id IN (SELECT profile_id FROM gone_profile)`,
      [hashes],
    );
  }

  /** Adds to what an attempt cut short has removed already. */
  private async note(tx: Tx, counts: Counts): Promise<void> {
    const store = inside(tx);
    const before = await store.query<RemovalRecord>(
      'SELECT removed FROM sample_removal FOR UPDATE',
    );
    const known = JSON.parse(before.rows[0]?.removed ?? '{}') as Counts;
    const sum = Object.entries(counts).map(([name, n]) => [name, n + (known[name] ?? 0)] as const);
    await store.query('UPDATE sample_removal SET removed = $1', [
      JSON.stringify(Object.fromEntries(sum)),
    ]);
  }
}
