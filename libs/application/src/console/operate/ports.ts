import type { EpochMs } from '#libs/kernel';
import type { Tx } from '../../ports/transaction.js';

/** What may be wrong with an enrolment; `any`: whatever stands in a scenario. */
export type Trouble = 'stuck' | 'overdue' | 'failing' | 'paused' | 'any';

/** What an operator does to enrolments. */
export type OperatorAct = 'pause' | 'resume' | 'stop';

/** Which enrolments, with every instant fixed: asked again later, it names no others by itself. */
export interface EnrolmentChoice {
  readonly trouble: Trouble;
  readonly ids: readonly string[] | null;
  readonly scenario: string | null;
  readonly stepId: string | null;
  readonly reason: string | null;
  readonly nowMs: EpochMs;
  /** Due before this, and not gone on: overdue. */
  readonly overdueBeforeMs: EpochMs;
  /** Waiting since before this for an answer: stuck. */
  readonly stuckBeforeMs: EpochMs;
  /** Failures since this count. */
  readonly failedSinceMs: EpochMs;
  /** Steps that wait for an answer. */
  readonly answerSteps: readonly string[];
}

/** An enrolment as an operator sees it. */
export interface TroubledRow {
  readonly enrolmentId: string;
  readonly profileId: string;
  readonly name: string;
  readonly scenario: string;
  readonly definition: string;
  readonly stepId: string;
  readonly status: 'running' | 'paused' | 'held_out' | 'ended';
  readonly isHeld: boolean;
  readonly sinceMs: EpochMs | null;
  readonly dueAtMs: EpochMs | null;
  /** Of what failed; null of others. */
  readonly reason: string | null;
}

/** How many are in trouble on a step. */
export interface TroubleCount {
  readonly trouble: Trouble;
  readonly reason: string | null;
  readonly scenario: string;
  readonly definition: string;
  readonly stepId: string;
  readonly people: number;
}

/** What an act would touch. */
export interface ActReach {
  readonly enrolments: number;
  readonly people: number;
  readonly messages: number;
}

/** What an operator did. */
export interface ActRow {
  readonly atMs: EpochMs;
  readonly author: string;
  readonly act: OperatorAct;
  /** `EVERYTHING`, a scenario, or the choice as JSON. */
  readonly scope: string;
  readonly people: number;
  readonly job: {
    readonly id: string;
    readonly state: string;
    readonly done: number;
    readonly total: number | null;
  } | null;
}

/** Enrolments for operators, in the store. Every query is bounded. */
export interface OperateStore {
  list(
    choice: EnrolmentChoice,
    page: { readonly after: string; readonly limit: number },
  ): Promise<readonly TroubledRow[]>;
  counts(choice: EnrolmentChoice): Promise<readonly TroubleCount[]>;
  reach(act: OperatorAct, choice: EnrolmentChoice): Promise<ActReach>;
  /** Opens the job that acts, a page a transaction; answers its id. */
  open(
    tx: Tx,
    job: { readonly act: OperatorAct; readonly choice: EnrolmentChoice; readonly total: number },
  ): Promise<string>;
  note(tx: Tx, row: Omit<ActRow, 'job'> & { readonly jobId: string | null }): Promise<void>;
  acts(limit: number): Promise<readonly ActRow[]>;
}
