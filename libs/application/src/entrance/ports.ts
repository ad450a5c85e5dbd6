import type { EpochMs, ProfileId } from '#libs/kernel';
import type { Tx } from '../ports/transaction.js';

/** How far the entries of one scenario by date or by schedule have come. One row a scenario. */
export interface EntranceSweep {
  readonly scenario: string;
  /** Names the entry as it was read: another one begins its window anew. */
  readonly entry: string;
  /** What fell due up to here was taken in, or skipped. */
  readonly doneUntilMs: EpochMs;
  /** The window under way ends here; for a schedule it is the instant itself. Null between two. */
  readonly runUntilMs: EpochMs | null;
  /** The last person of the window who was looked at. */
  readonly cursor: string;
  /** People who were looked at, in all. */
  readonly looked: number;
  /** Missed for longer than is caught up: people of a date, occurrences of a schedule. */
  readonly skipped: number;
}

/** People whose date falls on a day of the year and who live in a zone, as many as there are. */
export interface DatedZone {
  /** Month x 100 + day. */
  readonly monthDay: number;
  /** As the person's trait says it; empty where none is known. */
  readonly zone: string;
  readonly people: number;
}

/** Somebody with a date. */
export interface DatedPerson {
  readonly profileId: ProfileId;
  /** Day number of the date. */
  readonly day: number;
  readonly monthDay: number;
  readonly zone: string;
}

/** Where entries by date and by schedule find people, and keep how far they have come. */
export interface EntranceStore {
  /** Every row, few as scenarios are. */
  sweeps(tx: Tx): Promise<readonly EntranceSweep[]>;
  save(tx: Tx, sweep: EntranceSweep): Promise<void>;
  drop(tx: Tx, scenario: string): Promise<void>;
  zonesOn(tx: Tx, trait: string, monthDays: readonly number[]): Promise<readonly DatedZone[]>;
  /** The next people in order of their id. */
  datedOn(
    tx: Tx,
    query: {
      readonly trait: string;
      readonly on: readonly Pick<DatedZone, 'monthDay' | 'zone'>[];
      readonly after: string;
      readonly limit: number;
    },
  ): Promise<readonly DatedPerson[]>;
  /**
   * The next members of a segment, everybody where it is null, in order of their id. Null while it
   * is not known who is a member: new rules are being applied to everybody.
   */
  members(
    tx: Tx,
    query: { readonly segment: string | null; readonly after: string; readonly limit: number },
  ): Promise<readonly ProfileId[] | null>;
}
