import { StoreError } from '#libs/application';
import { inside, type Database } from '../base/database.js';

const LOCK_KEY = 7_214_516;
const FIRST_YEAR = 1990;
const MOST_MONTHS = 400;

/** Makes the monthly partitions of `event` as days come; days out of all reason share the default. */
export class EventMonths {
  private readonly known = new Set<string>();

  constructor(private readonly database: Database) {}

  /** Outside the transaction of the batch: making a partition locks the whole table for a moment. */
  async prepare(days: readonly string[]): Promise<void> {
    const months = new Set(days.map((day) => day.slice(0, 7)));
    const missing = [...months].filter((month) => !this.known.has(month)).sort();
    if (missing.length === 0) return;
    await this.load();
    for (const month of missing) {
      if (!this.known.has(month) && this.isReasonable(month)) await this.make(month);
      this.known.add(month);
    }
  }

  private isReasonable(month: string): boolean {
    const year = Number(month.slice(0, 4));
    const isMonth = /^\d{4}-(0[1-9]|1[0-2])$/.test(month);
    return isMonth && year >= FIRST_YEAR && year <= 2100 && this.known.size < MOST_MONTHS;
  }

  private async load(): Promise<void> {
    const found = await this.database.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'event'::regclass`,
    );
    for (const { name } of found.rows) {
      const match = /^event_(\d{4})_(\d{2})$/.exec(name);
      if (match !== null) this.known.add(`${match[1]}-${match[2]}`);
    }
  }

  private async make(month: string): Promise<void> {
    const [year = 0, number = 0] = month.split('-').map(Number);
    const next =
      number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
    const table = `event_${month.replace('-', '_')}`;
    try {
      await this.database.transaction(async (tx) => {
        await inside(tx).query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
        await inside(tx).query(
          `CREATE TABLE IF NOT EXISTS ${table} PARTITION OF event
           FOR VALUES FROM ('${month}-01') TO ('${next}-01')`,
        );
      });
    } catch (error) {
      // Events of that month lie in the default partition already: they and their like stay there.
      if (!isDefaultInUse(error)) throw error;
    }
  }
}

function isDefaultInUse(error: unknown): boolean {
  const cause = error instanceof StoreError ? (error.cause as { code?: unknown } | undefined) : {};
  return cause?.code === '23514';
}
