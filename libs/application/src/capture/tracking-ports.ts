import type { EpochMs, ProfileId } from '#libs/kernel';
import type { DeliveryEventFact, SuppressionFact } from '#libs/contracts';
import type { MessageChannel } from '../channels/ports.js';
import type { Tx } from '../ports/transaction.js';

/** What a signed link leads to know of its message. */
export interface TrackedDelivery {
  readonly id: string;
  readonly profileId: ProfileId;
  readonly accountId: string | null;
  readonly enrolmentId: string | null;
  readonly decisionId: string | null;
  readonly scenario: string | null;
  readonly channel: string;
  readonly action: string;
  readonly purpose: string;
  /** Targets by link index. */
  readonly links: readonly string[];
  /** When the provider took it; of one whose answer is unknown, when it was sent. */
  readonly acceptedAtMs: EpochMs;
  readonly isSample: boolean;
}

/** One visit of a link. */
export interface LinkVisit {
  readonly linkIndex: number;
  readonly atMs: EpochMs;
}

/** Something that happened to a message, as a row. */
export interface DeliveryEventRow {
  readonly id: string;
  readonly deliveryId: string;
  readonly kind: DeliveryEventFact['body']['deliveryEventKind'];
  readonly atMs: EpochMs;
  /** Index of the link, as text. */
  readonly link: string | null;
  readonly code: string | null;
  readonly detail: string | null;
  readonly evidence: readonly string[];
}

/** Messages and what happened to them, in the store. */
export interface TrackingStore {
  delivery(id: string): Promise<TrackedDelivery | null>;
  /** Visits of a message's links so far, by people and machines; the latest 500. */
  visitsOf(tx: Tx, deliveryId: string): Promise<readonly LinkVisit[]>;
  /** False where a row of this id is there already. */
  addEvent(tx: Tx, row: DeliveryEventRow): Promise<boolean>;
  /** The latest message of these people on a channel, for replies, which name none. */
  latestTo(
    tx: Tx,
    profileIds: readonly ProfileId[],
    channel: MessageChannel,
  ): Promise<TrackedDelivery | null>;
}

/** Somebody leaves, or comes back to, a purpose on a channel. */
export interface PreferenceChange {
  readonly channel: MessageChannel;
  /** Null: every purpose. */
  readonly purpose: string | null;
  /** Addresses by which they are known; hashed before they are stored. */
  readonly addresses: readonly string[];
  readonly profileId: ProfileId | null;
  readonly atMs: EpochMs;
  readonly isSample: boolean;
}

/**
 * What takes effect at once when a person says no. The statement of consent itself is an event like
 * any other, and is read a moment later; a suppression holds from the transaction on, and outlives
 * an erasure.
 */
export interface ContactPreferences {
  /**
   * Idempotent by address, channel and purpose; said again later it holds from then on. Answers the
   * facts of what it set.
   */
  refuse(tx: Tx, change: PreferenceChange): Promise<readonly SuppressionFact[]>;
  /** Lifts what `refuse` set before, and nothing else. */
  restore(tx: Tx, change: PreferenceChange): Promise<readonly SuppressionFact[]>;
  /** Addresses of a person on a channel. */
  addressesOf(tx: Tx, profileId: ProfileId, channel: MessageChannel): Promise<readonly string[]>;
  /** People who have this address. */
  peopleAt(tx: Tx, channel: MessageChannel, address: string): Promise<readonly ProfileId[]>;
  /** Purposes that one of these people ever granted on the channel, each once, in order. */
  grantedPurposes(
    tx: Tx,
    profileIds: readonly ProfileId[],
    channel: MessageChannel,
  ): Promise<readonly string[]>;
}

/** Replies already heard, by the provider's id. */
export interface InboundStore {
  /** The answer given before; null where this message is new. Locks the id for the transaction. */
  answerTo(tx: Tx, id: string): Promise<string | null>;
  keep(
    tx: Tx,
    message: {
      readonly id: string;
      readonly channel: MessageChannel;
      readonly intent: string;
      readonly answer: string;
      readonly atMs: EpochMs;
    },
  ): Promise<void>;
}
