import { z } from 'zod';
import {
  DELIVERY_EVENT_KINDS,
  DELIVERY_STATES,
  currency,
  epochMs,
  money,
  reference,
  sample,
} from './common.js';

/** A message after a change of state; fact id: the delivery id. State. */
export const deliveryBody = z.strictObject({
  decisionId: reference,
  enrolmentId: reference,
  scenario: reference,
  stepId: reference,
  accountId: reference,
  channel: z.string(),
  action: z.string(),
  treatment: z.string(),
  template: z.string(),
  purpose: z.string(),
  sender: z.string(),
  state: z.enum(DELIVERY_STATES),
  /** Fixed at the first version. */
  intendedAtMs: epochMs,
  acceptedAtMs: epochMs.nullable(),
  updatedAtMs: epochMs,
  provider: z.string(),
  providerId: reference,
  cost: money,
  currency,
  /** Of an SMS; null elsewhere. */
  smsSegments: z.int().nullable(),
  sample,
});

/** Something that happened to a message; fact id: of the event. Point. */
export const deliveryEventBody = z.strictObject({
  deliveryId: z.string(),
  deliveryEventKind: z.enum(DELIVERY_EVENT_KINDS),
  atMs: epochMs,
  /** Name of the link in the template, never the address. */
  link: z.string().nullable(),
  code: z.string().nullable(),
  detail: z.string().nullable(),
  /** Why it is held to be a person or a machine. */
  evidence: z.array(z.string()),
  enrolmentId: reference,
  decisionId: reference,
  scenario: reference,
  channel: z.string(),
  sample,
});

/** A message or action not sent; fact id: the withheld id. Point. */
export const withheldBody = z.strictObject({
  enrolmentId: reference,
  decisionId: reference,
  scenario: reference,
  stepId: reference,
  channel: z.string(),
  action: z.string(),
  stage: z.string(),
  /** Closed code. */
  reason: z.string(),
  atMs: epochMs,
  sample,
});
