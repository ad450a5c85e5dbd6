import type { EnrolmentId, EpochMs, Json, JsonObject, ProfileId } from '#libs/kernel';
import type {
  Control,
  Definition,
  EffectResult,
  InputEvent,
  Mark,
  State,
  WatchVars,
} from '#libs/scenario';
import type { Fact } from '#libs/contracts';
import type { Tx } from '../ports/transaction.js';
import type { Holds } from './holds.js';

/** The group a person was put in when they entered. */
export type Group = 'policy' | 'random_control' | 'holdout' | 'rules';

/** An enrolment as stored: the interpreter's state and what its host keeps beside it. */
export interface EnrolmentRow {
  readonly id: EnrolmentId;
  readonly profileId: ProfileId;
  readonly scenario: string;
  readonly definition: string;
  readonly entryKey: string;
  readonly group: Group;
  /** Version of its last fact. */
  readonly version: number;
  readonly enteredAtMs: EpochMs;
  readonly isMixed: boolean;
  /** Paused by a hold over everything or over its scenario: goes on by itself when that ends. */
  readonly isHeld?: boolean;
  readonly isSample: boolean;
  readonly state: State;
}

/** Something that came back for an enrolment. */
export interface InboxRow {
  readonly seq: number;
  readonly enrolmentId: EnrolmentId;
  readonly input: InboxInput;
}

/** An input as it lies in the inbox: instant and context are added when it is applied. */
export type InboxInput =
  | {
      readonly type: 'result';
      readonly commandId: string;
      readonly result: EffectResult;
      readonly effectAtMs: EpochMs;
    }
  | { readonly type: 'control'; readonly control: Control };

/** One line of the entry ledger: who entered what under which key, and when last. */
export interface LedgerRow {
  readonly scenario: string;
  readonly profileId: ProfileId;
  readonly entryKey: string;
  readonly enrolmentId: EnrolmentId;
  readonly lastEnteredAtMs: EpochMs;
  /** The occurrence of a date or a schedule they entered for; absent where an event brought them. */
  readonly occurrence?: string;
}

/** A goal or a reward being watched for, whatever became of its enrolment. */
export interface WatchRow {
  readonly id: string;
  readonly profileId: ProfileId;
  readonly kind: 'goal' | 'reward';
  readonly enrolmentId: EnrolmentId;
  readonly decisionId: string | null;
  readonly scenario: string;
  readonly definition: string;
  readonly stepId: string | null;
  readonly on: readonly string[];
  readonly group: Group;
  readonly vars: WatchVars;
  readonly fromMs: EpochMs;
  readonly untilMs: EpochMs;
  readonly matched: number;
  readonly isSample: boolean;
}

/** Everything one batch of the host changes, written together. */
export interface RuntimeChanges {
  readonly inserted: readonly StoredEnrolment[];
  readonly updated: readonly StoredEnrolment[];
  readonly ended: readonly EndedEnrolment[];
  readonly ledger: readonly LedgerRow[];
  readonly watches: readonly WatchRow[];
  /** Watches that matched, with how often in all. */
  readonly matched: readonly { readonly id: string; readonly matched: number }[];
  readonly doneInbox: readonly number[];
  readonly facts: readonly Fact[];
}

/** An enrolment with the host's derived columns. */
export interface StoredEnrolment extends EnrolmentRow {
  /** The step of its first cursor; empty for a held-out one. */
  readonly stepId: string;
  /** Earliest of its timers; null where only an event or a result can move it. */
  readonly dueMs: EpochMs | null;
}

/** An enrolment that leaves the hot table. */
export interface EndedEnrolment extends EnrolmentRow {
  readonly endedAtMs: EpochMs;
  readonly endedAs: string;
}

/** What the host holds while it works: raised each time another owner takes over. */
export interface Lease {
  readonly name: string;
  readonly owner: string;
  readonly epoch: number;
}

