import { z } from 'zod';
import {
  ATTRIBUTIONS,
  DECISION_MODES,
  GROUPS,
  OUTCOME_KINDS,
  currency,
  epochMs,
  money,
  reference,
  sample,
} from './common.js';

/** One candidate of a decision, won or lost; unique by action and treatment. */
export const candidateBody = z.strictObject({
  action: z.string(),
  treatment: z.string(),
  channel: z.string(),
  /** The last stage reached, or the one that refused it. */
  stage: z.string(),
  passed: z.boolean(),
  /** Closed code; empty when it passed. */
  reason: z.string(),
  reasonDetail: z.string(),
  /** Chances in [0, 1]: the model's mean, the draw, after calibration; null before scoring. */
  pRaw: z.number().nullable(),
  pSampled: z.number().nullable(),
  pCalibrated: z.number().nullable(),
  sd: z.number().nullable(),
  value: money.nullable(),
  contextWeight: z.number(),
  lever: z.number(),
  cost: money,
  score: z.number().nullable(),
  /** Logging propensity; sums to 1 over the candidates that passed; 0 for the others. */
  propensity: z.number().min(0).max(1),
  /** 1 is the best score; null before scoring. */
  rank: z.int().nullable(),
  contributions: z.array(z.strictObject({ feature: z.string(), value: z.number() })),
});

/** A decision with every candidate; fact id: the decision id. Point. */
export const decisionBody = z.strictObject({
  enrolmentId: reference,
  scenario: reference,
  definition: reference,
  stepId: reference,
  decidedAtMs: epochMs,
  group: z.enum(GROUPS),
  mode: z.enum(DECISION_MODES),
  model: z.string(),
  modelVersion: z.string(),
  policy: z.string(),
  /** With the record and the model version it gives the same choice again. */
  seed: z.string(),
  chosenAction: z.string(),
  chosenTreatment: z.string(),
  chosenPropensity: z.number().min(0).max(1),
  /** Chance, not the best score, chose. */
  explored: z.boolean(),
  epsilon: z.number(),
  nCandidates: z.int().nonnegative(),
  nEligible: z.int().nonnegative(),
  fallbackReason: z.string().nullable(),
  latencyUs: z.int().nonnegative(),
  features: z.record(z.string(), z.number()),
  candidates: z.array(candidateBody),
  sample,
});

/** An observed response, attributed; fact id: the outcome id. Point. */
export const outcomeBody = z.strictObject({
  outcomeKind: z.enum(OUTCOME_KINDS),
  accountId: reference,
  atMs: epochMs,
  value: money.nullable(),
  currency,
  eventId: reference,
  deliveryId: reference,
  decisionId: reference,
  enrolmentId: reference,
  scenario: reference,
  attributedBy: z.enum(ATTRIBUTIONS),
  sample,
});

/** Value credited to a decision; fact id: `decisionId/reward`; a later version replaces. State. */
export const rewardBody = z.strictObject({
  decisionId: z.string(),
  reward: z.string(),
  value: z.number(),
  maturedAtMs: epochMs,
  /** The window is closed: the value will not change any more. */
  isFinal: z.boolean(),
  /** Of the decision: what learning updates. */
  scenario: reference,
  stepId: reference,
  action: z.string(),
  treatment: z.string(),
  sample,
});
