import type { EpochMs } from '#libs/kernel';
import type { Fact, ProfileChange, RawEvent } from '#libs/contracts';
import type { ConsentStatement } from '#libs/policy';
import type {
  Bucket,
  Claim,
  ContactPoint,
  KnownIdentity,
  Merge,
  ProfileDocument,
} from '#libs/profile';
import type { Tx } from '../ports/transaction.js';

/** A profile as locked for a transaction. */
export interface StoredProfile {
  readonly profileId: string;
  readonly version: number;
  readonly groupUnit: string;
  readonly accountId: string | null;
  /** Time of its earliest event. */
  readonly firstSeenMs: EpochMs;
  readonly updatedAtMs: EpochMs;
  readonly mergeCount: number;
  readonly isSample: boolean;
  readonly document: ProfileDocument;
  readonly memberships: readonly Membership[];
  readonly hasPurchased: boolean;
  /** RFM as last told, as `5-4-3`; empty: none. */
  readonly rfm: string;
  readonly nodeIds: readonly string[];
  readonly identities: readonly KnownIdentity[];
  readonly apartFrom: readonly string[];
}

/** A profile that is part of another; without ids, which went along. */
export interface StoredTombstone extends StoredProfile {
  readonly mergedInto: string;
}

/** The latest word on whether a person belongs to an account. */
export interface Membership {
  readonly accountId: string;
  readonly isMember: boolean;
  readonly role: string | null;
  readonly atMs: EpochMs;
  readonly eventKey: string;
}

/** An account as locked for a transaction. */
export interface StoredAccount {
  readonly accountId: string;
  readonly version: number;
  /** Each with who said so last. */
  readonly traits: Readonly<Record<string, AccountTrait>>;
  readonly updatedAtMs: EpochMs;
  readonly isSample: boolean;
}

/** A trait of an account: the latest word holds. */
export interface AccountTrait {
  readonly value: string | number | boolean;
  readonly source: string;
  readonly atMs: EpochMs;
  readonly eventKey: string;
}

/** A fresh event, resolved. */
export interface EventRow {
  readonly eventKey: string;
  /** Hash of what the event says, to tell a repeat from another event under the same id. */
  readonly bodyHash: string;
  /** Null for a bot that nobody knows. */
  readonly nodeId: string | null;
  readonly event: RawEvent;
  readonly isHistorical: boolean;
}

/** A profile as it shall be stored. */
export interface ProfileRow {
  readonly profileId: string;
  readonly version: number;
  readonly groupUnit: string;
  readonly accountId: string | null;
  readonly firstSeenMs: EpochMs;
  readonly updatedAtMs: EpochMs;
  readonly mergeCount: number;
  readonly isSample: boolean;
  readonly document: ProfileDocument;
  readonly memberships: readonly Membership[];
  readonly hasPurchased: boolean;
  /** RFM as told with this version, as `5-4-3`; empty: none. */
  readonly rfm: string;
  /** Next instant at which time alone changes it; null: never. */
  readonly dueAtMs: EpochMs | null;
}

/** A profile that became part of another. */
export interface TombstoneRow {
  readonly profileId: string;
  readonly mergedInto: string;
  readonly version: number;
  readonly updatedAtMs: EpochMs;
}

/** Everything one transaction changes, written together. */
export interface ProfileChanges {
  readonly created: readonly ProfileRow[];
  readonly updated: readonly ProfileRow[];
  /** Profiles of which only the due instant moved. */
  readonly rescheduled: readonly { readonly profileId: string; readonly dueAtMs: number | null }[];
  readonly tombstones: readonly TombstoneRow[];
  readonly merges: readonly (Merge & { readonly atMs: EpochMs })[];
  readonly refusedMerges: readonly RefusedMerge[];
  /** Ids first seen. */
  readonly attached: readonly KnownIdentity[];
  /** Ids seen again on another day, or verified now. */
  readonly seen: readonly KnownIdentity[];
  readonly events: readonly EventRow[];
  readonly claims: readonly (Claim & { readonly nodeId: string })[];
  readonly buckets: readonly (Bucket & { readonly nodeId: string })[];
  readonly consents: readonly (ConsentStatement & ConsentKey)[];
  readonly memberships: readonly (Membership & { readonly nodeId: string })[];
  readonly segmentMoves: readonly SegmentMove[];
  readonly contactPoints: readonly ContactPoints[];
  readonly dates: readonly ProfileDates[];
  readonly changes: readonly ProfileChange[];
  readonly facts: readonly Fact[];
}

