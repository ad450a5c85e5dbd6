import type { DefinitionHash, Duration, Json, LocalText } from '#libs/kernel';

/**
 * Id of a step: the author's `id`, or `<branch path>/<type>-<n>`. Stable across edits elsewhere in
 * the scenario, since people in flight stand on it.
 */
export type StepId = string;

/** Source text of a CEL expression, already checked by lint. */
export type Cel = string;

/**
 * A compiled scenario version: plain JSON, immutable, named by its content. It says everything the
 * interpreter needs except what actions, treatments and policies are: those are named, not inlined,
 * so that a new creative does not make a new version.
 */
export interface Definition {
  readonly scenario: string;
  /** `contentHash` of the rest. */
  readonly hash: DefinitionHash;
  readonly name: LocalText;
  /**
   * Consent purpose of everything it sends: `marketing`, `transactional` or the workspace's own.
   */
  readonly purpose: string;
  /** 0 to 100; arbitration between scenarios for the same person. */
  readonly priority: number;
  readonly entry: Entry;
  /** Checked on arrival of an event anywhere in the scenario, in listed order, before any wait. */
  readonly exits: readonly ExitRule[];
  readonly goal: Goal | null;
  /** Share in [0, 1] kept untreated by this scenario, besides the global holdout. */
  readonly holdoutShare: number;
  /** An enrolment older than this ends as `max_age`. */
  readonly maxAgeMs: number;
  readonly onChange: OnChange;
  /** First step, or null for a scenario that ends as it begins. */
  readonly start: StepId | null;
  readonly steps: Readonly<Record<StepId, Step>>;
  readonly reads: Reads;
  /** What the host answers in every context, at the input's instant. */
  readonly questions: readonly ZonedQuestion[];
}

/**
 * What an event must be to count. Segment changes are events too: `on` is then
 * `relance_segment_entered` or `relance_segment_left` and `segment` the one meant.
 */
export interface Trigger {
  /** Event names, snake_case; any of them. */
  readonly on: readonly string[];
  readonly segment?: string;
  /** CEL over event, entry, decision, vars, profile, account, now; absent: always. */
  readonly when?: Cel;
}

/** Who may enter, how often, and under which key. */
export interface Entry extends Trigger {
  /** CEL giving the entry key: one enrolment a profile and key. Absent: one a profile. */
  readonly key?: Cel;
  readonly reentry: Reentry;
  /** Whether publishing takes in those who are members of the segment already. */
  readonly existing: 'enter' | 'ignore';
  /** By a date of the person's; `on` is empty. */
  readonly date?: DateEntry;
  /** By a calendar rule; `on` is empty. */
  readonly schedule?: ScheduleEntry;
  /** On request: `on` is `relance_enrol_requested`, and only requests that name the scenario count. */
  readonly requested?: true;
}

/** How a local time that a clock skips or shows twice becomes one instant. */
interface LocalMoment {
  /** `HH:MM`. */
  readonly time: string;
  readonly zone: ZoneOf;
  readonly onGap: 'later' | 'earlier';
  readonly onOverlap: 'first' | 'second';
}

/** Enters so many days from each anniversary of the trait's date, or from the date itself. */
export interface DateEntry extends LocalMoment {
  readonly trait: string;
  readonly every: 'year' | 'once';
  /** Negative: before. */
  readonly offsetDays: number;
  /** Where 29 February falls in a common year: 28 February, or 1 March. */
  readonly leapDay: 'before' | 'after';
}

/** Enters the members of a segment, or everybody, at each instant of the rule. */
export interface ScheduleEntry extends LocalMoment {
  /** RFC 5545, without DTSTART. */
  readonly rrule: string;
  /** First day it may fall on, `YYYY-MM-DD`; intervals count from it. */
  readonly from: string;
  readonly segment?: string;
}

/** `afterMs` counts from the last entry under the same key. */
export type Reentry = 'never' | 'always' | { readonly afterMs: number };

/** Ends the enrolment as `as` from wherever it stands. */
export interface ExitRule extends Trigger {
  readonly as: string;
}

/** What the scenario is for; watched for every group, also after the end of the enrolment. */
export interface Goal extends Trigger {
  /** Attribution window from entry. */
  readonly withinMs: number;
  /** CEL giving the worth of one achievement. */
  readonly value?: Cel;
}

