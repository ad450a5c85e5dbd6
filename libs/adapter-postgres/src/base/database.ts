import pg from 'pg';
import { StoreError, type Tx, type UnitOfWork } from '#libs/application';
import { gatheringSocket } from './gathering-socket.js';

// bigint columns hold milliseconds, counters and offsets here, all far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

// 0A000: a plan prepared before a migration; the connection is dropped, and the next one plans anew.
const RETRYABLE = /^(0A000|40001|40P01|55P03|57014|57P0[123]|08\w{3}|53\w{3})$/;
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
      // Statements asked for together are sent together: one round trip, not one each.
      pipeline: true,
      stream: gatheringSocket,
    });
    // A connection that breaks while idle is replaced by the pool; unheard, it would end the process.
    this.pool.on('error', () => undefined);
  }

  async query<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<{ rows: Row[]; rowCount: number | null }> {
    try {
      return await this.pool.query<Row>(prepared(text, values));
    } catch (error) {
      throw storeError(error);
    }
  }

  async transaction<Value>(work: (tx: Tx) => Promise<Value>): Promise<Value> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw storeError(error);
    });
    let broken = false;
    const connection = new Transaction(client);
    try {
      // Waited for: had it failed, what is sent behind it would commit statement by statement.
      await client.query('BEGIN');
      const value = await work(connection as unknown as Tx);
      await client.query('COMMIT');
      this.told(connection.toTell);
      return value;
    } catch (error) {
      const failure = storeError(error);
      broken = failure instanceof StoreError && failure.retryable;
      await client.query('ROLLBACK').catch(() => {
        broken = true;
      });
      throw failure;
    } finally {
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

class Transaction implements Queryable {
  /** Names to be told once it has committed. */
  readonly toTell = new Set<string>();

  constructor(private readonly client: pg.PoolClient) {}

  query<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<{ rows: Row[]; rowCount: number | null }> {
    return this.client.query<Row>(prepared(text, values));
  }
}

/** Statements that keep a plan on each connection; our texts are few and fixed. */
const MOST_PREPARED = 1_000;
const names = new Map<string, string>();

/** Named, so that a connection parses and plans each text once; one without values is not worth it. */
function prepared(text: string, values: readonly unknown[]): pg.QueryConfig {
  if (values.length === 0) return { text };
  let name = names.get(text);
  if (name === undefined && names.size < MOST_PREPARED) {
    name = `s${names.size}`;
    names.set(text, name);
  }
  return { text, values: [...values], ...(name === undefined ? {} : { name }) };
}

/**
 * Tells of the name once the transaction has committed. Not by NOTIFY within it: that would make
 * commits wait for each other's disk, one by one.
 */
export function tellAfter(tx: Tx, name: string): void {
  (tx as unknown as Transaction).toTell.add(name);
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
