import { rawEventSchema, type ApiBody, type ApiResponse, type RawEvent } from '#libs/contracts';
import { logKeyOf } from '#libs/contracts';
import type { Json, Locale } from '#libs/kernel';
import type { EventLog, Topic } from '../../log/event-log.js';
import type { UnitOfWork } from '../../ports/transaction.js';
import { say } from '../words/text.js';
import type { ConsoleGround } from '../workspace-source.js';
import type { ImportProgress, ImportStore } from './ports.js';

/** What imports work with. */
export interface ImportConsolePorts {
  readonly ground: ConsoleGround;
  readonly log: EventLog;
  readonly store: ImportStore;
  readonly unitOfWork: UnitOfWork;
}

type Batch = ApiResponse<'importEvents'>;
type Rejected = Batch['rejected'][number];

const MAX_LINE = 256 * 1024;

/**
 * Takes events that a file was mapped into. A batch and its cursor commit together: a sender that
 * lost the answer sends the batch again, and message ids make each event count once.
 */
export class ImportConsole {
  constructor(private readonly ports: ImportConsolePorts) {}

  async start(wish: NonNullable<ApiBody<'startImport'>>): Promise<ApiResponse<'startImport'>> {
    const { store, ground } = this.ports;
    const row = await store.open({
      id: `import/${wish.key}`,
      payload: JSON.stringify({ kind: wish.kind, file: wish.file }),
      total: wish.totalRows ?? null,
      nowMs: ground.clock.nowMs(),
    });
    return viewOf(row);
  }

  /** Null where there is no such import. */
  async take(
    job: string,
    batch: { readonly text: string; readonly cursor: string; readonly isLast: boolean },
    locale: Locale,
  ): Promise<Batch | null> {
    const { unitOfWork, store, log, ground } = this.ports;
    const nowMs = ground.clock.nowMs();
    const { events, rejected } = this.read(batch.text, locale);
    return await unitOfWork.transaction(async (tx) => {
      const row = await store.lock(tx, `import/${job}`);
      if (row === null) return null;
      for (const topic of ['events.historical', 'events.raw'] as const satisfies readonly Topic[]) {
        const own = events.filter(
          ({ historical }) => historical === (topic === 'events.historical'),
        );
        if (own.length === 0) continue;
        const records = own.map((event) => ({
          key: logKeyOf(event),
          value: { ...event, receivedAtMs: nowMs } as unknown as Json,
        }));
        await log.appendWith(tx, topic, records);
      }
      const next: ImportProgress = {
        id: row.id,
        state: batch.isLast ? 'done' : 'running',
        accepted: row.accepted + events.length,
        cursor: batch.cursor === '' ? row.cursor : batch.cursor,
      };
      await store.save(tx, next, nowMs);
      return { accepted: events.length, rejected: [...rejected] };
    });
  }

  private read(
    text: string,
    locale: Locale,
  ): { readonly events: readonly RawEvent[]; readonly rejected: readonly Rejected[] } {
    const events: RawEvent[] = [];
    const rejected: Rejected[] = [];
    const refuse = (line: number, code: string, fr: string, en: string): void => {
      rejected.push({ line, code, reason: say(locale, fr, en) });
    };
    for (const [index, line] of text.split('\n').entries()) {
      if (line.trim() === '') continue;
      const number = index + 1;
      if (line.length > MAX_LINE) {
        refuse(number, 'too_large', 'évènement de plus de 256 Ko', 'event over 256 KB');
        continue;
      }
      const event = eventOf(line);
      if (event === null) {
        refuse(number, 'malformed', 'évènement mal formé', 'malformed event');
      } else if (event.name.startsWith('relance_') || event.type === 'engine') {
        refuse(number, 'reserved', 'nom réservé au moteur', 'a name of the engine’s own');
      } else {
        events.push(event);
      }
    }
    return { events, rejected };
  }
}

function eventOf(line: string): RawEvent | null {
  try {
    const read = rawEventSchema.safeParse(JSON.parse(line));
    if (!read.success) return null;
    // Only the engine says which profile an event is of.
    const { profileId: _, ...event } = read.data;
    return event;
  } catch {
    return null;
  }
}

function viewOf(row: ImportProgress): ApiResponse<'startImport'> {
  const { state, accepted, cursor } = row;
  return { id: row.id.replace(/^import\//, ''), state, accepted, cursor };
}
