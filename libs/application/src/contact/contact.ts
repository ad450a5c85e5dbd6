import type { EpochMs, ProfileId } from '#libs/kernel';
import type { CapReservation, ConsentStatement, Suppression } from '#libs/policy';
import type { ProfileDocument } from '#libs/profile';
import type { Tx } from '../ports/transaction.js';

/** An address of a person on a channel. */
export interface ContactAddress {
  readonly value: string;
  readonly isValid: boolean;
}

/** A reservation with the action it was made for. */
export type ContactReservation = CapReservation & { readonly action: string };

/** Everything the gate reads about one person, fresh from the store. */
export interface ContactState {
  readonly profileId: ProfileId;
  /** By channel, the preferred one. */
  readonly addresses: Readonly<Record<string, ContactAddress>>;
  readonly consents: readonly ConsentStatement[];
  readonly suppressions: readonly Suppression[];
  readonly hasPurchased: boolean;
  readonly isProfessional: boolean;
  readonly country: string | null;
  readonly reservations: readonly ContactReservation[];
  /** When each segment-based hold last ceased, by segment. */
  readonly leftSegmentsAtMs: Readonly<Record<string, EpochMs>>;
}

/** Reads and reserves what contact policy counts. */
export interface ContactStore {
  /**
   * Locks the caps of these people for the transaction, in one order, so that nobody deadlocks;
   * answers whose are had within a time in milliseconds. A transaction that hangs with somebody's
   * caps holds up nobody else.
   */
  lockCapsWithin(
    tx: Tx,
    profileIds: readonly ProfileId[],
    withinMs: number,
  ): Promise<ReadonlySet<ProfileId>>;
  load(
    tx: Tx,
    profileIds: readonly ProfileId[],
    sinceDay: number,
  ): Promise<ReadonlyMap<ProfileId, ContactState>>;
  /** Inserts or replaces reservations by their command id. */
  reserve(
    tx: Tx,
    rows: readonly (ContactReservation & { readonly profileId: ProfileId })[],
  ): Promise<void>;
  /** Moves reservations to another state and day. */
  move(
    tx: Tx,
    rows: readonly {
      readonly commandId: string;
      readonly state: CapReservation['state'];
      readonly day: number;
    }[],
  ): Promise<void>;
  /** Live uses of actions over everyone, by action and day, since a day. */
  actionUsage(
    tx: Tx,
    actions: readonly string[],
    sinceDay: number,
  ): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>>;
}

/** The country whose holidays somebody keeps, ISO 3166; null where they name none that is one. */
export function countryOf({ traits }: Pick<ProfileDocument, 'traits'>): string | null {
  const { country } = traits;
  return typeof country === 'string' && /^[A-Z]{2}$/.test(country) ? country : null;
}
