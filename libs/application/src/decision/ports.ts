import type { Posterior } from '#libs/decision';
import type { DecisionRecord } from '#libs/decision';
import type { Tx } from '../ports/transaction.js';

/** A decision as stored beside its fact. */
export interface StoredDecision {
  readonly commandId: string;
  readonly record: DecisionRecord;
  readonly mode: 'live' | 'simulated';
  readonly latencyUs: number;
  readonly isSample: boolean;
}

/** What models know, with the version that names it. */
export interface ModelSnapshot {
  readonly version: string;
  /** By `posteriorKey`. */
  readonly posteriors: ReadonlyMap<string, Posterior>;
}

/** Decisions and what was learned from them. */
export interface DecisionStore {
  /** Decisions already made under these commands. */
  byCommand(tx: Tx, commandIds: readonly string[]): Promise<ReadonlyMap<string, DecisionRecord>>;
  /** Command ids by decision id. */
  commandsOf(tx: Tx, decisionIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  insert(tx: Tx, decisions: readonly StoredDecision[]): Promise<void>;
  model(tx: Tx): Promise<ModelSnapshot>;
}
