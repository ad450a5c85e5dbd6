import type { CommandId, EpochMs, JsonObject, LocalText } from '#libs/kernel';
import type { DecisionModel, StepId, StepType, TaskTarget } from './definition.js';
import type { DecisionTaken, Mark, State } from './state.js';

interface CommandBase {
  /**
   * `enrolmentId/stepId#visit`; the key of the effect everywhere. Unique together with the type.
   */
  readonly commandId: CommandId;
}

/** What an effect may refer to: the fields the definition names. */
export interface EffectScope {
  readonly entry: JsonObject;
  readonly decisions: Readonly<Record<StepId, DecisionTaken>>;
  readonly vars: JsonObject;
}

/**
 * Send `timer {commandId}` at `dueMs`. `enrolmentId/end#1` is the greatest age. Again: same timer.
 */
export interface ArmCommand extends CommandBase {
  readonly type: 'arm';
  readonly dueMs: EpochMs;
}

/** The timer is not wanted any more. */
export interface DisarmCommand extends CommandBase {
  readonly type: 'disarm';
}

/**
 * Send events of these names that come after the mark, starting with those already there. A host
 * may send more than match: `matchesWait` tells beforehand, `transition` checks again.
 */
export interface ListenCommand extends CommandBase {
  readonly type: 'listen';
  readonly on: readonly string[];
  /** The segments meant where a name is a segment change; empty: any. */
  readonly segments: readonly string[];
  readonly mark: Mark;
  /** The wait's own end; null: the enrolment's. */
  readonly untilMs: EpochMs | null;
}

/** The wait is over. */
export interface UnlistenCommand extends CommandBase {
  readonly type: 'unlisten';
}

/**
 * Choose among candidates; answer with `result {kind: 'decided'}`, by the deadline at the latest.
 */
export interface DecideCommand extends CommandBase, EffectScope {
  readonly type: 'decide';
  readonly stepId: StepId;
  readonly actions: readonly string[];
  readonly model: DecisionModel;
  readonly timeoutMs: number;
  readonly fallback: string;
  readonly businessAsUsual: string | null;
  readonly purpose: string;
  readonly priority: number;
}

/** Hand an action to the policy gate; answer with `result {kind: 'delivered'}`. */
export interface DeliverCommand extends CommandBase, EffectScope {
  readonly type: 'deliver';
  readonly stepId: StepId;
  readonly action: string;
  /** Null: the first permitted treatment in listed order. */
  readonly treatment: string | null;
  /** The decision behind it, whose reservation it consumes. */
  readonly decision: { readonly stepId: StepId; readonly decisionId: string } | null;
  readonly purpose: string;
  readonly priority: number;
}

/** Make a task; nothing to answer. */
export interface TaskCommand extends CommandBase, EffectScope {
  readonly type: 'task';
  readonly stepId: StepId;
  readonly for: TaskTarget;
  readonly title: LocalText;
  readonly note: LocalText | null;
  readonly dueMs: EpochMs;
}

/** Set traits, source `relance`. */
export interface UpdateCommand extends CommandBase {
  readonly type: 'update';
  readonly traits: JsonObject;
}

/** Emit an event about the profile; its key derives from the command id. */
export interface EmitCommand extends CommandBase {
  readonly type: 'emit';
  readonly event: string;
  readonly properties: JsonObject;
}

/** Call an endpoint; answer with `result {kind: 'called'}`, by the time-out at the latest. */
export interface WebhookCommand extends CommandBase {
  readonly type: 'webhook';
  readonly stepId: StepId;
  readonly to: string;
  readonly body: JsonObject;
  readonly timeoutMs: number;
}

/** Change the loyalty points of the profile by a whole number; nothing to answer. */
export interface PointsCommand extends CommandBase {
  readonly type: 'points';
  readonly points: number;
  readonly reason: string;
}

/** Ask another scenario to take the profile in; nothing to answer. */
export interface EnrolCommand extends CommandBase {
  readonly type: 'enrol';
  readonly scenario: string;
  readonly properties: JsonObject;
}

/** The step behind this id was cut short: a delivery still intended is not to go, nor a call. */
export interface CancelCommand extends CommandBase {
  readonly type: 'cancel';
}

/** Record that the profile is in an arm. */
export interface ExposeCommand extends CommandBase {
  readonly type: 'expose';
  readonly experiment: StepId;
  readonly arm: string;
  /** Share of the arm, in (0, 1]. */
  readonly share: number;
}

/** The enrolment is over: whatever timer, wait or unsent delivery it still has goes with it. */
export interface EndCommand extends CommandBase {
  readonly type: 'end';
  readonly as: string;
}

/** What the host is asked to do. Complete: a host adds no rule of its own. */
export type Command =
  | ArmCommand
  | DisarmCommand
  | ListenCommand
  | UnlistenCommand
  | DecideCommand
  | DeliverCommand
  | TaskCommand
  | UpdateCommand
  | EmitCommand
  | WebhookCommand
  | PointsCommand
  | EnrolCommand
  | CancelCommand
  | ExposeCommand
  | EndCommand;

/** Name of a command's kind. */
export type CommandType = Command['type'];

/**
 * What became of a step in this transition: once when it begins to wait (`leftAtMs` absent, result
 * `waiting`) and once when it is left. A step that does not wait appears once.
 */
export interface StepTaken {
  readonly stepId: StepId;
  readonly type: StepType;
  readonly visit: number;
  readonly enteredAtMs: EpochMs;
  readonly leftAtMs?: EpochMs;
  readonly result: StepResult;
  /** The branch, arm, decided action or reason. */
  readonly branch?: string;
}

/** How a step stands or ended. */
export type StepResult =
  | 'waiting'
  | 'done'
  | 'matched'
  | 'timed_out'
  | 'decided'
  | 'accepted'
  | 'uncertain'
  | 'failed'
  | 'withheld'
  | 'nothing'
  | 'no_decision'
  | 'skipped'
  | 'joined'
  | 'answered'
  | 'cut_short';

/** Why an input changed nothing. */
export type IgnoredReason =
  | 'not_entered'
  | 'already_entered'
  | 'ended'
  | 'held_out'
  | 'paused'
  | 'already_paused'
  | 'not_paused'
  | 'unknown_command'
  | 'not_due'
  | 'no_match'
  | 'historical'
  | 'before_mark'
  | 'after_due'
  | 'result_does_not_fit'
  | 'other_definition';

/** What one input did. */
export interface Transition {
  readonly state: State;
  readonly commands: readonly Command[];
  readonly steps: readonly StepTaken[];
  /** Present: nothing changed but the state's last instant. */
  readonly ignored?: IgnoredReason;
}
