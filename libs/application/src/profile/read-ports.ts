import type { EpochMs, Json } from '#libs/kernel';
import type { ConsentStatement } from '#libs/policy';
import type { Claim, ProfileDocument } from '#libs/profile';
import type { Tx } from '../ports/transaction.js';
import type { IdKey, Membership, StoredAccount } from './ports.js';

/** A profile as read, without locking it. */
export interface ReadProfile {
  /** The id asked for: the profile's own, or one that was merged into it. */
  readonly askedId: string;
  readonly profileId: string;
  readonly version: number;
  readonly groupUnit: string;
  readonly accountId: string | null;
  readonly firstSeenMs: EpochMs;
  readonly updatedAtMs: EpochMs;
  readonly isSample: boolean;
  readonly hasPurchased: boolean;
  readonly document: ProfileDocument;
  readonly memberships: readonly Membership[];
  /** Of the current account; null without one. */
  readonly account: StoredAccount | null;
}

/** An id of a profile, for people. */
export interface ReadIdentity extends IdKey {
  readonly firstSeenMs: EpochMs;
  readonly lastSeenMs: EpochMs;
  readonly isVerified: boolean;
}

/** An event as stored. */
export interface ReadEvent {
  readonly eventKey: string;
  readonly messageId: string;
  readonly name: string;
  readonly type: string;
  readonly source: string;
  readonly atMs: EpochMs;
  readonly receivedAtMs: EpochMs;
  readonly isHistorical: boolean;
  readonly properties: Readonly<Record<string, Json>>;
}

/** Where a page of a timeline goes on. */
export interface TimelinePlace {
  readonly atMs: EpochMs;
  readonly eventKey: string;
}

/** Which events of a profile; newest first. */
export interface TimelineQuery {
  readonly profileId: string;
  readonly limit: number;
  readonly before?: TimelinePlace;
  readonly names?: readonly string[];
}

/** Which profiles to list, by id, a page at a time. */
export interface ProfileListQuery {
  readonly limit: number;
  readonly afterId?: string;
  readonly segment?: string;
  readonly accountId?: string;
}

/** A merge or a refused one, for people. */
export interface ReadMerge {
  readonly mergeId: number;
  readonly target: string;
  readonly source: string;
  readonly ns: string;
  readonly atMs: EpochMs;
  readonly undoneAtMs: EpochMs | null;
}

/** Profiles for reading. Methods that take a `Tx` read inside it. */
export interface ProfileReadStore {
  /** In one statement; unknown ids are left out, merged ones are followed. */
  load(tx: Tx | null, profileIds: readonly string[]): Promise<readonly ReadProfile[]>;
  /** Profile ids by id, in the order asked; null where nobody has it. */
  byIds(ids: readonly IdKey[]): Promise<readonly (string | null)[]>;
  list(query: ProfileListQuery): Promise<readonly ReadProfile[]>;
  identities(profileId: string): Promise<readonly ReadIdentity[]>;
  claims(profileId: string): Promise<readonly Claim[]>;
  consents(profileId: string): Promise<readonly (ConsentStatement & { eventKey: string })[]>;
  merges(profileId: string): Promise<readonly ReadMerge[]>;
  timeline(query: TimelineQuery): Promise<readonly ReadEvent[]>;
  accountByIds(ids: readonly IdKey[]): Promise<readonly (string | null)[]>;
}
