import type { EpochMs, JsonObject, ProfileId } from '#libs/kernel';
import type { Delivery, WithheldRow } from '../../delivery/ports.js';
import type { Tx } from '../../ports/transaction.js';
import type { OutcomeRow } from '../../results/ports.js';
import type { TaskRow } from '../../task/task-maker.js';
import type { Before } from '../people/ports.js';

/** An account in a list. */
export interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly country: string;
  readonly siren: string;
  readonly people: number;
  /** Decimal text, in the workspace's currency. */
  readonly revenue365d: string;
  readonly openTasks: number;
  readonly overdueTasks: number;
  readonly openComplaints: number;
  readonly lastOutcome: OutcomeRow | null;
}

/** Which accounts to list; `owner` null: everybody's. */
export interface AccountQuery {
  readonly text: string;
  readonly owner: string | null;
  readonly nowMs: EpochMs;
  /** Aggregate of members that makes the revenue. */
  readonly aggregate: string;
  readonly after: string;
  readonly limit: number;
}

/** A member of an account. */
export interface MemberRow {
  readonly id: string;
  readonly lastOrderAtMs: EpochMs | null;
}

/** An order of a member. */
export interface OrderRow {
  readonly atMs: EpochMs;
  readonly amount: string;
  readonly currency: string;
}

/** A complaint that nobody has closed. */
export interface ComplaintRow {
  readonly profileId: string;
  readonly openedAtMs: EpochMs;
  readonly subject: string;
}

/** Somebody of an account who is due to be written to. */
export interface UpcomingRow {
  readonly profileId: string;
  readonly scenario: string;
  readonly definition: string;
  readonly stepId: string;
  readonly dueAtMs: EpochMs;
}

/** Which tasks to list. */
export interface TaskQuery {
  readonly owner: string | null;
  readonly state: 'open' | 'closed';
  readonly before: Before;
  readonly limit: number;
}

/** Reads accounts and tasks for the console. */
export interface AccountReader {
  list(query: AccountQuery): Promise<readonly AccountRow[]>;
  /** Null where there is none, or where the owner asked for is another. */
  one(
    id: string,
    query: Omit<AccountQuery, 'text' | 'after' | 'limit'>,
  ): Promise<AccountRow | null>;
  members(accountId: string, limit: number): Promise<readonly MemberRow[]>;
  orders(accountId: string, sinceMs: EpochMs, limit: number): Promise<readonly OrderRow[]>;
  complaints(accountId: string, limit: number): Promise<readonly ComplaintRow[]>;
  deliveries(accountId: string, sinceMs: EpochMs, limit: number): Promise<readonly Delivery[]>;
  outcomes(accountId: string, limit: number): Promise<readonly OutcomeRow[]>;
  withheld(accountId: string, limit: number): Promise<readonly WithheldRow[]>;
  openTasks(accountId: string, limit: number): Promise<readonly TaskRow[]>;
  closedTasks(accountId: string, limit: number): Promise<readonly TaskRow[]>;
  upcoming(accountId: string, untilMs: EpochMs, limit: number): Promise<readonly UpcomingRow[]>;
  tasks(query: TaskQuery): Promise<readonly TaskRow[]>;
  accountNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Closes tasks. */
export interface TaskCloser {
  /** Locks a task; null where there is none. */
  lock(tx: Tx, id: string): Promise<TaskRow | null>;
  save(tx: Tx, row: TaskRow): Promise<void>;
}

/** Tells the engine that a task was closed. */
export type EmitClosed = (
  tx: Tx,
  event: {
    readonly messageId: string;
    readonly profileId: ProfileId;
    readonly name: string;
    readonly atMs: EpochMs;
    readonly properties: JsonObject;
    readonly isSample: boolean;
  },
) => Promise<void>;