/** Where a statement of consent comes from. */
export interface ConsentKey {
  readonly eventKey: string;
  readonly nodeId: string;
}

/** A merge that a rule refused. */
export interface RefusedMerge {
  readonly profileId: string;
  readonly otherId: string;
  readonly ns: string;
  readonly reason: string;
  readonly atMs: EpochMs;
}

/** Somebody entered or left a segment. */
export interface SegmentMove {
  readonly segment: string;
  readonly profileId: string;
  readonly isMember: boolean;
  readonly atMs: EpochMs;
}

/** A profile's contact points as they are now; replaces what was there. */
export interface ContactPoints {
  readonly profileId: string;
  readonly points: readonly ContactPoint[];
}

/** A profile's dates as they are now; replaces what was there. */
export interface ProfileDates {
  readonly profileId: string;
  readonly dates: readonly {
    readonly trait: string;
    /** Day number. */
    readonly day: number;
    /** Month x 100 + day. */
    readonly monthDay: number;
  }[];
  /** As the trait says it; empty where there is none. */
  readonly zone: string;
}

/** An id to look for. */
export interface IdKey {
  readonly ns: string;
  readonly value: string;
}

/** An event to look for. */
export interface EventProbe {
  readonly eventKey: string;
  /** UTC days under which it may have been stored. */
  readonly days: readonly string[];
}

/** A stored event as far as aggregates read it. */
export interface CountedEvent {
  readonly nodeId: string;
  readonly eventKey: string;
  readonly name: string;
  readonly source: string;
  readonly atMs: EpochMs;
  readonly properties: RawEvent['properties'];
}

