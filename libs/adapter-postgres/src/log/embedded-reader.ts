import {
  FencedError,
  type LogBatch,
  type LogPosition,
  type LogReader,
  type LogRecord,
  type Topic,
  type Tx,
} from '#libs/application';
import type { Json } from '#libs/kernel';
import { inside, type Database } from '../base/database.js';
import { TOPIC_TABLE } from './topics.js';
import type { Wakeups } from './wakeups.js';

interface Row {
  [column: string]: unknown;
  part: number;
  offset: number;
  key: string;
  value: string;
  appended_at_ms: number | null;
}

const readSql = (table: string): string => `
SELECT r.part, r."offset", r.key, r.value, r.appended_at_ms
FROM unnest($1::int[], $2::bigint[]) AS p(part, next_offset)
CROSS JOIN LATERAL (
  SELECT l.part, l."offset", l.key, l.value, l.appended_at_ms FROM ${table} l
  WHERE l.part = p.part AND l."offset" >= p.next_offset
  ORDER BY l."offset" LIMIT $3
) r`;

/** A record that is parsed when somebody reads its value. */
class EmbeddedRecord implements LogRecord {
  readonly part: number;
  readonly offset: number;
  readonly key: string;
  readonly text: string;
  readonly appendedAtMs: number | null;

  constructor(
    readonly topic: Topic,
    row: Row,
  ) {
    this.part = row.part;
    this.offset = row.offset;
    this.key = row.key;
    this.text = row.value;
    this.appendedAtMs = row.appended_at_ms;
  }

  get value(): Json {
    return JSON.parse(this.text) as Json;
  }
}

/** Reads the embedded log for one group, fairly over its partitions. */
export class EmbeddedLogReader implements LogReader {
  private positions: LogPosition[] = [];
  /** True while a look-up of the stored offsets has failed: what is in `positions` may be ahead. */
  private isLost = false;

  constructor(
    private readonly database: Database,
    private readonly wakeups: Wakeups,
    private readonly options: { readonly group: string; readonly topics: readonly Topic[] },
  ) {}

  async open(): Promise<void> {
    await this.database.query(
      `INSERT INTO log_offset(consumer, topic, part, next_offset)
       SELECT $1, topic, part, 0 FROM log_head WHERE topic = ANY($2) ON CONFLICT DO NOTHING`,
      [this.options.group, this.options.topics],
    );
    await this.seekToStored();
  }

  async seekToStored(): Promise<void> {
    this.isLost = true;
    const stored = await this.database.query<{ topic: Topic; part: number; next_offset: number }>(
      `SELECT topic, part, next_offset FROM log_offset
       WHERE consumer = $1 AND topic = ANY($2) ORDER BY topic, part`,
      [this.options.group, this.options.topics],
    );
    this.positions = stored.rows.map((row) => ({
      topic: row.topic,
      part: row.part,
      nextOffset: row.next_offset,
    }));
    this.isLost = false;
  }

  async poll(options: {
    maxRecords: number;
    waitMs: number;
    signal?: AbortSignal;
  }): Promise<LogBatch> {
    const { maxRecords, waitMs, signal } = options;
    const endMs = performance.now() + waitMs;
    const isOver = (): boolean => signal?.aborted === true || performance.now() >= endMs;
    for (;;) {
      const ticket = this.wakeups.ticket(this.options.topics);
      const batch = await this.read(maxRecords);
      if (batch.records.length > 0 || isOver()) return batch;
      // A wake may be late, and tell of what an earlier poll has had: then there is more to wait.
      await this.wakeups.wait(ticket, endMs - performance.now(), signal);
      if (signal?.aborted === true) return batch;
    }
  }

  private async read(maxRecords: number): Promise<LogBatch> {
    if (this.isLost) await this.seekToStored();
    const records: LogRecord[] = [];
    for (const topic of this.options.topics) {
      const positions = this.positions.filter((position) => position.topic === topic);
      const share = Math.max(1, Math.ceil(maxRecords / Math.max(1, positions.length)));
      const rows = await this.database.query<Row>(readSql(TOPIC_TABLE[topic]), [
        positions.map((position) => position.part),
        positions.map((position) => position.nextOffset),
        share,
      ]);
      for (const row of rows.rows) {
        records.push(new EmbeddedRecord(topic, row));
      }
    }
    return this.batchOf(records);
  }

  private batchOf(records: readonly LogRecord[]): LogBatch {
    const ends = new Map<string, number>();
    for (const record of records) {
      const key = `${record.topic}/${record.part}`;
      ends.set(key, Math.max(ends.get(key) ?? 0, record.offset + 1));
    }
    const from: LogPosition[] = [];
    const to: LogPosition[] = [];
    this.positions = this.positions.map((position) => {
      const end = ends.get(`${position.topic}/${position.part}`);
      if (end === undefined) return position;
      from.push(position);
      const next = { ...position, nextOffset: end };
      to.push(next);
      return next;
    });
    return { records, from, to };
  }

  async commit(tx: Tx, batch: LogBatch): Promise<void> {
    if (batch.to.length === 0) return;
    const moved = await inside(tx).query(
      `UPDATE log_offset o SET next_offset = b.upto
       FROM unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[]) AS b(topic, part, since, upto)
       WHERE o.consumer = $1 AND o.topic = b.topic AND o.part = b.part AND o.next_offset = b.since`,
      [
        this.options.group,
        batch.to.map((position) => position.topic),
        batch.to.map((position) => position.part),
        batch.from.map((position) => position.nextOffset),
        batch.to.map((position) => position.nextOffset),
      ],
    );
    if (moved.rowCount !== batch.to.length) {
      throw new FencedError(`offsets of ${this.options.group} were moved by another owner`);
    }
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}
