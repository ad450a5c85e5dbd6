import type { EpochMs } from '#libs/kernel';
import { utcDayOf, type RawEvent } from '#libs/contracts';

/** What one event says; the rest follows. */
export interface Said {
  readonly atMs: EpochMs;
  readonly source: 'web' | 'form' | 'erp' | 'crm';
  readonly name: string;
  readonly ids: RawEvent['ids'];
  /** `track` where absent. */
  readonly type?: RawEvent['type'];
  readonly properties?: RawEvent['properties'];
  readonly traits?: Record<string, unknown>;
  readonly verified?: string[];
  readonly account?: NonNullable<RawEvent['account']>;
  readonly context?: NonNullable<RawEvent['context']>;
}

/** Writes events under one prefix: their message ids are the prefix and a count. */
export class Scribe {
  readonly events: RawEvent[] = [];

  constructor(
    private readonly prefix: string,
    private readonly isHistorical: boolean,
  ) {}

  write(said: Said): RawEvent {
    const { type = 'track', properties = {}, atMs, ...rest } = said;
    const at = Math.floor(atMs);
    const event: RawEvent = {
      messageId: `sample-${this.prefix}-${this.events.length}`,
      type,
      ...rest,
      properties,
      atMs: at,
      originalAtMs: at,
      receivedAtMs: at,
      hasTimestamp: true,
      eventDay: utcDayOf(at),
      historical: this.isHistorical,
      sample: true,
    };
    this.events.push(event);
    return event;
  }
}