/** What a decision is paid for; watched from the decision on. */
export interface Reward extends Trigger {
  readonly withinMs: number;
  readonly value?: Cel;
}

/** What publishing a new version does to people in flight. */
export type OnChange =
  | { readonly kind: 'pin' }
  | { readonly kind: 'migrate'; readonly redirects: Readonly<Record<StepId, StepId>> };

/** What resuming does with a wait that fell due during a pause. */
export type OnResume = 'continue' | 'skip' | 'exit';

interface StepBase {
  /** The step after this one; for branching steps, where the branches meet. Null ends as `done`. */
  readonly next: StepId | null;
}

/** A duration; `d` and `w` are calendar days in the profile's zone, asked as `question`. */
export interface WaitStep extends StepBase {
  readonly type: 'wait';
  readonly duration: Duration;
  /** Id of the `add_calendar_days` question, for `d` and `w`. */
  readonly question?: string;
  readonly onResume: OnResume;
}

/** Until a local time, asked as `question`. */
export interface WaitUntilStep extends StepBase {
  readonly type: 'wait_until';
  readonly question: string;
  readonly onResume: OnResume;
}

/** Until the first event that matches one of the triggers, or `upToMs`. */
export interface WaitForStep extends StepBase {
  readonly type: 'wait_for';
  readonly triggers: readonly Trigger[];
  /** Null: until the enrolment's `maxAgeMs`. */
  readonly upToMs: number | null;
  /** Where the wait looks back to: the end of the previous waiting step, or the entry. */
  readonly lookback: 'previous' | 'entry';
  readonly then: StepId | null;
  readonly else: StepId | null;
  readonly onResume: OnResume;
}

/** First branch whose `when` holds; the last one has none and always does. */
export interface SplitStep extends StepBase {
  readonly type: 'split';
  readonly branches: readonly SplitBranch[];
}

/** A branch of a split; `name` shows in traces. */
export interface SplitBranch {
  readonly name: string;
  readonly when: Cel | null;
  readonly then: StepId | null;
}

/** Sticky arms by a hash of scenario, experiment and profile. */
export interface ExperimentStep extends StepBase {
  readonly type: 'experiment';
  readonly arms: readonly ExperimentArm[];
}

/** An arm; `share` in (0, 1], the shares of an experiment sum to 1. */
export interface ExperimentArm {
  readonly name: string;
  readonly share: number;
  readonly then: StepId | null;
}

/** Asks the decision service; the answer is `decision.<step id>`. */
export interface DecideStep extends StepBase {
  readonly type: 'decide';
  /** Ids of the candidate actions, `nothing` among them where listed. */
  readonly actions: readonly string[];
  readonly model: DecisionModel;
  readonly reward: Reward | null;
  readonly timeoutMs: number;
  readonly fallback: string;
  /** The action of the `rules` group, where the scenario asks for one. */
  readonly businessAsUsual: string | null;
}

/** How candidates are ordered. */
export type DecisionModel = 'betaTS' | 'random' | 'rules';

/** Hands an action to the policy gate: the decision's, or a plain one. */
export interface DeliverStep extends StepBase {
  readonly type: 'deliver';
  readonly of: { readonly decision: StepId } | { readonly action: string };
  readonly onWithheld: 'continue' | 'exit' | 'wait';
}

/** A task for a rep. */
export interface TaskStep extends StepBase {
  readonly type: 'task';
  readonly for: TaskTarget;
  /** Texts with `{{...}}` variables, filled in by the host. */
  readonly title: LocalText;
  readonly note: LocalText | null;
  /** Elapsed time until it is due. */
  readonly dueInMs: number;
}

/** The account's owner, or `else` without one; or a named queue. */
export type TaskTarget =
  | { readonly kind: 'owner'; readonly else: string | null }
  | { readonly kind: 'queue'; readonly queue: string };

/** A value as it stands, or computed. */
export type ValueSource = { readonly value: Json } | { readonly cel: Cel };

/** Sets traits, source `relance`. A value whose expression fails is left out. */
export interface UpdateStep extends StepBase {
  readonly type: 'update';
  readonly traits: Readonly<Record<string, ValueSource>>;
}

/** Emits an event about the profile. A property whose expression fails is left out. */
export interface EmitStep extends StepBase {
  readonly type: 'emit';
  readonly event: string;
  readonly properties: Readonly<Record<string, ValueSource>>;
}

