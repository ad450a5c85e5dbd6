import type { Json } from '#libs/kernel';
import { logKeyOf, type RawEvent } from '#libs/contracts';
import type { EventLog, LogAppend } from '../log/event-log.js';
import type { ImportSink } from './file-import.js';

// One append holds its partitions' locks until it is on disk: large ones are cut by size.
const CHARACTERS_AN_APPEND = 4 * 1_024 * 1_024;

/** Puts imported events into the log's historical topic, where they delay no live event. */
export class LogImportSink implements ImportSink {
  constructor(private readonly log: EventLog) {}

  async append(events: readonly RawEvent[]): Promise<void> {
    let batch: LogAppend[] = [];
    let characters = 0;
    for (const event of events) {
      batch.push({ key: logKeyOf(event), value: event as unknown as Json });
      characters += sizeOf(event);
      if (characters < CHARACTERS_AN_APPEND) continue;
      await this.log.append('events.historical', batch);
      batch = [];
      characters = 0;
    }
    if (batch.length > 0) await this.log.append('events.historical', batch);
  }
}

function sizeOf({ properties }: RawEvent): number {
  const { products } = properties;
  return 500 + (Array.isArray(products) ? products.length * 100 : 0);
}
