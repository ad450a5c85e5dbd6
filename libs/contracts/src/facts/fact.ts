import { z } from 'zod';
import { epochMs } from './common.js';
import { candidateBody, decisionBody, outcomeBody, rewardBody } from './decision.js';
import { deliveryBody, deliveryEventBody, withheldBody } from './delivery.js';
import { actionBody, enrolmentBody, scenarioBody, stepBody, taskBody } from './journey.js';
import {
  accountBody,
  consentBody,
  eventBody,
  profileBody,
  scoreBody,
  suppressionBody,
  traitChange,
} from './people.js';

/** One zod body per kind of fact. */
export const factBodies = {
  event: eventBody,
  profile: profileBody,
  account: accountBody,
  enrolment: enrolmentBody,
  step: stepBody,
  decision: decisionBody,
  delivery: deliveryBody,
  delivery_event: deliveryEventBody,
  withheld: withheldBody,
  task: taskBody,
  consent: consentBody,
  suppression: suppressionBody,
  score: scoreBody,
  outcome: outcomeBody,
  reward: rewardBody,
  scenario: scenarioBody,
  action: actionBody,
} as const;

/** Kind of a fact. */
export type FactKind = keyof typeof factBodies;

/** Every kind of fact, in the order of core.md. */
export const FACT_KINDS = Object.keys(factBodies) as readonly FactKind[];

/** Body of a kind of fact. */
export type FactBody<Kind extends FactKind> = z.infer<(typeof factBodies)[Kind]>;

/**
 * A fact of one kind. `id` is the id of the entity or point (so the body does not repeat it), and
 * with `version` the idempotency key: the greatest version of an id is the truth. `atMs` is the
 * engine's clock when the effect was committed; `profileId` the profile's id at that time.
 */
export interface FactOf<Kind extends FactKind> {
  readonly id: string;
  readonly kind: Kind;
  /** From 1; raised in the entity's own row, in the transaction of the effect. */
  readonly version: number;
  readonly atMs: number;
  readonly profileId: string | null;
  readonly body: FactBody<Kind>;
}

/** Any fact, told apart by `kind`. */
export type Fact = { [Kind in FactKind]: FactOf<Kind> }[FactKind];

export type EventFact = FactOf<'event'>;
export type ProfileFact = FactOf<'profile'>;
export type AccountFact = FactOf<'account'>;
export type EnrolmentFact = FactOf<'enrolment'>;
export type StepFact = FactOf<'step'>;
export type DecisionFact = FactOf<'decision'>;
export type DeliveryFact = FactOf<'delivery'>;
export type DeliveryEventFact = FactOf<'delivery_event'>;
export type WithheldFact = FactOf<'withheld'>;
export type TaskFact = FactOf<'task'>;
export type ConsentFact = FactOf<'consent'>;
export type SuppressionFact = FactOf<'suppression'>;
export type ScoreFact = FactOf<'score'>;
export type OutcomeFact = FactOf<'outcome'>;
export type RewardFact = FactOf<'reward'>;
export type ScenarioFact = FactOf<'scenario'>;
export type ActionFact = FactOf<'action'>;
/** A candidate inside a decision's body. */
export type CandidateFact = z.infer<typeof candidateBody>;
/** A changed trait inside a profile's body. */
export type TraitChange = z.infer<typeof traitChange>;

function envelope<Kind extends FactKind>(kind: Kind) {
  return z.strictObject({
    id: z.string().min(1),
    kind: z.literal(kind),
    version: z.int().positive(),
    atMs: epochMs,
    profileId: z.string().min(1).nullable(),
    body: factBodies[kind],
  });
}

/**
 * The whole contract of a fact, for tests, development and what comes from outside; refuses unknown
 * members. Writers and the sink trust the types on their hot path and call `isFactShaped`.
 */
export const factSchema = z.discriminatedUnion('kind', [
  envelope('event'),
  envelope('profile'),
  envelope('account'),
  envelope('enrolment'),
  envelope('step'),
  envelope('decision'),
  envelope('delivery'),
  envelope('delivery_event'),
  envelope('withheld'),
  envelope('task'),
  envelope('consent'),
  envelope('suppression'),
  envelope('score'),
  envelope('outcome'),
  envelope('reward'),
  envelope('scenario'),
  envelope('action'),
]);

/** Cheap check of the envelope only: a known kind, an id, a version, a body. */
export function isFactShaped(value: unknown): value is Fact {
  if (typeof value !== 'object' || value === null) return false;
  const { id, kind, version, atMs, body } = value as Partial<Record<string, unknown>>;
  return (
    typeof id === 'string' &&
    id !== '' &&
    typeof kind === 'string' &&
    Object.hasOwn(factBodies, kind) &&
    Number.isSafeInteger(version) &&
    Number.isSafeInteger(atMs) &&
    typeof body === 'object' &&
    body !== null
  );
}
