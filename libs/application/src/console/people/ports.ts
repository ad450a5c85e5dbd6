import type { EpochMs } from '#libs/kernel';
import type { DecisionRecord } from '#libs/decision';
import type { Delivery, WithheldRow } from '../../delivery/ports.js';
import type { OutcomeRow } from '../../results/ports.js';
import type { TaskRow } from '../../task/task-maker.js';

/** Where a list of one kind goes on: strictly before this place, newest first. */
export interface Before {
  readonly atMs: EpochMs;
  readonly id: string;
}

/** A query for what happened to one person. */
export interface HappenedQuery {
  readonly profileId: string;
  readonly before: Before;
  readonly limit: number;
}

/** Somebody found by a search. */
export interface PersonHit {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly country: string | null;
  readonly accountId: string | null;
  readonly accountName: string | null;
  readonly updatedAtMs: EpochMs;
}

/** Whom to look for; `owner` keeps a rep to the people of their own accounts. */
export interface PersonSearch {
  /** Empty: everybody, by id. */
  readonly text: string;
  readonly namespaces: readonly string[];
  readonly owner: string | null;
  readonly after: string;
  readonly limit: number;
}

/** An enrolment of a person, running or ended. */
export interface EnrolmentLine {
  readonly id: string;
  readonly scenario: string;
  readonly definition: string;
  readonly status: 'running' | 'paused' | 'held_out' | 'ended';
  readonly group: string;
  readonly stepId: string;
  /** On the step; null where it is not kept. */
  readonly sinceMs?: EpochMs | null;
  readonly enteredAtMs: EpochMs;
  readonly dueAtMs: EpochMs | null;
  readonly endedAtMs: EpochMs | null;
  readonly endedAs: string | null;
}

/** A suppression that bears on a person or their address. */
export interface ConsoleSuppression {
  /** `any` for every channel. */
  readonly channel: string;
  readonly purpose: string | null;
  readonly action: string | null;
  readonly reason: string;
  readonly untilMs: EpochMs | null;
}

/** Something that happened to a message. */
export interface DeliveryHappening {
  readonly deliveryId: string;
  readonly kind: string;
  readonly atMs: EpochMs;
  readonly link: string | null;
}

/** When somebody entered a scenario last, under a key. */
export interface EntryLine {
  readonly scenario: string;
  readonly entryKey: string;
  readonly lastEnteredAtMs: EpochMs;
}

/** Reads what campaigns did with one person; newest first. */
export interface PersonReader {
  search(search: PersonSearch): Promise<readonly PersonHit[]>;
  enrolments(profileId: string, limit: number): Promise<readonly EnrolmentLine[]>;
  /** The latest entries of a person, whatever became of them. */
  entries(profileId: string, limit: number): Promise<readonly EntryLine[]>;
  /** When each scenario was first published. */
  firstPublished(): Promise<ReadonlyMap<string, EpochMs>>;
  suppressions(
    profileId: string,
    addressHashes: readonly string[],
  ): Promise<readonly ConsoleSuppression[]>;
  names(profileIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  decisions(query: HappenedQuery): Promise<readonly DecisionRecord[]>;
  deliveries(query: HappenedQuery): Promise<readonly Delivery[]>;
  deliveryHappenings(deliveryIds: readonly string[]): Promise<readonly DeliveryHappening[]>;
  withheld(query: HappenedQuery): Promise<readonly WithheldRow[]>;
  outcomes(query: HappenedQuery): Promise<readonly OutcomeRow[]>;
  tasks(query: HappenedQuery): Promise<readonly TaskRow[]>;
  /** The message behind each delivery id, for the outcomes credited to it. */
  touches(
    deliveryIds: readonly string[],
  ): Promise<
    ReadonlyMap<
      string,
      { readonly channel: string; readonly action: string; readonly atMs: EpochMs }
    >
  >;
  /** Entries and ends of enrolments, each at its own time. */
  passages(query: HappenedQuery): Promise<readonly (EnrolmentLine & { readonly atMs: EpochMs })[]>;
}

/** A step taken, from the analytics store. */
export interface StepTakenLine {
  readonly enrolmentId: string;
  readonly scenario: string;
  readonly definition: string;
  readonly stepId: string;
  readonly visit: number;
  readonly atMs: EpochMs;
  readonly result: string;
  readonly branch: string;
}
