import type { Clock } from '#libs/kernel';
import { isRawEventShaped, utcDayOf, type RawEvent } from '#libs/contracts';
import { FencedError, type LogBatch, type LogReader, type LogRecord } from '../log/event-log.js';
import { StoreError, type Tx, type UnitOfWork } from '../ports/transaction.js';
import { Ramp } from '../process/ramp.js';
import type { IngestReport, ProfileIngest } from './ingest.js';
import type { Rejection } from './incoming.js';
import { letterOf, malformedPlaces, unstorableDetail } from './letter.js';
import { StaleReadError, type DeadLetterStore, type ProfileStore } from './ports.js';

/** What a consumer loop needs. */
export interface ConsumerPorts {
  /** Of one topic: live and historical events have a consumer each, so history delays nothing. */
  readonly reader: LogReader;
  readonly unitOfWork: UnitOfWork;
  readonly ingest: ProfileIngest;
  readonly store: ProfileStore;
  readonly deadLetters: DeadLetterStore;
  readonly clock: Clock;
}

/** Sizes and times of a consumer. */
export interface ConsumerOptions {
  /** Records a transaction at most; 1,000 by default. */
  readonly maxRecords?: number;
  /** How long one look at an empty log lasts; 1,000 by default. */
  readonly waitMs?: number;
}

/** What one round did. */
export interface RoundReport {
  readonly records: number;
  readonly fresh: number;
  readonly duplicates: number;
  /** About people erased since: dropped. */
  readonly suppressed: number;
  readonly deadLettered: number;
}

/** Lost races are run again at once, this often; then the loop's own pause applies. */
const MOST_RACES = 10;
const FIRST_RECORDS = 200;
const MOST_RECORDS = 1_000;
/** Messages of one batch that our own code may fail on before the consumer stops instead. */
const MOST_STUMBLES = 20;
const NOTHING = { fresh: 0, duplicates: 0, suppressed: 0 };
const IDLE: RoundReport = { records: 0, ...NOTHING, deadLettered: 0 };

/**
 * Applies the log to profiles, one transaction a batch with its offsets inside. Infrastructure that
 * fails leaves the batch to be read again, for ever; a message that cannot be applied is found by
 * halving and put among the dead letters in the same transaction. Nothing is skipped.
 */
export class ProfileConsumer {
  private stumbles = 0;
  private readonly ramp: Ramp;

  constructor(
    private readonly ports: ConsumerPorts,
    private readonly options: ConsumerOptions = {},
  ) {
    const most = options.maxRecords ?? MOST_RECORDS;
    this.ramp = new Ramp(Math.min(FIRST_RECORDS, most), most);
  }

  /**
   * One batch; waits for one up to `waitMs`. Rejects where the infrastructure failed: nothing was
   * done then, and the next call reads the same batch again.
   */
  async runOnce(signal?: AbortSignal): Promise<RoundReport> {
    const { waitMs = 1_000 } = this.options;
    for (let race = 0; ; race += 1) {
      try {
        const batch = await this.ports.reader.poll({
          maxRecords: this.ramp.size,
          waitMs,
          ...(signal === undefined ? {} : { signal }),
        });
        if (batch.records.length === 0) return IDLE;
        const report = await this.applyBatch(batch);
        this.ramp.took(batch.records.length);
        return report;
      } catch (error) {
        // The stored offsets are the truth: a commit whose answer was lost may have been done.
        await this.ports.reader.seekToStored().catch(() => undefined);
        const isRace = error instanceof StaleReadError || isConflict(error);
        if (isRace && race < MOST_RACES) continue;
        this.ramp.failed();
        throw error;
      }
    }
  }

  private async applyBatch(batch: LogBatch): Promise<RoundReport> {
    const read = readBatch(batch);
    const { store, clock } = this.ports;
    const days = new Set(read.events.map(({ event }) => event.eventDay));
    // Segments entered and left are events of today.
    await store.prepareDays([...days, utcDayOf(clock.nowMs())]);
    try {
      return await this.transact(batch, read, (tx) => this.applyWhole(tx, read.events));
    } catch (error) {
      if (!isAboutData(error)) throw error;
      await this.ports.reader.seekToStored();
      const again = await this.ports.reader.poll({ maxRecords: batch.records.length, waitMs: 0 });
      const reread = readBatch(again);
      this.stumbles = 0;
      return await this.transact(again, reread, (tx) => this.applyHalving(tx, reread.events));
    }
  }

