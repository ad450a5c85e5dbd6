import type { EpochMs } from '#libs/kernel';
import type { RfmCuts } from '#libs/profile';
import type { Tx } from '../ports/transaction.js';
import type { AccountBench } from './accounts.js';
import type { Bench } from './bench.js';
import type { Work } from './compose.js';
import type { Incoming } from './incoming.js';
import type { EventRow, ProfileChanges } from './ports.js';
import type { ProfileSettings } from './settings.js';

/**
 * Why people are looked at again without an event: their time has come, a rule of mastership
 * changed, a workspace was published, which tells nothing of segments entered and left, a merge
 * was undone, or the cuts of RFM moved and their score with them.
 */
export type RefreshCause = 'time' | 'mastership' | 'segments' | 'unmerge' | 'rfm';

/** What a transaction will write, in the making. */
export type Output = { [Key in keyof ProfileChanges]: ProfileChanges[Key][number][] };

/** Everything in the making while one transaction runs. */
export interface Session {
  readonly tx: Tx;
  readonly settings: ProfileSettings;
  readonly bench: Bench;
  readonly accounts: AccountBench;
  readonly nowMs: EpochMs;
  /** Local day of `nowMs`. */
  readonly today: number;
  /** Null when events are applied. */
  readonly cause: RefreshCause | null;
  /** One score for the whole transaction; null before anybody has ordered. */
  readonly rfmCuts: RfmCuts | null;
  readonly works: Map<string, Work>;
  readonly out: Output;
}

/** Nothing to write yet. */
export function emptyOutput(): Output {
  return {
    created: [],
    updated: [],
    rescheduled: [],
    tombstones: [],
    merges: [],
    refusedMerges: [],
    attached: [],
    seen: [],
    events: [],
    claims: [],
    buckets: [],
    consents: [],
    memberships: [],
    segmentMoves: [],
    contactPoints: [],
    dates: [],
    changes: [],
    facts: [],
  };
}

/** The row of an event under the node that keeps it. */
export function rowOf(incoming: Incoming, nodeId: string | null): EventRow {
  const { eventKey, bodyHash, event, isHistorical } = incoming;
  return { eventKey, bodyHash, nodeId, event, isHistorical };
}
