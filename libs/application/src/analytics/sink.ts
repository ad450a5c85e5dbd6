import { isFactShaped, type Fact } from '#libs/contracts';
import type { LogReader, LogRecord } from '../log/event-log.js';
import type { UnitOfWork } from '../ports/transaction.js';
import type { AnalyticsInsertOptions, AnalyticsWriter } from './ports.js';

/** Facts of one batch; enough for ClickHouse to make few parts, little enough to stay in memory. */
const MOST_FACTS = 10_000;

/**
 * Carries facts from the log to ClickHouse. Written first, then the offsets: a repeat after a crash
 * writes the same ids and versions, which ClickHouse shows once.
 */
export class AnalyticsSink {
  constructor(
    private readonly ports: {
      readonly work: UnitOfWork;
      readonly reader: LogReader;
      readonly writer: AnalyticsWriter;
    },
  ) {}

  /** One batch; answers how many facts it carried. */
  async runOnce(waitMs: number, signal?: AbortSignal): Promise<number> {
    const { reader, writer, work } = this.ports;
    const batch = await reader.poll({
      maxRecords: MOST_FACTS,
      waitMs,
      ...(signal === undefined ? {} : { signal }),
    });
    if (batch.records.length === 0) return 0;
    try {
      const facts = batch.records.flatMap((record): Fact[] => {
        const value: unknown = record.value;
        return isFactShaped(value) ? [value] : [];
      });
      await writer.insert(facts, oldestOf(batch.records));
      await work.transaction((tx) => reader.commit(tx, batch));
    } catch (error) {
      await reader.seekToStored().catch(() => undefined);
      throw error;
    }
    return batch.records.length;
  }
}

function oldestOf(records: readonly LogRecord[]): AnalyticsInsertOptions {
  const times = records.flatMap(({ appendedAtMs }) => appendedAtMs ?? []);
  return times.length === 0 ? {} : { appendedAtMs: times.reduce((a, b) => Math.min(a, b)) };
}
