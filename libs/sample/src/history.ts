import type { RawEvent } from '#libs/contracts';
import { LifeStream } from './behaviour/stream.js';
import { DAY_MS, parisDay } from './world/paris.js';
import { BOOK_DAYS, World, type WorldOptions } from './world/world.js';

/** What a history is made from. */
export interface HistoryOptions extends WorldOptions {
  /** Days of behaviour before `endMs`. Default 90. */
  readonly days?: number;
}

/**
 * The past of the sample in order of time, ending before `endMs`: customer files and the order book
 * of the year, then 90 days of behaviour in full. The same options give the same bytes. All events
 * are historical, flagged as sample and received at `endMs`. Streams: it holds 20 days of events at
 * most.
 */
export function* sampleHistory(options: HistoryOptions): Generator<RawEvent> {
  const world = new World(options);
  const bookUntilDay = parisDay(options.endMs - (options.days ?? 90) * DAY_MS);
  const firstDay = world.endDay - BOOK_DAYS;
  const stream = new LifeStream({ world, firstDay, bookUntilDay, isHistorical: true });
  for (let day = firstDay; day <= world.endDay; day += 1) {
    for (const event of stream.next()) {
      if (event.atMs < options.endMs) yield { ...event, receivedAtMs: options.endMs };
    }
  }
}