/** Ends the enrolment with a named result. */
export interface ExitStep extends StepBase {
  readonly type: 'exit';
  readonly as: string;
}

/**
 * Calls an endpoint of the workspace with a signed body; the answer is `vars.<step id>`. A value
 * whose expression fails is left out.
 */
export interface WebhookStep extends StepBase {
  readonly type: 'webhook';
  /** Id of the endpoint in `relance.yaml`. */
  readonly to: string;
  readonly body: Readonly<Record<string, ValueSource>>;
  readonly timeoutMs: number;
  readonly onFailed: 'continue' | 'exit';
}

/** Adds loyalty points, or takes them where `points` is below zero. */
export interface PointsStep extends StepBase {
  readonly type: 'points';
  /** A whole number, or CEL that gives one; points that cannot be had are none. */
  readonly points: ValueSource;
  readonly isTaken: boolean;
  readonly reason: string;
}

/** Asks another scenario to take the profile in, under its own rules. */
export interface EnrolStep extends StepBase {
  readonly type: 'enrol';
  readonly scenario: string;
  readonly properties: Readonly<Record<string, ValueSource>>;
}

/**
 * Branches that run side by side. The end of each leads back to this step, where it joins: `all`
 * goes on with the last of them, `any` with the first, and cuts the others short.
 */
export interface ParallelStep extends StepBase {
  readonly type: 'parallel';
  readonly branches: readonly ParallelBranch[];
  readonly join: 'all' | 'any';
}

/** A branch of a parallel step. */
export interface ParallelBranch {
  readonly name: string;
  readonly then: StepId;
}

/** A bounded loop: its body leads back to this step, which goes round again or on. */
export interface RepeatStep extends StepBase {
  readonly type: 'repeat';
  /** Rounds at most, from 1. */
  readonly times: number;
  /** Tested before each round, the first too; null: `times` rounds. */
  readonly until: Cel | null;
  readonly then: StepId;
}

/** A node of the graph. */
export type Step =
  | WaitStep
  | WaitUntilStep
  | WaitForStep
  | SplitStep
  | ExperimentStep
  | DecideStep
  | DeliverStep
  | TaskStep
  | UpdateStep
  | EmitStep
  | WebhookStep
  | PointsStep
  | EnrolStep
  | ParallelStep
  | RepeatStep
  | ExitStep;

/** Name of a step's kind, as in YAML. */
export type StepType = Step['type'];

/** Which data the definition names; hosts load and states keep these and no more. */
export interface Reads {
  /** Paths under `profile`: `['aggregates', 'orders_365d']`, `['country']`. */
  readonly profile: readonly (readonly string[])[];
  readonly account: readonly (readonly string[])[];
  /** Top-level properties of the entry event, also those its actions and templates name. */
  readonly entry: readonly string[];
  /** Fields of `decision.<step id>` beyond decisionId, action and treatment. */
  readonly decision: Readonly<Record<StepId, readonly string[]>>;
  readonly vars: readonly string[];
}

/**
 * Whose zone: the profile's (else the workspace's), the account's, the workspace's, or an IANA
 * name.
 */
export type ZoneOf = 'profile' | 'account' | 'workspace' | { readonly name: string };

/** A local weekday. */
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/**
 * A question only somebody who knows zones and calendars can answer. The host answers each at the
 * input's `atMs` into `context.answers[id]`, so that the interpreter needs no calendar:
 * `add_calendar_days` and `next_local_time` with an instant in epoch ms (the latter the first one
 * not before `atMs`), `local_hour` with 0 to 23 in the profile's zone, `holiday` with a boolean.
 */
export type ZonedQuestion =
  | { readonly id: string; readonly kind: 'add_calendar_days'; readonly days: number }
  | {
      readonly id: string;
      readonly kind: 'next_local_time';
      /** `HH:MM`. */
      readonly time: string;
      /** Empty: any day. */
      readonly days: readonly Weekday[];
      readonly zone: ZoneOf;
      /** The time does not exist that day: moved on by the length of the gap, or back by it. */
      readonly onGap: 'later' | 'earlier';
      /** The time exists twice that day. */
      readonly onOverlap: 'first' | 'second';
    }
  | { readonly id: string; readonly kind: 'local_hour' }
  | { readonly id: string; readonly kind: 'holiday'; readonly country: string };
