import type { CommandId, EnrolmentId, EpochMs, JsonObject, ProfileId } from '#libs/kernel';
import type {
  DecideCommand,
  Definition,
  DeliverCommand,
  EffectResult,
  TaskCommand,
  WebhookCommand,
} from '#libs/scenario';
import type { Fact } from '#libs/contracts';
import type { Tx } from '../ports/transaction.js';
import type { EnrolmentRow, PersonContext } from './ports.js';

/** A command with all that carrying it out may need. */
export interface EffectRequest<Command> {
  readonly command: Command;
  readonly enrolment: EnrolmentRow;
  readonly definition: Definition;
  readonly person: PersonContext;
  readonly nowMs: EpochMs;
}

/** Whose effects are not wanted any more. */
export interface Cancelled {
  /** Enrolments that ended: whatever they asked for. */
  readonly enrolmentIds: readonly EnrolmentId[];
  /** Commands of steps that were cut short. */
  readonly commandIds: readonly CommandId[];
}

/** Carries out what scenarios ask for, in bulk and inside the host's transaction. */
export interface EffectRunner {
  /** One result each, in order; each has exactly one record, whatever is repeated. */
  decide(
    tx: Tx,
    requests: readonly EffectRequest<DecideCommand>[],
  ): Promise<readonly EffectResult[]>;
  /** Null where the answer will come through the inbox. */
  deliver(
    tx: Tx,
    requests: readonly EffectRequest<DeliverCommand>[],
  ): Promise<readonly (EffectResult | null)[]>;
  task(tx: Tx, requests: readonly EffectRequest<TaskCommand>[]): Promise<void>;
  /** The answers will come through the inbox. */
  call(tx: Tx, requests: readonly EffectRequest<WebhookCommand>[]): Promise<void>;
  /** Cancels deliveries still intended, and calls: `withheld: enrolment_ended` or `step_cut_short`. */
  cancel(tx: Tx, of: Cancelled, nowMs: EpochMs): Promise<void>;
}

/** An event matched a watch: a goal reached, or a decision rewarded. */
export interface WatchMatch {
  readonly watchId: string;
  readonly kind: 'goal' | 'reward';
  readonly profileId: ProfileId;
  readonly person: PersonContext | undefined;
  readonly enrolmentId: EnrolmentId;
  readonly decisionId: string | null;
  readonly scenario: string;
  readonly stepId: string | null;
  readonly group: string;
  readonly eventKey: string;
  readonly eventName: string;
  readonly atMs: EpochMs;
  readonly properties: JsonObject;
  /** Result of the definition's `value`; null without one or where it failed. */
  readonly value: number | null;
  readonly isSample: boolean;
}

/** Turns matches and closed windows into outcomes, rewards and their facts. */
export interface ResultRecorder {
  matched(tx: Tx, matches: readonly WatchMatch[], nowMs: EpochMs): Promise<readonly Fact[]>;
  /** The window of these rewards is over: their value is final. */
  closed(
    tx: Tx,
    rewards: readonly { readonly decisionId: string; readonly profileId: ProfileId }[],
    nowMs: EpochMs,
  ): Promise<readonly Fact[]>;
  /** Engine events about messages: clicks, replies, unsubscribes, complaints, closed tasks. */
  observed(
    tx: Tx,
    events: readonly {
      readonly key: string;
      readonly name: string;
      readonly atMs: EpochMs;
      readonly profileId: ProfileId;
      readonly properties: JsonObject;
    }[],
    nowMs: EpochMs,
  ): Promise<readonly Fact[]>;
}
