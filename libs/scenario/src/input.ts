import type { CommandId, EpochMs, Json, JsonObject } from '#libs/kernel';

/** What the host knows at `atMs`; it loads what `definition.reads` and `.questions` name. */
export interface Context {
  /** Traits flat, with `aggregates`, `segments`, `consents` and `channels` where named. */
  readonly profile: JsonObject;
  /** The latest open membership, or null. */
  readonly account: JsonObject | null;
  /** By question id, resolved at the input's `atMs`. */
  readonly answers: Readonly<Record<string, Json>>;
  /** Segments the profile is in. */
  readonly segments: readonly string[];
}

/** An event about the profile, as routed. */
export interface InputEvent {
  /** Stable key; the same event always has the same one. */
  readonly key: string;
  readonly name: string;
  /** The event's own time: for look back, windows and attribution only. */
  readonly atMs: EpochMs;
  readonly properties: JsonObject;
  /** Never enters or wakes. */
  readonly historical: boolean;
}

/** What became of a `decide`, a `deliver` or a `webhook`. */
export type EffectResult =
  | {
      readonly kind: 'decided';
      readonly decisionId: string;
      /** One of the candidates. */
      readonly action: string;
      readonly treatment: string | null;
      /** Whatever else expressions may name: group, propensity, channel, fallback_reason. */
      readonly fields?: JsonObject;
    }
  | {
      readonly kind: 'delivered';
      readonly outcome: 'accepted' | 'uncertain' | 'failed' | 'withheld';
      readonly reason?: string;
      readonly deliveryId?: string;
    }
  | {
      readonly kind: 'called';
      /** `answered`: with a status of 200 to 299. */
      readonly outcome: 'answered' | 'failed';
      /** HTTP status; null without an answer. */
      readonly status: number | null;
      /** The answer where it is a JSON object. */
      readonly body?: JsonObject;
      readonly reason?: string;
    };

/** What an operator, a merge or an erasure does to the enrolment. */
export type Control =
  | { readonly action: 'pause' | 'resume' }
  | { readonly action: 'stop'; readonly as: 'stopped' | 'erased' }
  /**
   * The profile was merged; `survives: false` where an older enrolment of the same key lives on.
   */
  | { readonly action: 'profile_merged'; readonly survives: boolean };

interface InputBase {
  /** The host's Clock when the input is applied. Below the state's last, the last holds. */
  readonly atMs: EpochMs;
  readonly context: Context;
}

/** The first input of an enrolment; `event` is null for members taken in by `existing: enter`. */
export interface EnteredInput extends InputBase {
  readonly type: 'entered';
  readonly event: InputEvent | null;
}

/** An event that may end the enrolment or wake it. */
export interface EventInput extends InputBase {
  readonly type: 'event';
  readonly event: InputEvent;
}

/** An armed timer is due. */
export interface TimerInput extends InputBase {
  readonly type: 'timer';
  readonly commandId: CommandId;
}

/** An effect is over. */
export interface ResultInput extends InputBase {
  readonly type: 'result';
  readonly commandId: CommandId;
  readonly result: EffectResult;
  /**
   * When the effect was over by the Clock, if before `atMs`: events since then count for the next
   * wait.
   */
  readonly effectAtMs?: EpochMs;
}

/** Something done to the enrolment from outside. */
export interface ControlInput extends InputBase {
  readonly type: 'control';
  readonly control: Control;
}

/** Everything that can happen to an enrolment. */
export type Input = EnteredInput | EventInput | TimerInput | ResultInput | ControlInput;
