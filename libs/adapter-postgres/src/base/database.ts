import pg from 'pg';
import { StoreError, type Tx, type UnitOfWork } from '#libs/application';

// bigint columns hold milliseconds, counters and offsets here, all far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

const RETRYABLE = /^(40001|40P01|55P03|57014|57P0[123]|08\w{3}|53\w{3})$/;
const RETRYABLE_SYSTEM = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT']);

/** A query as this adapter runs it: text, values, and a name that keeps its plan prepared. */
export interface Queryable {
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ rows: Row[]; rowCount: number | null }>;
}

/** How to reach the store. */
export interface DatabaseOptions {
  readonly url: string;
  /** Connections at most; 8 by default. */
  readonly maxConnections?: number;
  readonly applicationName?: string;
  /** Statement time-out in milliseconds; 30,000 by default. */
  readonly statementTimeoutMs?: number;
}

/** The PostgreSQL store: a bounded pool, transactions, and errors told apart. */
export class Database implements UnitOfWork, Queryable {
  private readonly pool: pg.Pool;
  private readonly hearers = new Set<(names: readonly string[]) => void>();

  constructor(readonly options: DatabaseOptions) {
    this.pool = new pg.Pool({
      connectionString: options.url,
      max: options.maxConnections ?? 8,
      application_name: options.applicationName ?? 'relance',
      statement_timeout: options.statementTimeoutMs ?? 30_000,
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 60_000,
    });
    // A connection that breaks while idle is replaced by the pool; unheard, it would end the process.
    this.pool.on('error', () => undefined);
  }

  async query<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<{ rows: Row[]; rowCount: number | null }> {
    try {
      return await this.pool.query<Row>(text, [...values]);
    } catch (error) {
      throw storeError(error);
    }
  }

  async transaction<Value>(work: (tx: Tx) => Promise<Value>): Promise<Value> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw storeError(error);
    });
    let broken = false;
    try {
      await client.query('BEGIN');
      const value = await work(client as unknown as Tx);
      await client.query('COMMIT');
      this.told(toTell.get(client) ?? []);
      return value;
    } catch (error) {
      const failure = storeError(error);
      broken = failure instanceof StoreError && failure.retryable;
      await client.query('ROLLBACK').catch(() => {
        broken = true;
      });
      throw failure;
    } finally {
      toTell.delete(client);
      client.release(broken);
    }
  }

  /** Asks to be told the names of what has committed through this object. */
  onTold(hear: (names: readonly string[]) => void): void {
    this.hearers.add(hear);
  }

  /** Tells of what has committed; transactions do so by themselves, see `tellAfter`. */
  told(names: Iterable<string>): void {
    const list = [...names];
    if (list.length > 0) for (const hear of this.hearers) hear(list);
  }

  /** A connection of its own, for LISTEN and advisory locks; the caller ends it. */
  async dedicated(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.options.url });
    client.on('error', () => undefined);
    await client.connect().catch((error: unknown) => {
      throw storeError(error);
    });
    return client;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

const toTell = new WeakMap<object, Set<string>>();

/**
 * Tells of the name once the transaction has committed. Not by NOTIFY within it: that would make
 * commits wait for each other's disk, one by one.
 */
export function tellAfter(tx: Tx, name: string): void {
  const names = toTell.get(tx);
  if (names === undefined) toTell.set(tx, new Set([name]));
  else names.add(name);
}

/** The connection inside a transaction of this store. */
export function inside(tx: Tx): Queryable {
  return tx as unknown as Queryable;
}

function storeError(error: unknown): unknown {
  if (!(error instanceof Error)) return new StoreError(String(error), false);
  const code = (error as { code?: string }).code ?? '';
  const isConnection =
    RETRYABLE_SYSTEM.has(code) ||
    /connection (terminated|ended)|timeout exceeded/i.test(error.message);
  if (code === '' && !isConnection) return error;
  if (!/^[0-9A-Z]{5}$/.test(code) && !isConnection) return error;
  return new StoreError(error.message, isConnection || RETRYABLE.test(code), { cause: error });
}
