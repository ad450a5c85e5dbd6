import { createHash } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { isFactShaped, type Fact } from '#libs/contracts';
import { hashId } from '#libs/kernel';
import {
  AnalyticsError,
  type AnalyticsInsertOptions,
  type AnalyticsWriter,
} from '#libs/application';
import { asAnalyticsError, command } from './connection.js';
import { removeRows } from './removal.js';
import { ClickHouseReader } from './reader.js';
import { DATABASE, SCHEMA_STAMPS, schemaStatements, type SchemaSettings } from './ddl.js';
import { rowsOf } from './rows.js';
import { time, type Row } from './rows/shared.js';
import { TABLES } from './schema/tables.js';

/** Tables whose rows are about a profile. */
const PERSONAL = TABLES.filter(({ columns }) =>
  columns.some(({ name }) => name === 'profile_id'),
).map(({ name }) => name);

/** Rows of one request: bounds its body to some tens of megabytes. */
const ROWS_PER_INSERT = 20_000;

/** Profiles of one erasing statement. */
const PROFILES_PER_ERASE = 1_000;

/**
 * An import of history may touch more months in one batch than a server allows by default; the rows
 * are few a month, and one partition a month is what retention and FINAL need.
 */
const INSERT_SETTINGS = { max_partitions_per_insert_block: '0' } as const;

interface TableBatch {
  readonly rows: Row[];
  newestAtMs: number;
  /** Ids and versions of the facts: the same batch sent again is the same text. */
  readonly keys: string[];
}

/** Writes facts into ClickHouse; embedded or external, the same statements. */
export class ClickHouseSink implements AnalyticsWriter {
  readonly #client: ClickHouseClient;
  readonly #settings: SchemaSettings;

  constructor(client: ClickHouseClient, settings: SchemaSettings) {
    this.#client = client;
    this.#settings = settings;
  }

  async migrate(): Promise<void> {
    const stamp = hashId(...schemaStatements(this.#settings));
    if (stamp === (await this.#stamp())) return;
    const there = await this.#tables();
    const statements = schemaStatements(this.#settings, (table) => !there.has(table));
    for (const query of statements) await command(this.#client, query);
    await this.#rows('schema_stamps', [{ stamp }], null);
  }

  async insert(facts: readonly Fact[], options: AnalyticsInsertOptions = {}): Promise<void> {
    if (facts.length === 0) return;
    const batches = batchesOf(facts);
    await Promise.all([...batches].map(([table, batch]) => this.#insertTable(table, batch)));
    await this.#noteBatches(batches, options.appendedAtMs ?? null);
  }

  async eraseProfiles(profileIds: readonly string[]): Promise<void> {
    for (let start = 0; start < profileIds.length; start += PROFILES_PER_ERASE) {
      const ids = profileIds.slice(start, start + PROFILES_PER_ERASE);
      await removeRows(this.#client, {
        tables: PERSONAL,
        where: 'profile_id IN {ids:Array(String)}',
        params: { ids },
      });
    }
  }

  async removeSample(): Promise<void> {
    const tables = TABLES.map(({ name }) => name);
    await removeRows(this.#client, { tables, where: 'sample = 1', params: {} });
  }

  /** Of the schema that is there; null for none. */
  async #stamp(): Promise<string | null> {
    await command(this.#client, `CREATE DATABASE IF NOT EXISTS ${DATABASE}`);
    await command(this.#client, SCHEMA_STAMPS);
    const [newest] = await new ClickHouseReader(this.#client).query<{ stamp: string }>(
      `SELECT stamp FROM ${DATABASE}.schema_stamps ORDER BY applied_at DESC LIMIT 1`,
    );
    return newest?.stamp ?? null;
  }

  async #tables(): Promise<ReadonlySet<string>> {
    const rows = await new ClickHouseReader(this.#client).query<{ name: string }>(
      `SELECT name FROM system.tables WHERE database = '${DATABASE}'`,
    );
    return new Set(rows.map(({ name }) => name));
  }

  async #insertTable(table: string, batch: TableBatch): Promise<void> {
    for (let start = 0; start < batch.rows.length; start += ROWS_PER_INSERT) {
      const token = tokenOf(`${table}/${start}`, batch.keys);
      await this.#rows(`${table}_rows`, batch.rows.slice(start, start + ROWS_PER_INSERT), token);
    }
  }

  /** What the view `freshness` reads; the clock is the wall's, as freshness is. */
  async #noteBatches(
    batches: ReadonlyMap<string, TableBatch>,
    appendedAtMs: number | null,
  ): Promise<void> {
    const writtenAtMs = Date.now();
    const rows = [...batches].map(([table, batch]) => ({
      table,
      written_at: time(writtenAtMs),
      newest_at: time(batch.newestAtMs),
      rows: batch.rows.length,
      behind_ms: appendedAtMs === null ? null : Math.max(0, writtenAtMs - appendedAtMs),
    }));
    await this.#rows('sink_batches', rows, null);
  }

  async #rows(table: string, values: readonly Row[], token: string | null): Promise<void> {
    try {
      await this.#client.insert({
        table: `${DATABASE}.${table}`,
        values,
        format: 'JSONEachRow',
        clickhouse_settings: {
          ...INSERT_SETTINGS,
          ...(token === null ? {} : { insert_deduplication_token: token }),
        },
      });
    } catch (error) {
      throw asAnalyticsError(error);
    }
  }
}

/** The same rows sent again have the same one. Node's own hash: a batch has tens of thousands. */
function tokenOf(place: string, keys: readonly string[]): string {
  const hash = createHash('sha256').update(place);
  return hash.update(keys.join('\n')).digest('hex');
}

function batchesOf(facts: readonly Fact[]): ReadonlyMap<string, TableBatch> {
  const batches = new Map<string, TableBatch>();
  for (const fact of facts) {
    if (!isFactShaped(fact)) throw new AnalyticsError('not a fact', false, null);
    const key = `${fact.id}:${fact.version}`;
    for (const { table, row } of rowsOf(fact)) {
      let batch = batches.get(table);
      if (batch === undefined) {
        batch = { rows: [], newestAtMs: fact.atMs, keys: [] };
        batches.set(table, batch);
      }
      batch.rows.push(row);
      batch.newestAtMs = Math.max(batch.newestAtMs, fact.atMs);
      if (batch.keys.at(-1) !== key) batch.keys.push(key);
    }
  }
  return batches;
}