/** The store behind the embedded host. Every method works in bulk. */
export interface EnrolmentStore {
  /** Takes or renews the lease for `forMs` of wall time; null while another owner holds it. */
  acquire(name: string, owner: string, forMs: number): Promise<Lease | null>;
  release(lease: Lease): Promise<void>;
  /** Locks the lease in the transaction; throws `FencedError` when it was lost. */
  fence(tx: Tx, lease: Lease): Promise<void>;
  /** What operators hold; it stays so until the transaction ends. */
  holds(tx: Tx): Promise<Holds>;
  /** Enrolments that a hold paused and that nothing holds any more. */
  released(tx: Tx, limit: number): Promise<readonly EnrolmentRow[]>;
  runningOf(tx: Tx, profileIds: readonly ProfileId[]): Promise<readonly EnrolmentRow[]>;
  dueAt(tx: Tx, nowMs: EpochMs, limit: number): Promise<readonly EnrolmentRow[]>;
  /** Earliest due time of all, for an adaptive sleep. */
  nextDueMs(): Promise<EpochMs | null>;
  byIds(tx: Tx, ids: readonly EnrolmentId[]): Promise<readonly EnrolmentRow[]>;
  inbox(tx: Tx, limit: number): Promise<readonly InboxRow[]>;
  ledgerOf(tx: Tx, profileIds: readonly ProfileId[]): Promise<readonly LedgerRow[]>;
  watchesOf(
    tx: Tx,
    profileIds: readonly ProfileId[],
    names: readonly string[],
  ): Promise<readonly WatchRow[]>;
  /** Watches whose time is over. */
  watchesOver(tx: Tx, nowMs: EpochMs, limit: number): Promise<readonly WatchRow[]>;
  dropWatches(tx: Tx, ids: readonly string[]): Promise<void>;
  save(tx: Tx, changes: RuntimeChanges): Promise<void>;
  /** Puts inputs into the inbox; used by whoever carries out an effect. */
  post(tx: Tx, rows: readonly { enrolmentId: EnrolmentId; input: InboxInput }[]): Promise<void>;
  /** Re-keys everything of a merged profile to the survivor, whoever that is by now. */
  rekey(tx: Tx, from: ProfileId, to: ProfileId): Promise<Rekeyed>;
}

/** What a merge means for the enrolments of the person. */
export interface Rekeyed {
  /** The younger of two under one key: these end as `merged`. */
  readonly doubled: readonly EnrolmentId[];
  /** Of people whose groups differed, whichever side they came from. */
  readonly mixed: readonly EnrolmentId[];
}

/** A person as the host sees them at one instant. */
export interface PersonContext {
  /** After `merged_into`. */
  readonly profileId: ProfileId;
  readonly version: number;
  /** Traits flat, with the reserved `aggregates`, `segments`, `consents`, `channels`. */
  readonly profile: JsonObject;
  readonly account: JsonObject | null;
  readonly accountId: string | null;
  /** IANA name, or null where none is known or valid. */
  readonly timezone: string | null;
  readonly locale: string | null;
  /** Profile id at first sight, the unit of groups. */
  readonly groupUnit: string;
  readonly segments: readonly string[];
  readonly isSample: boolean;
}

/** Loads people in bulk, following `merged_into`. Unknown ids are left out. */
export interface PeopleSource {
  load(tx: Tx, profileIds: readonly ProfileId[]): Promise<ReadonlyMap<ProfileId, PersonContext>>;
}

/** Events that lie already in the store, for waits that look back. */
export interface EventHistory {
  /** Live events of each profile after its mark with one of the names, oldest first. */
  since(
    tx: Tx,
    requests: readonly {
      readonly profileId: ProfileId;
      readonly names: readonly string[];
      readonly mark: Mark;
    }[],
  ): Promise<readonly (readonly InputEvent[])[]>;
}

/** The scenarios: those in force, and every version somebody is still in. */
export interface DefinitionSource {
  byHash(hash: string): Definition | undefined;
  /** In force and not paused: these take people in. */
  inForce(): readonly Definition[];
  /** In force, not paused, and entered by an event of this name. */
  entriesOn(name: string): readonly Definition[];
  /** Whether an event of this name may end or wake an enrolment of the definition. */
  hears(definition: Definition, name: string): boolean;
  /** Whether any known definition enters, waits, exits or is rewarded by an event of this name. */
  isHeard(name: string): boolean;
  /** Whether the scenario is paused by an operator. */
  isPaused(scenario: string): boolean;
}

/** Members to take in when a scenario with `existing: enter` is published, as a resumable job. */
export interface EntranceJobs {
  /** The next people of a running job, in order of their id; null without one that is not held. */
  next(tx: Tx, limit: number, holds: Holds): Promise<EntrancePage | null>;
  /** Moves the job past the page in the transaction that took its people in. */
  advance(tx: Tx, page: EntrancePage, nowMs: EpochMs): Promise<void>;
}

/** A page of members. */
export interface EntrancePage {
  readonly jobId: string;
  readonly definition: string;
  readonly profileIds: readonly ProfileId[];
  readonly isLast: boolean;
}

/** Rows for the log that the host appends in its transaction. */
export interface EventSink {
  emit(
    tx: Tx,
    events: readonly {
      readonly messageId: string;
      readonly profileId: ProfileId;
      readonly name: string;
      readonly atMs: EpochMs;
      readonly properties: JsonObject;
      readonly traits?: Readonly<Record<string, Json>>;
      readonly isSample: boolean;
    }[],
  ): Promise<void>;
}
