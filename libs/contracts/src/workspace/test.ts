import { z } from 'zod';
import {
  described,
  durationSchema,
  eventNameSchema,
  idSchema,
  instantSchema,
  stepIdSchema,
  traitNameSchema,
} from './shared.js';

/** Id of a step that its author did not name: `when_2/deliver-1`. */
const anyStepId = z.string().min(1, { error: 'text' }).max(400);
const flag = z.literal(true);
const value = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.json()),
  z.record(z.string(), z.json()),
]);

const consent = z.union([
  z.enum(['granted', 'denied', 'unknown']),
  z.strictObject({
    status: z.enum(['granted', 'denied', 'unknown']),
    basis: idSchema.optional(),
    proof: z.string().min(1).max(200).optional(),
  }),
]);

/** `email.marketing`. */
const consentKey = z.string().regex(/^[a-z]+\.[a-z0-9][a-z0-9_-]*$/, { error: 'consentKey' });

const profile = z.strictObject({
  traits: z.record(traitNameSchema, value).default({}),
  consents: z.record(consentKey, consent).default({}),
  /** Counted before the timeline; what its events count comes on top. */
  aggregates: z.record(traitNameSchema, z.union([z.number(), instantSchema])).default({}),
  /** In these throughout, whatever their conditions say. */
  segments: z.array(idSchema).max(50).default([]),
  account: z.record(traitNameSchema, z.union([z.string(), z.number(), z.boolean()])).optional(),
});

/** `action` or `action/treatment`. */
const choiceSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}(\/[a-z0-9][a-z0-9_-]{0,63})?$/, { error: 'choice' });

const about = {
  step: anyStepId.optional(),
  action: idSchema.optional(),
  treatment: idSchema.optional(),
  channel: idSchema.optional(),
  at: instantSchema.optional(),
};

/** One, several in their order, or none at all: `[]`. */
const listOf = <Item extends z.ZodType>(item: Item) => z.union([item, z.array(item).max(50)]);

const expectation = z.strictObject({
  entered: z.union([flag, z.strictObject({ group: idSchema.optional(), at: about.at })]).optional(),
  not_entered: z
    .union([flag, z.strictObject({ reason: idSchema.optional(), at: about.at })])
    .optional(),
  decided: listOf(
    z.union([
      choiceSchema,
      z.strictObject({ step: about.step, action: about.action, treatment: about.treatment }),
    ]),
  ).optional(),
  delivered: listOf(z.union([idSchema, z.strictObject(about)])).optional(),
  put_off: listOf(z.strictObject({ ...about, until: instantSchema.optional() })).optional(),
  withheld: listOf(
    z.union([
      idSchema,
      z.strictObject({ ...about, reason: idSchema.optional(), stage: idSchema.optional() }),
    ]),
  ).optional(),
  task: listOf(
    z.union([
      flag,
      z.strictObject({
        owner: z.string().min(1).max(200).optional(),
        title: z.string().min(1).max(500).optional(),
        due: instantSchema.optional(),
        at: about.at,
      }),
    ]),
  ).optional(),
  goal: z.union([flag, z.strictObject({ value: z.number().optional(), at: about.at })]).optional(),
  ended: z.union([idSchema, z.strictObject({ as: idSchema, at: about.at })]).optional(),
  /** Where the person stands now. */
  waiting: z
    .union([anyStepId, z.strictObject({ step: anyStepId, until: instantSchema.optional() })])
    .optional(),
  /** Nothing of all this since the expectation before. */
  nothing: flag.optional(),
});

const line = z.strictObject({
  at: instantSchema.optional(),
  after: durationSchema.optional(),
  event: eventNameSchema.optional(),
  properties: z.record(traitNameSchema, z.json()).optional(),
  /** What becomes known of the person then. */
  traits: z.record(traitNameSchema, value).optional(),
  expect: expectation.optional(),
});

const setting = {
  profile: profile.optional(),
  group: z.enum(['policy', 'random_control', 'holdout', 'rules']).optional(),
  decisions: z.union([z.enum(['live', 'random']), z.record(stepIdSchema, choiceSchema)]).optional(),
  /** The arm of each experiment that shall be met. */
  experiments: z.record(stepIdSchema, idSchema).optional(),
};

const timeline = z.array(line).min(1).max(500);

const testCase = z.strictObject({ name: z.string().min(1).max(200), ...setting, timeline });

/** `<scenario>.test.yaml`: people, what happens to them, and what the scenario must do. */
export const testSchema = z.strictObject({
  scenario: idSchema,
  description: described.description,
  name: z.string().min(1).max(200).optional(),
  ...setting,
  /** Other scenarios that take people in as well; only their own effects are not looked at. */
  with: z.array(idSchema).max(50).default([]),
  timeline: timeline.optional(),
  tests: z.array(testCase).min(1).max(200).optional(),
});

/** A checked file of tests. */
export type TestConfig = z.output<typeof testSchema>;

/** One line of a timeline. */
export type TestLine = z.output<typeof line>;

/** What a line expects. */
export type TestExpectation = z.output<typeof expectation>;

/** The person of a test. */
export type TestProfile = z.output<typeof profile>;
