import type { Clock, Json } from '#libs/kernel';
import {
  foldName,
  logKeyOf,
  rawEventIssues,
  type RawEvent,
  type RawEventIssue,
} from '#libs/contracts';
import type { EventLog, Topic } from '../log/event-log.js';
import type { Tx, UnitOfWork } from '../ports/transaction.js';
import type { DeadLetter, DeadLetterQuery, DeadLetterStore } from './ports.js';

/** What handling dead letters needs. */
export interface DeadLetterPorts {
  readonly store: DeadLetterStore;
  readonly log: EventLog;
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
}

/** What became of a corrected message. */
export type CorrectedReplay =
  | { readonly code: 'replayed' }
  /** Replayed before, dismissed, or never there: nothing was done. */
  | { readonly code: 'not_open' }
  | { readonly code: 'malformed'; readonly issues: readonly RawEventIssue[] }
  /** Only the engine names profiles by their id and events `relance_…`. */
  | { readonly code: 'reserved' };

/** Messages that could not be applied: to look at, to try again once mended, or to let go. */
export class DeadLetters {
  constructor(private readonly ports: DeadLetterPorts) {}

  async list(query: DeadLetterQuery): Promise<readonly DeadLetter[]> {
    return await this.ports.store.list(query);
  }

  /**
   * Puts messages back into the log under their own message ids, so that one applied meanwhile is
   * counted once. Answers how many; letters that are not open are left alone. One that fails again
   * is open again.
   */
  async replay(ids: readonly string[]): Promise<number> {
    const { log, unitOfWork } = this.ports;
    return await unitOfWork.transaction(async (tx) => {
      const letters = await this.shut(tx, ids, 'replayed');
      for (const topic of new Set(letters.map((letter) => letter.topic))) {
        const records = letters
          .filter((letter) => letter.topic === topic)
          .map(({ key, raw }) => ({ key, value: JSON.parse(raw) as Json }));
        await log.appendWith(tx, topic as Topic, records);
      }
      return letters.length;
    });
  }

  /**
   * Puts a corrected message into the log in place of one that cannot be applied as it came. The
   * letter keeps both and who corrected it. Once: a letter that is not open is left alone. A
   * correction that fails in its turn has a letter of its own.
   */
  async replayCorrected(
    id: string,
    correction: { readonly message: Readonly<Record<string, unknown>>; readonly by: string },
  ): Promise<CorrectedReplay> {
    const { store, log, unitOfWork, clock } = this.ports;
    const { by } = correction;
    const issues = rawEventIssues(correction.message);
    if (issues.length > 0) return { code: 'malformed', issues };
    const message = correction.message as RawEvent;
    return await unitOfWork.transaction(async (tx) => {
      const [letter] = await store.open(tx, [id]);
      if (letter === undefined) return { code: 'not_open' };
      if (isReserved(message) && !wasOfEngine(letter)) return { code: 'reserved' };
      const raw = JSON.stringify(message);
      await store.correct(tx, id, { raw, by, atMs: clock.nowMs() });
      const record = { key: logKeyOf(message), value: message as Json };
      await log.appendWith(tx, letter.topic as Topic, [record]);
      return { code: 'replayed' };
    });
  }

  /** Lets messages go for good; answers how many. */
  async dismiss(ids: readonly string[]): Promise<number> {
    const { unitOfWork } = this.ports;
    return await unitOfWork.transaction(
      async (tx) => (await this.shut(tx, ids, 'dismissed')).length,
    );
  }

  private async shut(
    tx: Tx,
    ids: readonly string[],
    state: 'replayed' | 'dismissed',
  ): Promise<readonly DeadLetter[]> {
    const letters = await this.ports.store.open(tx, ids);
    const found = letters.map((letter) => letter.id);
    await this.ports.store.close(tx, found, state);
    return letters;
  }
}

function isReserved({ type, name, profileId }: RawEvent): boolean {
  return type === 'engine' || profileId !== undefined || foldName(name).startsWith('relance_');
}

function wasOfEngine({ raw }: DeadLetter): boolean {
  const value = JSON.parse(raw) as Partial<RawEvent> | null;
  return value?.type === 'engine';
}