  private async transact(
    batch: LogBatch,
    read: ReadBatch,
    apply: (tx: Tx) => Promise<Applied>,
  ): Promise<RoundReport> {
    const { unitOfWork, reader, deadLetters, clock } = this.ports;
    return await unitOfWork.transaction(async (tx) => {
      const applied = await apply(tx);
      const letters = [...read.malformed, ...applied.rejected].map(({ record, code, detail }) =>
        letterOf(record, { code, detail, firstAtMs: clock.nowMs() }),
      );
      if (letters.length > 0) await deadLetters.put(tx, letters);
      await reader.commit(tx, batch);
      const { fresh, duplicates, suppressed } = applied;
      const counts = { fresh, duplicates, suppressed, deadLettered: letters.length };
      return { records: batch.records.length, ...counts };
    });
  }

  private async applyWhole(tx: Tx, events: readonly ReadRecord[]): Promise<Applied> {
    if (events.length === 0) return { ...NOTHING, rejected: [] };
    const raw = events.map(({ event }) => event);
    return rejectedRecords(await this.ports.ingest.apply(tx, raw), events);
  }

  /** One message in a batch may be odd; when our own code fails on many, the fault is ours: stop. */
  private stumble(error: unknown): void {
    if (error instanceof StoreError) return;
    this.stumbles += 1;
    if (this.stumbles > MOST_STUMBLES) throw new StumbledError({ cause: error });
  }

  /** Applies what can be applied: halves what fails, down to the one message at fault. */
  private async applyHalving(tx: Tx, events: readonly ReadRecord[]): Promise<Applied> {
    const { store } = this.ports;
    try {
      return await store.savepoint(tx, () => this.applyWhole(tx, events));
    } catch (error) {
      if (!isAboutData(error)) throw error;
      const [only] = events;
      if (events.length === 1 && only !== undefined) {
        this.stumble(error);
        const detail = unstorableDetail(only.record.value, error);
        const rejected = [{ record: only.record, code: 'unstorable', detail }];
        return { ...NOTHING, rejected };
      }
      const middle = Math.ceil(events.length / 2);
      const left = await this.applyHalving(tx, events.slice(0, middle));
      const right = await this.applyHalving(tx, events.slice(middle));
      return {
        fresh: left.fresh + right.fresh,
        duplicates: left.duplicates + right.duplicates,
        suppressed: left.suppressed + right.suppressed,
        rejected: [...left.rejected, ...right.rejected],
      };
    }
  }
}

/** Our own code fails on message after message: nothing was done, and nothing is thrown away. */
export class StumbledError extends Error {
  override readonly name = 'StumbledError';
  readonly retryable = false;

  constructor(options: { readonly cause: unknown }) {
    super('applying messages fails on too many of them', options);
  }
}

interface ReadRecord {
  readonly record: LogRecord;
  readonly event: RawEvent;
}

interface RejectedRecord {
  readonly record: LogRecord;
  readonly code: string;
  readonly detail: string;
}

interface ReadBatch {
  readonly events: readonly ReadRecord[];
  readonly malformed: readonly RejectedRecord[];
}

interface Applied {
  readonly fresh: number;
  readonly duplicates: number;
  readonly suppressed: number;
  readonly rejected: readonly RejectedRecord[];
}

/** Deadlocks and serialisation failures: two transactions met, one was told to try again. */
function isConflict(error: unknown): boolean {
  const state = stateOf(error);
  return state === '40P01' || state === '40001';
}

/** SQLSTATE of a store's error, where it has one. */
function stateOf(error: unknown): unknown {
  return error instanceof StoreError
    ? (error.cause as { code?: unknown } | undefined)?.code
    : undefined;
}

function isRetryable(error: unknown): boolean {
  if (error instanceof FencedError) return true;
  if (error instanceof StoreError) return error.retryable;
  return (error as { retryable?: unknown } | null)?.retryable === true;
}

// Values out of range, broken constraints, too much for an index: and whatever else a message may
// make our own code stumble over. A store that is not as it should be is nobody's message's fault.
const DATA_STATES = /^(22|23|54)/;

function isAboutData(error: unknown): boolean {
  if (isRetryable(error) || error instanceof StumbledError) return false;
  if (!(error instanceof StoreError)) return true;
  const state = stateOf(error);
  return typeof state === 'string' && DATA_STATES.test(state);
}

function readBatch(batch: LogBatch): ReadBatch {
  const events: ReadRecord[] = [];
  const malformed: RejectedRecord[] = [];
  for (const record of batch.records) {
    if (isRawEventShaped(record.value)) events.push({ record, event: record.value });
    else malformed.push({ record, code: 'malformed', detail: malformedPlaces(record.value) });
  }
  return { events, malformed };
}

function rejectedRecords(report: IngestReport, events: readonly ReadRecord[]): Applied {
  const { fresh, duplicates, suppressed } = report;
  const rejected = report.rejected.flatMap(({ index, code, detail }: Rejection) => {
    const record = events[index]?.record;
    return record === undefined ? [] : [{ record, code, detail }];
  });
  return { fresh, duplicates, suppressed, rejected };
}
