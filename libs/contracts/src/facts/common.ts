import { z } from 'zod';

/** Milliseconds since 1970 UTC, an integer. */
export const epochMs = z.int();

/** Exact decimal(18,4) text, `129.90`; never added across currencies. */
export const money = z
  .string()
  .regex(/^-?\d{1,14}(\.\d{1,4})?$/, 'decimal text, four places at most');

/** ISO 4217, upper case; empty where no money is involved. */
export const currency = z.string().regex(/^([A-Z]{3})?$/, 'three capitals or empty');

/** An id of another entity; null where there is none. */
export const reference = z.string().min(1).nullable();

/**
 * True on what the sample workspace's generator and visitor model made, and on what is published
 * where they live.
 */
export const sample = z.boolean();

/** The group a profile was assigned to at first sight. */
export const GROUPS = ['policy', 'random_control', 'holdout', 'rules'] as const;

/** States of an enrolment (workspace.md, States). */
export const ENROLMENT_STATES = ['running', 'paused', 'held_out', 'ended'] as const;

/** States of a delivery (workspace.md, States). */
export const DELIVERY_STATES = [
  'intended',
  'withheld',
  'sending',
  'accepted',
  'failed',
  'uncertain',
  'delivered',
  'bounced',
  'complained',
] as const;

/** Facts about one delivery (outside.md, `delivery_events`). */
export const DELIVERY_EVENT_KINDS = [
  'accepted',
  'delivered',
  'bounced',
  'complained',
  'opened',
  'machine_opened',
  'clicked',
  'bot_clicked',
  'unsubscribed',
] as const;

/** States of a task for a rep. */
export const TASK_STATES = ['open', 'done', 'declined', 'expired', 'withheld'] as const;

/** Consent of one purpose on one channel. */
export const CONSENT_STATES = ['granted', 'denied', 'unknown'] as const;

/** Outcomes (core.md, Closed lists). */
export const OUTCOME_KINDS = [
  'clicked',
  'visited',
  'converted',
  'rated',
  'replied',
  'unsubscribed',
  'complained',
  'task_done',
  'no_response',
] as const;

/**
 * How an outcome came to be credited: `goal` is the goal of an enrolment, whatever its group (lift
 * reads these; `holdout` says the same of a held-out enrolment), and names the delivery that the
 * last touch credits, where there is one; `window` fell in the reward window of its decision;
 * `direct` names its delivery or decision itself, as a click does.
 */
export const ATTRIBUTIONS = ['goal', 'holdout', 'window', 'direct'] as const;

/** Who decided for real: `live` acts, the others only record. */
export const DECISION_MODES = ['live', 'shadow', 'apprentice', 'simulated'] as const;
