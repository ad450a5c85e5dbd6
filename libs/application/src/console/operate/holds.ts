import type { EpochMs } from '#libs/kernel';
import type { Tx } from '../../ports/transaction.js';

/** A hold that is on. */
export interface HoldRow {
  /** A scenario, or `EVERYTHING`. */
  readonly scope: string;
  readonly sinceMs: EpochMs;
  readonly author: string;
}

/** What a hold over a scope touches. */
export interface HoldReach {
  /** People who stand in a scenario of the scope and are not left alone anyway. */
  readonly people: number;
  /** Messages intended that have not left. */
  readonly messages: number;
  /** Messages handed over just now: those may still leave. */
  readonly inHand: number;
}

/** Who holds or lets go, and when. */
export interface HoldAct {
  readonly scope: string;
  readonly author: string;
  readonly nowMs: EpochMs;
}

/** Holds in the store. */
export interface HoldStore {
  current(): Promise<readonly HoldRow[]>;
  reach(scope: string): Promise<HoldReach>;
  /**
   * Once it has committed nothing more leaves; waits for what is being judged just now. Answers
   * false where it was held already.
   */
  pause(tx: Tx, act: HoldAct): Promise<boolean>;
  /** Answers false where nothing was held. */
  resume(tx: Tx, act: HoldAct): Promise<boolean>;
}
