import type { EpochMs } from '#libs/kernel';
import type {
  ConsentFact,
  DeliveryEventFact,
  DeliveryFact,
  EnrolmentFact,
  Fact,
  FactKind,
  FactOf,
  OutcomeFact,
  ProfileFact,
  ScoreFact,
  TaskFact,
} from '#libs/contracts';
import { RFM_MODEL } from '../profile/score-facts.js';
import type { CommandType, MemberStatus } from './ports.js';

interface About {
  readonly profileId: string;
  readonly atMs: EpochMs;
}

/** What a fact asks a CRM to be told, before anything was looked up. */
export type Wish = About &
  (
    | { readonly kind: 'member'; readonly scenario: string; readonly status: MemberStatus }
    | {
        readonly kind: 'order';
        readonly scenario: string;
        readonly eventKey: string;
        readonly amount: string | null;
        readonly currency: string;
        /** Of the message credited, else of the decision that led to one. */
        readonly touchKey: string;
      }
    | { readonly kind: 'complaint'; readonly id: string; readonly scenario: string | null }
    | { readonly kind: 'taskOpen'; readonly id: string; readonly task: TaskFact['body'] }
    | { readonly kind: 'taskDone'; readonly id: string; readonly task: TaskFact['body'] }
    | {
        readonly kind: 'address';
        readonly channel: string;
        readonly state: 'npai' | 'complaint';
        readonly code: string | null;
      }
    | {
        readonly kind: 'consent';
        readonly channel: string;
        readonly purpose: string;
        readonly statement: ConsentFact['body'];
      }
    | {
        readonly kind: 'scores';
        readonly name: string;
        /** Text of the score as a whole: what is compared with what was told. */
        readonly text: string;
        readonly values: Readonly<Record<string, number>>;
        readonly mark: number;
      }
  );

/** Commands that a wish may become. */
export const WISHED: Readonly<Record<Wish['kind'], readonly CommandType[]>> = {
  member: ['membership'],
  order: ['membership', 'activity'],
  complaint: ['activity'],
  taskOpen: ['task'],
  taskDone: ['activity'],
  address: ['deliverability'],
  consent: ['consent'],
  scores: ['scores'],
};

const MESSAGE_CHANNELS = ['email', 'sms'];
const RFM = /^([1-5])-([1-5])-([1-5])$/;

/**
 * What a fact asks for. The held-out are told of in no campaign: what they do is not its doing.
 * Deterministic; a repeat of a fact gives the same wish.
 */
export function wishesOf(fact: Fact): readonly Wish[] {
  const { profileId, kind } = fact;
  const make = MAKERS[kind] as ((fact: Fact, profileId: string) => readonly Wish[]) | undefined;
  return profileId === null || make === undefined ? [] : make(fact, profileId);
}

function member(about: About, scenario: string | null, status: MemberStatus): readonly Wish[] {
  return scenario === null ? [] : [{ ...about, kind: 'member', scenario, status }];
}

function enrolmentWish({ version, body }: EnrolmentFact, profileId: string): readonly Wish[] {
  if (version !== 1 || body.group === 'holdout' || body.state === 'held_out') return [];
  return member({ profileId, atMs: body.enteredAtMs }, body.scenario, 'targeted');
}

function deliveryWish({ body }: DeliveryFact, profileId: string): readonly Wish[] {
  const { state, scenario, acceptedAtMs, updatedAtMs } = body;
  if (state === 'accepted') {
    return member({ profileId, atMs: acceptedAtMs ?? updatedAtMs }, scenario, 'sent');
  }
  if (state !== 'delivered' && state !== 'bounced') return [];
  return member({ profileId, atMs: updatedAtMs }, scenario, state);
}

const EVENT_STATUS: Readonly<
  Partial<Record<DeliveryEventFact['body']['deliveryEventKind'], MemberStatus>>
> = {
  accepted: 'sent',
  delivered: 'delivered',
  clicked: 'clicked',
  bounced: 'bounced',
  unsubscribed: 'unsubscribed',
};

