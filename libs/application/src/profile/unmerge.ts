import type { Clock } from '#libs/kernel';
import type { UnitOfWork } from '../ports/transaction.js';
import type { ProfileIngest } from './ingest.js';
import type { UndoneMerge, UnmergeStore } from './ports.js';

/** What undoing merges needs. */
export interface UnmergePorts {
  readonly store: UnmergeStore;
  readonly ingest: ProfileIngest;
  readonly unitOfWork: UnitOfWork;
  readonly clock: Clock;
}

/**
 * Takes a merge back: each profile has its own nodes again, with all that was ever kept under them,
 * and the two are never joined again. Running enrolments stay where the merge put them.
 */
export class ProfileUnmerge {
  constructor(private readonly ports: UnmergePorts) {}

  /** Null where there is no such merge, or it cannot be taken back any more. */
  async undo(mergeId: number): Promise<UndoneMerge | null> {
    const { store, ingest, unitOfWork, clock } = this.ports;
    return await unitOfWork.transaction(async (tx) => {
      const undone = await store.undo(tx, mergeId, clock.nowMs());
      if (undone !== null) await ingest.rebuild(tx, [undone.kept, undone.revived], store);
      return undone;
    });
  }
}
