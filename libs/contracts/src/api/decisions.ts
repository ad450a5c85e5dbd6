import { z } from 'zod';
import { GROUPS } from '../facts/common.js';
import { amount, count, epochMs, id, paging, personRef, sentence } from './shared.js';

/** Query of `GET /api/decisions`. */
export const decisionsQuery = z.object({
  ...paging,
  scenario: z.string().max(64).optional(),
  step: z.string().max(400).optional(),
  action: z.string().max(64).optional(),
});

/** A decision in a list, newest first. */
export const decisionLine = z.object({
  id,
  atMs: epochMs,
  person: personRef,
  scenario: z.object({ id, name: z.string() }),
  step: z.string(),
  group: z.enum(GROUPS),
  /** Name of the action chosen. */
  chosen: z.string(),
  /** Exact chance with which it was chosen, in [0, 1]. */
  propensity: z.number(),
  explored: z.boolean(),
  candidates: count,
  eligible: count,
});

const candidate = z.object({
  action: z.string(),
  actionName: z.string(),
  treatment: z.string().nullable(),
  channel: z.string().nullable(),
  isChosen: z.boolean(),
  /** Nothing refused it. */
  passed: z.boolean(),
  /** Where it lost, and why, in words; both of the chosen say why it won. */
  stage: z.string(),
  stageLabel: sentence,
  why: sentence,
  /** Chance of a good outcome, in [0, 1]; null before scoring. */
  outcomePropensity: z.number().nullable(),
  expectedGain: amount.nullable(),
  value: z.number(),
  contextWeight: z.number(),
  lever: z.number(),
  cost: z.number(),
  score: z.number().nullable(),
  /** Exact chance of being chosen, in [0, 1]. */
  propensity: z.number(),
  rank: z.int().nullable(),
  contributions: z.array(z.object({ name: z.string(), amount: z.number() })),
});

/** `GET /api/decisions/:id`. */
export const decision = z.object({
  id,
  atMs: epochMs,
  person: personRef,
  scenario: z.object({ id, name: z.string() }),
  step: z.string(),
  definition: z.string(),
  group: z.enum(GROUPS),
  model: z.string(),
  modelVersion: z.string(),
  policy: z.string(),
  chosen: z.string(),
  propensity: z.number(),
  explored: z.boolean(),
  /** What was chosen and why, then every loser with its reason. */
  sentences: z.array(sentence),
  /** How many were left after each stage, in order, from available to chosen. */
  funnel: z.array(z.object({ stage: z.string(), label: sentence, left: count, lost: count })),
  candidates: z.array(candidate),
  /** What became of it. */
  outcomes: z.array(z.object({ atMs: epochMs, sentence })),
});