function deliveryEventWishes({ body }: DeliveryEventFact, profileId: string): readonly Wish[] {
  const { deliveryEventKind: kind, atMs, scenario, channel, code } = body;
  const about = { profileId, atMs };
  const status = EVENT_STATUS[kind];
  const wishes = status === undefined ? [] : [...member(about, scenario, status)];
  // A code of the 4 class is for the moment: the address is not dead.
  const isDead = kind === 'bounced' && code?.startsWith('4') !== true;
  if (isDead) wishes.push({ ...about, kind: 'address', channel, state: 'npai', code });
  if (kind === 'complained') {
    wishes.push({ ...about, kind: 'address', channel, state: 'complaint', code });
  }
  return wishes;
}

function outcomeWishes({ id, body }: OutcomeFact, profileId: string): readonly Wish[] {
  const { outcomeKind, scenario, atMs, attributedBy } = body;
  const about = { profileId, atMs };
  // What counts for a decision's reward is told by the goal of its run.
  if (attributedBy === 'holdout' || attributedBy === 'window') return [];
  if (outcomeKind === 'clicked') return member(about, scenario, 'clicked');
  if (outcomeKind === 'replied') return member(about, scenario, 'responded');
  if (outcomeKind === 'unsubscribed') return member(about, scenario, 'unsubscribed');
  if (outcomeKind === 'complained') return [{ ...about, kind: 'complaint', id, scenario }];
  const touchKey = body.deliveryId ?? body.decisionId;
  // Without a message before it an order is nobody's doing, though the goal counts it.
  if (outcomeKind !== 'converted' || scenario === null || touchKey === null) return [];
  return [
    {
      ...about,
      kind: 'order',
      scenario,
      eventKey: body.eventId ?? id,
      amount: body.value,
      currency: body.currency,
      touchKey,
    },
  ];
}

function taskWish({ id, body }: TaskFact, profileId: string): readonly Wish[] {
  if (body.state === 'open') {
    return [{ profileId, atMs: body.createdAtMs, kind: 'taskOpen', id, task: body }];
  }
  if (body.state !== 'done') return [];
  const atMs = body.closedAtMs ?? body.createdAtMs;
  return [{ profileId, atMs, kind: 'taskDone', id, task: body }];
}

function consentWishes({ body }: ConsentFact, profileId: string): readonly Wish[] {
  const channels = body.channel === 'any' ? MESSAGE_CHANNELS : [body.channel];
  return channels.map((channel) => ({
    profileId,
    atMs: body.atMs,
    kind: 'consent',
    channel,
    purpose: body.purpose,
    statement: body,
  }));
}

function rfmWish({ version, body }: ProfileFact, profileId: string): readonly Wish[] {
  const match = RFM.exec(body.rfm);
  if (match === null || body.mergedInto !== null) return [];
  const [recency = 0, frequency = 0, monetary = 0] = match.slice(1).map(Number);
  return [
    {
      profileId,
      atMs: body.updatedAtMs,
      kind: 'scores',
      name: 'rfm',
      text: body.rfm,
      values: { recency, frequency, monetary },
      mark: version,
    },
  ];
}

function scoreWish({ body }: ScoreFact, profileId: string): readonly Wish[] {
  const { name, value, atMs, model } = body;
  // The profile's own fact tells the three of RFM in one.
  if (model === RFM_MODEL) return [];
  const text = String(value);
  return [{ profileId, atMs, kind: 'scores', name, text, values: { [name]: value }, mark: atMs }];
}

/** Kinds of fact that ask for something. */
const MAKERS: {
  readonly [Kind in FactKind]?: (fact: FactOf<Kind>, profileId: string) => readonly Wish[];
} = {
  enrolment: enrolmentWish,
  delivery: deliveryWish,
  delivery_event: deliveryEventWishes,
  outcome: outcomeWishes,
  task: taskWish,
  consent: consentWishes,
  profile: rfmWish,
  score: scoreWish,
};
