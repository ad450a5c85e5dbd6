import type { EpochMs, ProfileId } from '#libs/kernel';
import type { Tx } from '../ports/transaction.js';
import type { Delivery } from '../delivery/ports.js';

/** An observed response, credited. */
export interface OutcomeRow {
  readonly id: string;
  readonly watchId: string | null;
  readonly kind:
    | 'clicked'
    | 'visited'
    | 'converted'
    | 'rated'
    | 'replied'
    | 'unsubscribed'
    | 'complained'
    | 'task_done'
    | 'no_response';
  readonly profileId: ProfileId;
  readonly accountId: string | null;
  readonly atMs: EpochMs;
  /** Decimal text, or null without a value. */
  readonly value: string | null;
  readonly currency: string;
  readonly eventKey: string | null;
  readonly deliveryId: string | null;
  readonly decisionId: string | null;
  readonly enrolmentId: string | null;
  readonly scenario: string | null;
  readonly attributedBy: 'goal' | 'holdout' | 'window' | 'direct';
  readonly isSample: boolean;
}

/** What a decision has earned. */
export interface RewardRow {
  readonly decisionId: string;
  readonly reward: string;
  readonly profileId: ProfileId;
  readonly value: number;
  readonly isFinal: boolean;
  readonly version: number;
  readonly maturedAtMs: EpochMs;
  readonly isSample: boolean;
  /** Of the decision: what learning updates. */
  readonly scenario: string | null;
  readonly stepId: string | null;
  readonly action: string;
  readonly treatment: string;
}

/** Outcomes and rewards in the store. */
export interface ResultStore {
  /** Answers the ids that were not there yet: a repeat adds nothing. */
  insertOutcomes(tx: Tx, rows: readonly OutcomeRow[]): Promise<ReadonlySet<string>>;
  /** Accepted deliveries of these people since an instant, with human clicks. */
  touchesOf(
    tx: Tx,
    profileIds: readonly ProfileId[],
    sinceMs: EpochMs,
  ): Promise<readonly { readonly delivery: Delivery; readonly humanAtMs: readonly EpochMs[] }[]>;
  /**
   * Rewards of these decisions, locked; a decision without one gives version 0 and value 0. Ones
   * that do not exist are left out.
   */
  rewardsOf(tx: Tx, decisionIds: readonly string[]): Promise<readonly RewardRow[]>;
  saveRewards(tx: Tx, rows: readonly RewardRow[]): Promise<void>;
}

/** A posterior's count, to be raised. */
export interface Lesson {
  readonly scenario: string;
  readonly stepId: string;
  readonly action: string;
  readonly treatment: string;
  readonly successes: number;
  readonly failures: number;
}

/** What models learned, in the store. */
export interface LessonStore {
  /** Adds the counts and raises the model's version, in one transaction. */
  add(tx: Tx, lessons: readonly Lesson[], nowMs: EpochMs): Promise<void>;
}
