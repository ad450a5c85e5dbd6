import type { Fact } from '#libs/contracts';
import type { EpochMs } from '#libs/kernel';

/** Something that a simulation saw, about one person. */
export type Happening = {
  readonly atMs: EpochMs;
  readonly profileId: string;
  readonly scenario: string;
} & Deed;

/** What was seen. */
export type Deed =
  | { readonly kind: 'entered'; readonly enrolmentId: string; readonly group: string }
  | { readonly kind: 'not_entered'; readonly reason: string }
  | {
      readonly kind: 'step';
      readonly enrolmentId: string;
      readonly stepId: string;
      /** As in `StepTaken`; `waiting` when the step begins to wait. */
      readonly result: string;
      readonly branch: string | null;
    }
  | {
      readonly kind: 'decided';
      readonly stepId: string;
      readonly action: string;
      readonly treatment: string | null;
      readonly group: string;
      /** Why each loser was left out, by action. */
      readonly refused: readonly { readonly action: string; readonly reason: string }[];
    }
  | {
      readonly kind: 'put_off';
      readonly stepId: string;
      readonly channel: string;
      readonly action: string;
      readonly untilMs: EpochMs;
    }
  | {
      readonly kind: 'delivered';
      readonly stepId: string;
      readonly channel: string;
      readonly action: string;
      readonly treatment: string;
      /** Decimal text, in the workspace's currency. */
      readonly cost: string;
    }
  | {
      readonly kind: 'withheld';
      readonly stepId: string;
      readonly channel: string;
      readonly action: string;
      readonly stage: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'task';
      readonly owner: string;
      readonly title: string;
      readonly dueAtMs: EpochMs | null;
    }
  | { readonly kind: 'goal' | 'reward'; readonly value: number | null }
  | { readonly kind: 'ended'; readonly enrolmentId: string; readonly as: string };

/** What a fact tells of; null where it is told by another fact, or is nobody's progress. */
export function happeningOf(fact: Fact): Happening | null {
  switch (fact.kind) {
    case 'enrolment':
      return enrolmentHappening(fact);
    case 'step':
      return stepHappening(fact);
    case 'decision':
      return decisionHappening(fact);
    case 'delivery':
      return deliveryHappening(fact);
    case 'withheld': {
      const { channel, action, stage, reason } = fact.body;
      return { ...whereOf(fact), kind: 'withheld', channel, action, stage, reason };
    }
    case 'task': {
      const { owner, title, dueAtMs } = fact.body;
      return { ...aboutOf(fact), kind: 'task', owner, title, dueAtMs };
    }
    default:
      return null;
  }
}

type FactOf<Kind extends Fact['kind']> = Extract<Fact, { kind: Kind }>;

function aboutOf({ atMs, profileId, body }: FactOf<'task' | 'withheld' | 'delivery' | 'decision'>) {
  return { atMs, profileId: profileId ?? '', scenario: body.scenario ?? '' };
}

function whereOf(fact: FactOf<'withheld' | 'delivery' | 'decision'>) {
  return { ...aboutOf(fact), stepId: fact.body.stepId ?? '' };
}

function enrolmentHappening(fact: FactOf<'enrolment'>): Happening | null {
  const { atMs, id: enrolmentId, version } = fact;
  const { scenario, group, state, endedAs } = fact.body;
  const about = { atMs, profileId: fact.profileId ?? '', scenario, enrolmentId };
  if (state === 'ended') return { ...about, kind: 'ended', as: endedAs ?? '' };
  return version === 1 ? { ...about, kind: 'entered', group } : null;
}

function stepHappening({ atMs, profileId, body }: FactOf<'step'>): Happening {
  const { scenario, branch } = body;
  return {
    atMs,
    profileId: profileId ?? '',
    scenario,
    kind: 'step',
    enrolmentId: body.enrolmentId ?? '',
    stepId: body.stepId ?? '',
    result: body.result ?? '',
    branch,
  };
}

function decisionHappening(fact: FactOf<'decision'>): Happening {
  const { chosenAction: action, chosenTreatment, group, candidates } = fact.body;
  const treatment = chosenTreatment === '' ? null : chosenTreatment;
  const refused = candidates.flatMap((one) =>
    one.passed || one.reason === null ? [] : [{ action: one.action, reason: one.reason }],
  );
  return { ...whereOf(fact), kind: 'decided', action, treatment, group, refused };
}

function deliveryHappening(fact: FactOf<'delivery'>): Happening | null {
  const { state, channel, action, treatment, cost } = fact.body;
  if (state !== 'accepted' && state !== 'uncertain') return null;
  return { ...whereOf(fact), kind: 'delivered', channel, action, treatment, cost };
}
