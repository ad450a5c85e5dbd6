import {
  type EventLog,
  type LogAppend,
  type LogPosition,
  type LogReader,
  type Topic,
  type Tx,
} from '#libs/application';
import { partOf } from '#libs/kernel';
import { joined, unjoin } from '../base/joined.js';
import { inside, tellAfter, type Database, type Queryable } from '../base/database.js';
import { EmbeddedLogReader } from './embedded-reader.js';
import { takeOffsetsSql } from './offsets-sql.js';
import { TOPIC_TABLE } from './topics.js';
import type { Wakeups } from './wakeups.js';

const DAY_MS = 86_400_000;

const appendSql = (table: string): string => `
WITH incoming AS (
  SELECT part, key, value, ordinal
  FROM unnest($2::int[], $3::text[], ${unjoin('$4')}) WITH ORDINALITY AS t(part, key, value, ordinal)
), ${takeOffsetsSql('incoming', '$1')}
INSERT INTO ${table} (day, part, "offset", key, value, appended_at_ms)
SELECT $5::int, i.part,
       l.next_offset + row_number() OVER (PARTITION BY i.part ORDER BY i.ordinal) - 1,
       i.key, i.value, $6::bigint
FROM incoming i JOIN locked l ON l.part = i.part`;

const APPEND_SQL = Object.fromEntries(
  Object.entries(TOPIC_TABLE).map(([topic, table]) => [topic, appendSql(table)]),
) as Readonly<Record<Topic, string>>;

/** Settings of the embedded log. */
export interface EmbeddedLogOptions {
  /** Wanted number of partitions; refused when the log was made with another. */
  readonly partitions: number;
  /** Wall time in milliseconds, for when an entry was appended; not a rule of the product. */
  readonly wallMs: () => number;
}

const keysOf = (records: readonly LogAppend[]): string[] => records.map((record) => record.key);
const textsOf = (records: readonly LogAppend[]): string[] =>
  records.map((record) => JSON.stringify(record.value));

/** The event log in PostgreSQL. Offsets are given under row locks held to commit, so none skips. */
export class EmbeddedLog implements EventLog {
  private constructor(
    private readonly database: Database,
    private readonly wakeups: Wakeups,
    private readonly options: EmbeddedLogOptions,
  ) {}

  /** Opens the log, making its partitions at first start; refuses another number of partitions. */
  static async open(
    database: Database,
    wakeups: Wakeups,
    options: EmbeddedLogOptions,
  ): Promise<EmbeddedLog> {
    await database.query(
      `INSERT INTO log_setting(name, value) VALUES ('partitions', $1) ON CONFLICT DO NOTHING`,
      [options.partitions],
    );
    const stored = await database.query<{ value: number }>(
      `SELECT value FROM log_setting WHERE name = 'partitions'`,
    );
    const partitions = stored.rows[0]?.value;
    if (partitions !== options.partitions) throw new PartitionsFixedError(partitions ?? 0);
    await database.query(
      `INSERT INTO log_head(topic, part)
       SELECT t, p FROM unnest($1::text[]) t, generate_series(0, $2::int - 1) p
       ON CONFLICT DO NOTHING`,
      [Object.keys(TOPIC_TABLE), options.partitions],
    );
    return new EmbeddedLog(database, wakeups, options);
  }

  get partitions(): number {
    return this.options.partitions;
  }

  /** The instant of an append, and the day since 1970 UTC under which its entries are kept. */
  now(): { readonly wallMs: number; readonly day: number } {
    const wallMs = Math.floor(this.options.wallMs());
    return { wallMs, day: Math.floor(wallMs / DAY_MS) };
  }

  async append(topic: Topic, records: readonly LogAppend[]): Promise<void> {
    await this.appendText(topic, keysOf(records), textsOf(records));
  }

  async appendWith(tx: Tx, topic: Topic, records: readonly LogAppend[]): Promise<void> {
    await this.appendText(topic, keysOf(records), textsOf(records), tx);
  }

  /** Appends values that are JSON text already, which spares the capture path a round of parsing. */
  async appendText(
    topic: Topic,
    keys: readonly string[],
    values: readonly string[],
    tx?: Tx,
  ): Promise<void> {
    if (keys.length === 0) return;
    const parts = keys.map((key) => partOf(key, this.options.partitions));
    const { wallMs, day } = this.now();
    const store: Queryable = tx === undefined ? this.database : inside(tx);
    await store.query(APPEND_SQL[topic], [topic, parts, keys, joined(values), day, wallMs]);
    if (tx === undefined) this.database.told([topic]);
    else tellAfter(tx, topic);
  }

  async reader(group: string, topics: readonly Topic[]): Promise<LogReader> {
    const reader = new EmbeddedLogReader(this.database, this.wakeups, { group, topics });
    await reader.open();
    return reader;
  }

  async lag(group: string): Promise<readonly (LogPosition & { readonly lag: number })[]> {
    const rows = await this.database.query<{
      topic: Topic;
      part: number;
      next_offset: number;
      lag: number;
    }>(
      `SELECT o.topic, o.part, o.next_offset, h.next_offset - o.next_offset AS lag
       FROM log_offset o JOIN log_head h USING (topic, part) WHERE o.consumer = $1
       ORDER BY o.topic, o.part`,
      [group],
    );
    return rows.rows.map((row) => ({
      topic: row.topic,
      part: row.part,
      nextOffset: row.next_offset,
      lag: row.lag,
    }));
  }
}

/** The number of partitions is fixed when a home first starts. */
export class PartitionsFixedError extends Error {
  override readonly name = 'PartitionsFixedError';
  readonly retryable = false;

  constructor(readonly partitions: number) {
    super(`this log was made with ${partitions} partitions; RELANCE_PARTITIONS cannot change it`);
  }
}
