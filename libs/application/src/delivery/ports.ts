import type { EpochMs, JsonObject, ProfileId } from '#libs/kernel';
import type { Tx } from '../ports/transaction.js';

/** States of a delivery (workspace.md). */
export type DeliveryState =
  | 'intended'
  | 'withheld'
  | 'sending'
  | 'accepted'
  | 'failed'
  | 'uncertain'
  | 'delivered'
  | 'bounced'
  | 'complained';

/** One message to one person, from intent to outcome. */
export interface Delivery {
  readonly id: string;
  /** The deliver command; its idempotency key. */
  readonly commandId: string;
  readonly profileId: ProfileId;
  readonly accountId: string | null;
  readonly enrolmentId: string | null;
  readonly decisionId: string | null;
  /** The command whose place under the caps it takes: the decision's, else its own. */
  readonly reservationId: string;
  readonly scenario: string | null;
  readonly stepId: string | null;
  readonly group: string;
  readonly channel: string;
  readonly action: string;
  readonly treatment: string;
  readonly template: string;
  readonly purpose: string;
  readonly sender: string;
  readonly state: DeliveryState;
  readonly version: number;
  /** Entry, decisions and vars, for the template. */
  readonly vars: JsonObject;
  /** Targets of its links, in the order of their index. */
  readonly links: readonly string[];
  readonly intendedAtMs: EpochMs;
  readonly sendAtMs: EpochMs;
  readonly firstPutOffAtMs: EpochMs | null;
  /** Wall instant before which it is not tried again. */
  readonly retryWallMs: number;
  readonly attempts: number;
  /** The run of the worker that has taken it up; `sending` once it may have been handed over. */
  readonly claimedBy: string | null;
  readonly acceptedAtMs: EpochMs | null;
  readonly updatedAtMs: EpochMs;
  readonly provider: string;
  readonly providerId: string | null;
  /** Decimal text. */
  readonly cost: string;
  readonly currency: string;
  readonly smsSegments: number | null;
  readonly detail: string | null;
  readonly isSample: boolean;
}

/** A contact that was not made. */
export interface WithheldRow {
  readonly id: string;
  readonly profileId: ProfileId;
  readonly enrolmentId: string | null;
  readonly decisionId: string | null;
  readonly scenario: string | null;
  readonly stepId: string | null;
  readonly channel: string;
  readonly action: string;
  readonly stage: string;
  readonly reason: string;
  readonly atMs: EpochMs;
  readonly isSample: boolean;
}

/** Deliveries in the store. */
export interface DeliveryStore {
  insert(tx: Tx, rows: readonly Delivery[]): Promise<void>;
  /**
   * Locks due deliveries that nobody has taken up for the transaction, passing over those somebody
   * else holds and those that an operator's hold or a paused enrolment keeps back.
   */
  due(
    tx: Tx,
    at: { readonly nowMs: EpochMs; readonly wallMs: number; readonly limit: number },
  ): Promise<readonly Delivery[]>;
  /** Which of these may not leave now: of a hold or of a paused enrolment; so until commit. */
  heldOf(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Earliest send instant of what waits, for an adaptive sleep. */
  nextDueMs(): Promise<EpochMs | null>;
  update(tx: Tx, rows: readonly Delivery[]): Promise<void>;
  withhold(tx: Tx, rows: readonly WithheldRow[]): Promise<void>;
  /** Locks deliveries still intended of these enrolments and commands. */
  intendedOf(
    tx: Tx,
    of: { readonly enrolmentIds: readonly string[]; readonly commandIds: readonly string[] },
  ): Promise<readonly Delivery[]>;
  byIds(tx: Tx, ids: readonly string[]): Promise<readonly Delivery[]>;
  /** Locks deliveries claimed by one that is gone, or by `runId`: the caller knows its own. */
  orphaned(
    tx: Tx,
    at: { readonly wallMs: number; readonly limit: number; readonly runId: string },
  ): Promise<readonly Delivery[]>;
}
