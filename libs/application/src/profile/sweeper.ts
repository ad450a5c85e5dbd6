import type { Clock } from '#libs/kernel';
import { utcDayOf } from '#libs/contracts';
import type { UnitOfWork } from '../ports/transaction.js';
import type { ProfileIngest } from './ingest.js';
import type { ProfileStore } from './ports.js';

/** What the sweeper needs. */
export interface SweeperPorts {
  readonly store: ProfileStore;
  readonly ingest: ProfileIngest;
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
}

/**
 * Lets time do its work: people whose windows or segments change by time alone are computed anew
 * when they are due, in bounded batches, so that a midnight with many due is spread by itself.
 */
export class ProfileSweeper {
  constructor(private readonly ports: SweeperPorts) {}

  /** One batch of those that are due; answers how many were looked at. */
  async runOnce(maxProfiles = 500): Promise<number> {
    const { store, ingest, unitOfWork, clock } = this.ports;
    await store.prepareDays([utcDayOf(clock.nowMs())]);
    return await unitOfWork.transaction(async (tx) => {
      const due = await store.due(tx, clock.nowMs(), maxProfiles);
      if (due.length > 0) await ingest.refresh(tx, due, 'time');
      return due.length;
    });
  }
}
