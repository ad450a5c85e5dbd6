import type { EpochMs } from '#libs/kernel';
import type { CompiledWorkspace } from '../../workspace/compiled.js';
import type { DeadLetter } from '../../profile/ports.js';
import type { Tx } from '../../ports/transaction.js';
import type { MigrationProgress } from '../../runtime/migration-jobs.js';
import type { DeliveryHappening } from '../people/ports.js';
import type { TroubleCounts } from '../scenarios/ports.js';

/** A message that the sandbox caught. */
export interface SandboxRow {
  readonly seq: number;
  readonly deliveryId: string | null;
  readonly channel: 'email' | 'sms';
  readonly recipient: string;
  readonly sender: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly atMs: EpochMs;
}

/** What a caught message belongs to. */
export interface SandboxOrigin {
  readonly profileId: string;
  readonly scenario: string | null;
  readonly state: string;
  readonly links: readonly string[];
  readonly happenings: readonly DeliveryHappening[];
}

/** A cause of dead letters. */
export interface DeadLetterCause {
  readonly code: string;
  readonly source: string;
  readonly count: number;
}

/** Which dead letters; newest first. */
export interface DeadLetterAsk {
  readonly state: DeadLetter['state'];
  readonly code: string | null;
  readonly source: string | null;
  readonly before: { readonly atMs: EpochMs; readonly id: string };
  readonly limit: number;
}

/** Something waiting for the engine. */
export interface QueueRow {
  readonly name: 'facts' | 'changes' | 'inbox' | 'timers' | 'deliveries' | 'jobs';
  readonly waiting: number;
  /** Instant of the engine since which the oldest waits; null where ages do not apply. */
  readonly oldestMs: EpochMs | null;
}

/** A long piece of work. */
export interface JobRow {
  readonly id: string;
  readonly kind: string;
  readonly done: number;
  readonly total: number | null;
  readonly state: string;
  readonly updatedAtMs: EpochMs;
}

/** Reads what operators look at. */
export interface OperationsReader {
  sandbox(query: {
    readonly to: string | null;
    readonly channel: string | null;
    readonly before: number | null;
    readonly limit: number;
  }): Promise<readonly SandboxRow[]>;
  sandboxOne(seq: number): Promise<SandboxRow | null>;
  originOf(deliveryId: string): Promise<SandboxOrigin | null>;
  deadLetters(ask: DeadLetterAsk): Promise<readonly DeadLetter[]>;
  /** In whatever state; null where there is none. */
  deadLetter(id: string): Promise<DeadLetter | null>;
  causes(state: DeadLetter['state']): Promise<readonly DeadLetterCause[]>;
  /** Ids of open letters of a cause, oldest first. */
  openIds(
    filter: { readonly code: string | null; readonly source: string | null },
    limit: number,
  ): Promise<readonly string[]>;
  trouble(sinceMs: EpochMs, nowMs: EpochMs): Promise<TroubleCounts>;
  uncertain(): Promise<{ readonly count: number; readonly oldestAtMs: EpochMs | null }>;
  queues(nowMs: EpochMs): Promise<readonly QueueRow[]>;
  lag(): Promise<
    readonly { readonly consumer: string; readonly topic: string; readonly records: number }[]
  >;
  jobs(limit: number): Promise<readonly JobRow[]>;
  store(): Promise<{ readonly version: string; readonly bytes: number }>;
}

/** A workspace as applied. */
export interface AppliedWorkspace {
  readonly seq: number;
  readonly hash: string;
  readonly author: string;
  readonly appliedAtMs: EpochMs;
  readonly files: Readonly<Record<string, string>>;
}

/** What is to be published. */
export interface WorkspaceToApply {
  readonly files: ReadonlyMap<string, string>;
  readonly compiled: CompiledWorkspace;
  readonly author: string;
  readonly nowMs: EpochMs;
  /** What it makes is marked as the sample's. */
  readonly isSample: boolean;
  /** The publishing whose files these are, where they are put in force again. */
  readonly takesBackTo?: number | null;
}

/** A publishing as it is kept: who, when, and what was in force before and after. */
export interface PublishingRow {
  readonly seq: number;
  readonly hash: string;
  /** Null for the first. */
  readonly hashBefore: string | null;
  readonly author: string;
  readonly appliedAtMs: EpochMs;
  readonly takesBackTo: number | null;
}

/** How many stand in these places of a version at once: a step for each branch they are in. */
export interface PlacesCount {
  readonly definition: string;
  readonly stepIds: readonly string[];
  readonly people: number;
}

/** Workspaces in the store. */
export interface WorkspaceStore {
  /** Null before the first publishing. */
  latest(): Promise<AppliedWorkspace | null>;
  /** Source texts by path as published under a number; null where there is no such publishing. */
  filesOf(seq: number): Promise<Readonly<Record<string, string>> | null>;
  /** Newest first. */
  publishings(limit: number): Promise<readonly PublishingRow[]>;
  /** Everybody in these versions by all of their places; for versions with branches side by side. */
  places(definitions: readonly string[]): Promise<readonly PlacesCount[]>;
  /** How far people of older versions were moved; what is under way first. */
  migrations(limit: number): Promise<readonly MigrationProgress[]>;
  /** Idempotent: what is in force already is not written again. */
  apply(tx: Tx, wish: WorkspaceToApply): Promise<{ readonly seq: number; readonly isNew: boolean }>;
}

/** An import in the store. */
export interface ImportProgress {
  readonly id: string;
  readonly state: 'running' | 'done';
  readonly accepted: number;
  readonly cursor: string;
}

/** Imports in the store. */
export interface ImportStore {
  /** Makes the job, or answers the one of that id. */
  open(wish: {
    readonly id: string;
    readonly payload: string;
    readonly total: number | null;
    readonly nowMs: EpochMs;
  }): Promise<ImportProgress>;
  /** Locks a job; null where there is none. */
  lock(tx: Tx, id: string): Promise<ImportProgress | null>;
  save(tx: Tx, row: ImportProgress, nowMs: EpochMs): Promise<void>;
}
