import type { EnrolmentId, EpochMs } from '#libs/kernel';
import type { MigrationRefusal } from '#libs/scenario';
import type { Tx } from '../ports/transaction.js';

/** Why somebody was not moved; `unknown_version` where the version they are in is not known here. */
export type NotMoved = MigrationRefusal | 'unknown_version';

/** What became of the people a migration has looked at. */
export interface MigrationTally {
  readonly moved: number;
  /** Who stays with their version, by reason; a reason that kept nobody is absent. */
  readonly refused: Readonly<Partial<Record<NotMoved, number>>>;
}

/** Moving everybody of a scenario to the version published last, as a resumable job. */
export interface MigrationJob extends MigrationTally {
  readonly id: string;
  readonly scenario: string;
  /** Definition to move to. */
  readonly definition: string;
  /** Enrolment id after which to go on; empty at first. */
  readonly cursor: string;
}

/** The next enrolments of older versions, in order of their id. */
export interface MigrationPage {
  readonly enrolmentIds: readonly EnrolmentId[];
  /** Where the page after this one begins. */
  readonly cursor: string;
  readonly isLast: boolean;
}

/** A migration as operators read it. */
export interface MigrationProgress extends MigrationTally {
  readonly scenario: string;
  readonly definition: string;
  /** `stopped`: a newer version took the place of the one it moved to. */
  readonly state: 'running' | 'done' | 'stopped';
  /** Who was in an older version when it began. */
  readonly total: number;
  /** Who was not looked at yet; 0 once it is over. */
  readonly left: number;
  readonly updatedAtMs: EpochMs;
}

/** The jobs of scenarios published with `on_change: migrate`; one at a time is carried on. */
export interface MigrationJobs {
  /** The running job, locked until the transaction ends; null without one. */
  current(tx: Tx): Promise<MigrationJob | null>;
  /** Bounded by `limit` people and by what is read to find them. */
  page(tx: Tx, job: MigrationJob, limit: number): Promise<MigrationPage>;
  /** Moves the job past the page in the transaction that moved its people. */
  advance(
    tx: Tx,
    job: MigrationJob,
    done: { readonly page: MigrationPage; readonly tally: MigrationTally; readonly nowMs: EpochMs },
  ): Promise<void>;
}
