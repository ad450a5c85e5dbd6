import type {
  CommandId,
  DefinitionHash,
  EnrolmentId,
  EpochMs,
  JsonObject,
  ProfileId,
} from '#libs/kernel';
import type { StepId } from './definition.js';

/** Largest canonical JSON text of a state; above it the run ends as `state_too_large`. */
export const MAX_STATE_BYTES = 8_192;

/** Steps taken without a wait in between, on one input; above it: `step_budget_exceeded`. */
export const STEP_BUDGET = 100;

/** Where a look back begins: an event counts when it comes after, by its own time, then by key. */
export interface Mark {
  readonly atMs: EpochMs;
  /** Empty: every event of that instant counts. */
  readonly eventKey: string;
}

/** What a cursor waits for. */
export type Wait =
  | { readonly kind: 'timer'; readonly commandId: CommandId; readonly dueMs: EpochMs }
  | {
      readonly kind: 'event';
      readonly commandId: CommandId;
      /** Null: until the enrolment's greatest age. */
      readonly dueMs: EpochMs | null;
      readonly mark: Mark;
    }
  | { readonly kind: 'result'; readonly commandId: CommandId }
  /** Over, but found so during a pause: goes on at `next` when resumed. */
  | { readonly kind: 'held'; readonly commandId: CommandId; readonly next: StepId | null };

/** A `parallel` or `repeat` step that a cursor is inside of. */
export interface Frame {
  readonly stepId: StepId;
  readonly visit: number;
  readonly enteredAtMs: EpochMs;
  /** Of a `repeat`: which time round, from 1. Of a `parallel`: which branch, from 1. */
  readonly round: number;
}

/** A place in the graph; never without a wait between two inputs. */
export interface Cursor {
  readonly stepId: StepId;
  /** Counted from 1. */
  readonly visit: number;
  readonly enteredAtMs: EpochMs;
  readonly wait: Wait;
  /** What it is inside of, the innermost last; absent on the scenario's own path. */
  readonly within?: readonly Frame[];
  /** End of the last waiting step of its branch; absent on the scenario's own path. */
  readonly mark?: Mark;
}

/** What a `decide` was answered. `fields` holds only what the definition names. */
export interface DecisionTaken {
  readonly decisionId: string;
  /** An action's id, or `nothing`. */
  readonly action: string;
  readonly treatment: string | null;
  readonly fields?: JsonObject;
}

/** Where an enrolment stands. A held-out one runs no step. */
export type EnrolmentStatus = 'running' | 'paused' | 'held_out' | 'ended';

/** One enrolment as the interpreter knows it: plain JSON, at most 8 KB. */
export interface State {
  readonly enrolmentId: EnrolmentId;
  /** The profile at entry; arms are drawn from it, so a merge does not change them. */
  readonly profileId: ProfileId;
  readonly definition: DefinitionHash;
  readonly entryKey: string;
  readonly status: EnrolmentStatus;
  /** An exit's name, `done`, or one of the engine's own reasons; null until ended. */
  readonly endedAs: string | null;
  /** Null until `entered` was applied. */
  readonly enteredAtMs: EpochMs | null;
  readonly lastAtMs: EpochMs;
  /** The entry event's properties that the definition names. */
  readonly entry: JsonObject;
  readonly entryMark: Mark;
  /** End of the last waiting step. */
  readonly mark: Mark;
  readonly decisions: Readonly<Record<StepId, DecisionTaken>>;
  readonly vars: JsonObject;
  readonly cursors: readonly Cursor[];
  readonly visits: Readonly<Record<StepId, number>>;
}