/** The store behind the profile consumer. Every method works in bulk, in the caller's transaction. */
export interface ProfileStore {
  /** Makes room for events of these UTC days. Before the transaction, not within it. */
  prepareDays(days: readonly string[]): Promise<void>;
  /** Event keys already stored, each with the hash of what that event said. */
  storedEvents(tx: Tx, probes: readonly EventProbe[]): Promise<ReadonlyMap<string, string>>;
  /** Current profile id by `identityKey`; unknown ids are left out. */
  findByIds(tx: Tx, ids: readonly IdKey[]): Promise<ReadonlyMap<string, string>>;
  /** Follows `merged_into`; unknown and erased profiles are left out. */
  redirect(tx: Tx, profileIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Locks rows in one order; tombstones and unknown ids are left out. */
  lock(tx: Tx, profileIds: readonly string[]): Promise<readonly StoredProfile[]>;
  /** Of these profiles those that are part of another; under the lock of that other. */
  tombstones(tx: Tx, profileIds: readonly string[]): Promise<readonly StoredTombstone[]>;
  /** Whether anybody was ever erased: mostly nobody was. */
  hasErased(tx: Tx): Promise<boolean>;
  /** When people with these hashed ids were erased; the others are left out. */
  erasedIds(tx: Tx, hashes: readonly string[]): Promise<ReadonlyMap<string, EpochMs>>;
  /** Which of these ids a profile row has already, tombstones included. */
  takenIds(tx: Tx, profileIds: readonly string[]): Promise<ReadonlySet<string>>;
  claims(
    tx: Tx,
    nodeIds: readonly string[],
  ): Promise<readonly (Claim & { readonly nodeId: string })[]>;
  buckets(
    tx: Tx,
    nodeIds: readonly string[],
  ): Promise<readonly (Bucket & { readonly nodeId: string })[]>;
  /** Stored events of nodes by name, bots' not among them: to count anew what was not counted. */
  eventsOf(
    tx: Tx,
    nodeIds: readonly string[],
    names: readonly string[],
  ): Promise<readonly CountedEvent[]>;
  /** Throws `StaleReadError` where somebody else wrote first: run the transaction again. */
  save(tx: Tx, changes: ProfileChanges): Promise<void>;
  /** Profiles whose time has come, the longest overdue first. */
  due(tx: Tx, nowMs: EpochMs, limit: number): Promise<readonly string[]>;
  /** Runs work under a savepoint: what it did is undone when it rejects. */
  savepoint<Value>(tx: Tx, work: () => Promise<Value>): Promise<Value>;
}

/** Accounts in the store. */
export interface AccountStore {
  /** Account id by `identityKey`. */
  findByIds(tx: Tx, ids: readonly IdKey[]): Promise<ReadonlyMap<string, string>>;
  /** Makes the missing ones, then locks all in one order. */
  lock(tx: Tx, accountIds: readonly string[], atMs: EpochMs): Promise<readonly StoredAccount[]>;
  /** Without locking; unknown ids are left out. */
  read(tx: Tx, accountIds: readonly string[]): Promise<readonly StoredAccount[]>;
  save(
    tx: Tx,
    accounts: readonly StoredAccount[],
    identities: readonly (IdKey & { readonly accountId: string })[],
  ): Promise<void>;
  /** Members now and the sum of one aggregate over them, by account id. */
  summaries(
    tx: Tx,
    accountIds: readonly string[],
    aggregate: string,
  ): Promise<ReadonlyMap<string, { readonly people: number; readonly amount: string }>>;
  /** Lets the members be evaluated anew, because their account changed. */
  wakeMembers(tx: Tx, accountIds: readonly string[], atMs: EpochMs): Promise<void>;
}

/** A message that could not be applied. */
export interface DeadLetter {
  readonly id: string;
  readonly source: string;
  readonly stage: 'profile';
  readonly code: string;
  readonly detail: string;
  readonly topic: string;
  readonly key: string;
  /** JSON text of the message as it lay in the log. */
  readonly raw: string;
  readonly firstAtMs: EpochMs;
  readonly attempts: number;
  readonly state: 'open' | 'replayed' | 'dismissed';
  /** What was replayed in its place, the last time; null: it only ever went as it came. */
  readonly correction: Correction | null;
}

/** A message as somebody corrected it; what it corrects is kept. */
export interface Correction {
  /** JSON text of the message. */
  readonly raw: string;
  /** Address of the person, or name of the program's key. */
  readonly by: string;
  readonly atMs: EpochMs;
}

/** Dead letters in the store. */
export interface DeadLetterStore {
  /** A letter already there counts one more attempt and is open again. */
  put(tx: Tx, letters: readonly DeadLetter[]): Promise<void>;
  list(query: DeadLetterQuery): Promise<readonly DeadLetter[]>;
  /** Locks open letters. */
  open(tx: Tx, ids: readonly string[]): Promise<readonly DeadLetter[]>;
  close(tx: Tx, ids: readonly string[], state: 'replayed' | 'dismissed'): Promise<void>;
  /** Closes a letter as replayed in a corrected form, which is kept beside it. */
  correct(tx: Tx, id: string, correction: Correction): Promise<void>;
}

/** Which dead letters to list; newest first. */
export interface DeadLetterQuery {
  readonly state?: DeadLetter['state'];
  readonly code?: string;
  readonly source?: string;
  readonly limit: number;
  readonly beforeMs?: EpochMs;
}

/** What belongs to a profile by its nodes alone, whatever its document says. */
export interface NodeBase {
  readonly statements: readonly ConsentStatement[];
  readonly memberships: readonly Membership[];
  readonly hasPurchased: boolean;
  readonly firstSeenMs: EpochMs;
  /** The node seen first. */
  readonly earliestNodeId: string;
  readonly mergeCount: number;
}

/** Two profiles that were one. */
export interface UndoneMerge {
  readonly kept: string;
  readonly revived: string;
}

/** Takes merges back. */
export interface UnmergeStore {
  /**
   * Gives the nodes of a merge back to the profile they came from, and notes that the two must never
   * be joined again. Null where there is no such merge, or its nodes are not together any more.
   */
  undo(tx: Tx, mergeId: number, atMs: EpochMs): Promise<UndoneMerge | null>;
  baseOf(tx: Tx, nodeIds: readonly string[]): Promise<NodeBase>;
}

/** What an erasure removed. */
export interface ErasureReport {
  /** The profile and all that were merged into it: to be erased elsewhere too. */
  readonly profileIds: readonly string[];
  /** Rows removed by table. */
  readonly rows: Readonly<Record<string, number>>;
}

/** Removes people from the profile store for good. */
export interface ErasureStore {
  /**
   * Removes everything kept of a profile, and notes keyed hashes of its ids and addresses: what
   * happened before cannot come back by a replay, and the addresses stay suppressed. Null where
   * there is no such profile.
   */
  erase(tx: Tx, profileId: string, atMs: EpochMs): Promise<ErasureReport | null>;
}

/** Somebody else wrote first. Nothing was done; the same work may run again at once. */
export class StaleReadError extends Error {
  override readonly name = 'StaleReadError';
  readonly retryable = true;
}
