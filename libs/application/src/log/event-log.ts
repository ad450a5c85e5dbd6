import type { Json } from '#libs/kernel';
import type { Tx } from '../ports/transaction.js';

/** The topics of the log. Dead letters and CRM commands are tables, not topics. */
export type Topic = 'events.raw' | 'events.historical' | 'profile.changes' | 'facts';

/** A record to append; records of one key keep their order. */
export interface LogAppend {
  readonly key: string;
  readonly value: Json;
}

/** A record as read. Offsets of a partition rise without ever skipping one that is still to come. */
export interface LogRecord {
  readonly topic: Topic;
  readonly part: number;
  readonly offset: number;
  readonly key: string;
  /** JSON text as it lies in the log: a consumer of few kinds looks here before it parses. */
  readonly text: string;
  /** The parsed text; parsed at each access. */
  readonly value: Json;
  /** Wall time of the append, in epoch ms; null where the log kept none. */
  readonly appendedAtMs: number | null;
}

/** A consumer's place: the next offset it wants, per topic and partition. */
export interface LogPosition {
  readonly topic: Topic;
  readonly part: number;
  readonly nextOffset: number;
}

/** One batch over all the partitions its consumer owns. */
export interface LogBatch {
  readonly records: readonly LogRecord[];
  /** Where the consumer stood when it read: fences zombies. */
  readonly from: readonly LogPosition[];
  /** Where it stands once the effect has committed. */
  readonly to: readonly LogPosition[];
}

/**
 * The event log: partitioned, keyed, ordered within a partition, kept for a stated time.
 * The embedded log lives in PostgreSQL; Kafka has the same contract suite.
 */
export interface EventLog {
  /** Number of partitions of each topic, fixed at first start. */
  readonly partitions: number;
  /** Resolves when every record is on disk; all or none of them. */
  append(topic: Topic, records: readonly LogAppend[]): Promise<void>;
  /**
   * Appends inside the transaction where the log lives in the same store, else at once. Readers of
   * the log must therefore tolerate a repeat.
   */
  appendWith(tx: Tx, topic: Topic, records: readonly LogAppend[]): Promise<void>;
  /** Opens a reader of a group at its stored offsets. */
  reader(group: string, topics: readonly Topic[]): Promise<LogReader>;
  /** For each group, topic and partition how many records lie ahead of it. */
  lag(group: string): Promise<readonly (LogPosition & { readonly lag: number })[]>;
}

/** Reads for one group. Not safe for concurrent `poll`s. */
export interface LogReader {
  /**
   * Waits up to `waitMs` for records and answers at most `maxRecords`, over all partitions fairly.
   * An empty batch means that nothing came. Does not move the stored offsets.
   */
  poll(options: { maxRecords: number; waitMs: number; signal?: AbortSignal }): Promise<LogBatch>;
  /**
   * Stores the offsets of the batch in the transaction of its effect. Throws `FencedError` when the
   * stored offsets are not where the batch began: another owner moved them; the transaction must
   * roll back, and the reader seeks to what is stored.
   */
  commit(tx: Tx, batch: LogBatch): Promise<void>;
  /** Reads again from the stored offsets: after a rolled-back effect. */
  seekToStored(): Promise<void>;
  close(): Promise<void>;
}

/** Another consumer owns the partition now; what was in hand must not commit. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
  readonly retryable = true;
}
