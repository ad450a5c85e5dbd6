import type { EpochMs } from '#libs/kernel';
import type { CapReservation } from './caps.js';
import type { ConsentStatement } from './consent.js';
import type { Group } from './groups.js';
import type { QuietHoursAnswer } from './quiet-hours.js';
import { stageOf, type GateStage, type WithheldReason } from './reasons.js';
import type { CapRule, Channel, PurposeRule } from './rules.js';
import type { Suppression } from './suppression.js';
import type { DayNumber } from './windows.js';

/** A hold of policies.yaml, evaluated for the person. */
export interface HoldState {
  readonly id: string;
  /** The purpose it holds back; `any` holds back every one. */
  readonly purpose: string;
  /** The condition's answer; null where it could not be evaluated, which refuses. */
  readonly holds: boolean | null;
  /** When it last ceased to hold; null if it never held. */
  readonly ceasedAtMs: EpochMs | null;
  /** How long after that it still holds back. */
  readonly lastsMs: number;
}

/**
 * Everything the gate judges by, read at the moment of sending. A list that could not be read is
 * null, never empty: null refuses.
 */
export interface GateRequest {
  readonly atMs: EpochMs;
  readonly profileId: string;
  readonly channel: Channel;
  /** Null where policies.yaml has no such purpose. */
  readonly purpose: PurposeRule | null;
  /** The action sent; null for a message that is no action's. */
  readonly action: string | null;
  readonly group: Group | null;
  readonly enrolmentEnded: boolean;
  /** The address as the channel's normaliser judged it. */
  readonly address: 'valid' | 'invalid' | 'none';
  /** Whether the treatment's sender exists for this channel. */
  readonly hasSender: boolean;
  readonly suppressions: readonly Suppression[] | null;
  readonly consents: readonly ConsentStatement[] | null;
  /** For `soft_opt_in`: has bought before. */
  readonly hasPurchased: boolean;
  /** For `legitimate_interest_b2b`: is addressed in a professional capacity. */
  readonly professional: boolean;
  /** For `legitimate_interest_b2b`: the message is about the person's job. */
  readonly b2bRelevant: boolean;
  /** The business's regulated sector; `renovation` may not prospect. */
  readonly sector: string | null;
  readonly holds: readonly HoldState[] | null;
  readonly caps: readonly CapRule[] | null;
  readonly reservations: readonly CapReservation[] | null;
  /** The delivery's own command id and its decide command's: their places are not counted. */
  readonly ownCommandIds: readonly string[];
  /** Local day at `atMs` in the workspace's zone. */
  readonly today: DayNumber;
  readonly quietHours: QuietHoursAnswer | null;
  /** When this send was first put off; the 96 h count from there. Null: it was not. */
  readonly firstPutOffAtMs: EpochMs | null;
}

/** A refusal with its reason; `detail` names the hold, cap or basis, and nothing personal. */
export interface Withhold {
  readonly kind: 'withhold';
  readonly stage: GateStage;
  readonly reason: WithheldReason;
  readonly detail: string;
}

/** The gate's answer. A put-off send comes back to the gate at `untilMs`. */
export type GateVerdict =
  | { readonly kind: 'allow' }
  | { readonly kind: 'putOff'; readonly untilMs: EpochMs; readonly reason: 'quiet_hours' }
  | Withhold;

/** Builds a refusal; its stage is its reason's. */
export function withhold(reason: WithheldReason, detail = ''): Withhold {
  return { kind: 'withhold', stage: stageOf(reason), reason, detail };
}
