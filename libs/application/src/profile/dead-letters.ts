import type { Json } from '#libs/kernel';
import type { EventLog, Topic } from '../log/event-log.js';
import type { UnitOfWork } from '../ports/transaction.js';
import type { DeadLetter, DeadLetterQuery, DeadLetterStore } from './ports.js';

/** What handling dead letters needs. */
export interface DeadLetterPorts {
  readonly store: DeadLetterStore;
  readonly log: EventLog;
  readonly unitOfWork: UnitOfWork;
}

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
    const { store, log, unitOfWork } = this.ports;
    return await unitOfWork.transaction(async (tx) => {
      const letters = await store.open(tx, ids);
      await store.close(
        tx,
        letters.map((letter) => letter.id),
        'replayed',
      );
      for (const topic of new Set(letters.map((letter) => letter.topic))) {
        const records = letters
          .filter((letter) => letter.topic === topic)
          .map(({ key, raw }) => ({ key, value: JSON.parse(raw) as Json }));
        await log.appendWith(tx, topic as Topic, records);
      }
      return letters.length;
    });
  }

  /** Lets messages go for good; answers how many. */
  async dismiss(ids: readonly string[]): Promise<number> {
    const { store, unitOfWork } = this.ports;
    return await unitOfWork.transaction(async (tx) => {
      const letters = await store.open(tx, ids);
      await store.close(
        tx,
        letters.map((letter) => letter.id),
        'dismissed',
      );
      return letters.length;
    });
  }
}
