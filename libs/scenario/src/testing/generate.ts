import { contentHash, type DefinitionHash, type Duration } from '#libs/kernel';
import type {
  Definition,
  ExitRule,
  Goal,
  OnResume,
  Step,
  StepId,
  StepType,
  Trigger,
  ZonedQuestion,
} from '../definition.js';
import type { Dice } from './dice.js';

/** Every step type, in the order generated scenarios are made of. */
export const STEP_TYPES: readonly StepType[] = [
  'wait',
  'wait_until',
  'wait_for',
  'split',
  'experiment',
  'decide',
  'deliver',
  'task',
  'update',
  'emit',
  'webhook',
  'points',
  'enrol',
  'parallel',
  'repeat',
  'exit',
];

/** Names of generated events. */
export const EVENTS = ['cart_updated', 'order_completed', 'page_viewed', 'relance_segment_entered'];
const CONDITIONS = [
  'event.cart_id == entry.cart_id',
  'event.total >= 30.0',
  'profile.aggregates.orders_365d >= 3',
  "profile.country == 'FR'",
  'daysSince(profile.aggregates.last_order_at) > 10.0',
  "inSegment('vip')",
  'hourLocal() < 12',
  'entry.absent.deep == 1',
  'size(event.products) > 1 && 1 / 0 == 1',
  'vars.anything == decision.d1.action',
  'vars.called.ok',
  'vars.again.round > 1',
];
/** Segments of generated triggers. */
export const SEGMENTS = ['vip', 'dormant'];
/** Actions of generated decisions. */
export const ACTIONS = ['reminder', 'offer', 'call', 'nothing'];
/** Milliseconds of an hour. */
export const HOUR_MS = 3_600_000;

interface Draft {
  readonly dice: Dice;
  readonly steps: Record<StepId, Step>;
  readonly questions: ZonedQuestion[];
  readonly decides: StepId[];
}

/** A well-formed scenario of up to about thirty steps of every type, nested at most three deep. */
export function generatedDefinition(dice: Dice): Definition {
  const draft: Draft = { dice, steps: {}, questions: [], decides: [] };
  const start = block(draft, { depth: 0, next: null });
  const body: Omit<Definition, 'hash'> = {
    scenario: `generated-${dice.upTo(1_000)}`,
    name: { fr: 'Essai', en: 'Trial' },
    purpose: 'marketing',
    priority: dice.upTo(101),
    entry: {
      ...trigger(dice),
      reentry: dice.pick(['never', 'always', { afterMs: HOUR_MS }] as const),
      existing: 'ignore',
      ...(dice.chance(0.3) ? { key: 'event.cart_id' } : {}),
    },
    exits: dice.chance(0.5) ? [exitRule(dice)] : [],
    goal: dice.chance(0.5) ? goal(dice) : null,
    holdoutShare: 0.1,
    maxAgeMs: dice.pick([24, 30 * 24, 365 * 24]) * HOUR_MS,
    onChange: { kind: 'pin' },
    start,
    steps: draft.steps,
    reads: {
      profile: [['country'], ['aggregates', 'orders_365d'], ['aggregates', 'last_order_at']],
      account: [],
      entry: dice.chance(0.03) ? ['cart_id', 'total', 'bulk'] : ['cart_id', 'total'],
      decision: Object.fromEntries(draft.decides.map((id) => [id, ['propensity']])),
      vars: ['called', 'again'],
    },
    questions: [...draft.questions, { id: 'hourLocal()', kind: 'local_hour' }],
  };
  return { ...body, hash: contentHash(body) as DefinitionHash };
}

interface Place {
  readonly depth: number;
  readonly next: StepId | null;
}

/** A run of steps that leads to `next`, made from its end. */
function block(draft: Draft, place: Place): StepId | null {
  const length = draft.dice.upTo(place.depth === 0 ? 7 : 3) + (place.depth === 0 ? 1 : 0);
  let next = place.next;
  for (let index = 0; index < length; index += 1) {
    const type = draft.dice.pick(STEP_TYPES);
    const id = idFor(draft, type);
    draft.steps[id] = { type: 'exit', as: 'placeholder', next: null };
    draft.steps[id] = step(draft, { type, id, depth: place.depth, next });
    next = id;
  }
  return next;
}

/** Steps whose answer is kept have the names that conditions read, once each. */
function idFor({ steps }: Draft, type: StepType): StepId {
  const named = type === 'webhook' ? 'called' : type === 'repeat' ? 'again' : null;
  if (named !== null && !Object.hasOwn(steps, named)) return named;
  return `s${Object.keys(steps).length}`;
}

interface Wanted extends Place {
  readonly type: StepType;
  readonly id: StepId;
}

function step(draft: Draft, wanted: Wanted): Step {
  const { dice } = draft;
  const { next, id } = wanted;
  const inner = (): StepId | null =>
    wanted.depth >= 2 ? next : block(draft, { depth: wanted.depth + 1, next });
  /** At least one step, the last of which leads back. */
  const body = (): StepId => {
    const own = wanted.depth >= 2 ? null : block(draft, { depth: wanted.depth + 1, next: id });
    return own === null || own === id ? rest(draft, id) : own;
  };
  const onResume = dice.pick<OnResume>(['continue', 'continue', 'skip', 'exit']);
  switch (wanted.type) {
    case 'wait':
      return wait(draft, next, onResume);
    case 'wait_until':
      return { type: 'wait_until', question: asked(draft, 1), onResume, next };
    case 'wait_for':
      return {
        type: 'wait_for',
        triggers: dice.chance(0.3) ? [trigger(dice), trigger(dice)] : [trigger(dice)],
        upToMs: dice.chance(0.8) ? (1 + dice.upTo(72)) * HOUR_MS : null,
        lookback: dice.pick(['previous', 'entry'] as const),
        then: inner(),
        else: inner(),
        onResume,
        next,
      };
    case 'split':
      return {
        type: 'split',
        branches: [
          { name: 'when-1', when: dice.pick(CONDITIONS), then: inner() },
          { name: 'otherwise', when: null, then: inner() },
        ],
        next,
      };
    case 'experiment':
      return {
        type: 'experiment',
        arms: [
          { name: 'a', share: 0.4, then: inner() },
          { name: 'b', share: 0.6, then: inner() },
        ],
        next,
      };
    case 'decide':
      return decide(draft, id, next);
    case 'deliver':
      return {
        type: 'deliver',
        of: dice.chance(0.7)
          ? { decision: dice.pick(draft.decides.length > 0 ? draft.decides : ['d1']) }
          : { action: dice.pick(ACTIONS) },
        onWithheld: dice.pick(['continue', 'continue', 'exit', 'wait'] as const),
        next,
      };
    case 'task':
      return {
        type: 'task',
        for: { kind: 'owner', else: null },
        title: { fr: 'Appeler', en: 'Call' },
        note: null,
        dueInMs: 48 * HOUR_MS,
        next,
      };
    case 'update':
      return { type: 'update', traits: values(dice), next };
    case 'emit':
      return { type: 'emit', event: 'cart_abandoned', properties: values(dice), next };
    case 'webhook':
      return {
        type: 'webhook',
        to: 'erp',
        body: values(dice),
        timeoutMs: 10_000,
        onFailed: dice.pick(['continue', 'continue', 'exit'] as const),
        next,
      };
    case 'points':
      return {
        type: 'points',
        points: dice.pick([{ value: 50 }, { cel: 'entry.total / 10.0' }]),
        isTaken: dice.chance(0.3),
        reason: 'loyalty',
        next,
      };
    case 'enrol':
      return { type: 'enrol', scenario: 'another', properties: values(dice), next };
    case 'parallel':
      return {
        type: 'parallel',
        branches: [
          { name: 'one', then: body() },
          { name: 'two', then: body() },
        ],
        join: dice.pick(['all', 'any'] as const),
        next,
      };
    case 'repeat': {
      const until = dice.chance(0.5) ? dice.pick(CONDITIONS) : null;
      return { type: 'repeat', times: 1 + dice.upTo(4), until, then: body(), next };
    }
    case 'exit':
      return { type: 'exit', as: dice.pick(['done', 'returned']), next: null };
  }
}

function rest(draft: Draft, next: StepId): StepId {
  const id = `s${Object.keys(draft.steps).length}`;
  draft.steps[id] = { type: 'exit', as: 'placeholder', next: null };
  draft.steps[id] = wait(draft, next, 'continue');
  return id;
}

function values(dice: Dice): Record<string, { value: number } | { cel: string }> {
  return { known: { value: dice.upTo(9) }, computed: { cel: 'entry.total * 2.0' } };
}

function wait(draft: Draft, next: StepId | null, onResume: OnResume): Step {
  const duration: Duration = {
    amount: draft.dice.upTo(30),
    unit: draft.dice.pick(['m', 'h', 'd'] as const),
  };
  const question = duration.unit === 'd' ? { question: asked(draft, duration.amount) } : {};
  return { type: 'wait', duration, ...question, onResume, next };
}

function asked(draft: Draft, days: number): string {
  const id = `q${draft.questions.length}`;
  draft.questions.push({ id, kind: 'add_calendar_days', days });
  return id;
}

function decide(draft: Draft, id: StepId, next: StepId | null): Step {
  draft.decides.push(id);
  return {
    type: 'decide',
    actions: ACTIONS,
    model: 'betaTS',
    reward: { on: ['order_completed'], withinMs: 72 * HOUR_MS, value: 'event.total' },
    timeoutMs: 150,
    fallback: 'reminder',
    businessAsUsual: null,
    next,
  };
}

function trigger(dice: Dice): Trigger {
  const name = dice.pick(EVENTS);
  return {
    on: dice.chance(0.2) ? [...new Set([name, dice.pick(EVENTS)])] : [name],
    ...(name === 'relance_segment_entered' ? { segment: dice.pick(SEGMENTS) } : {}),
    ...(dice.chance(0.5) ? { when: dice.pick(CONDITIONS) } : {}),
  };
}

function exitRule(dice: Dice): ExitRule {
  return { ...trigger(dice), as: dice.pick(['converted', 'complaint']) };
}

function goal(dice: Dice): Goal {
  return { ...trigger(dice), withinMs: 14 * 24 * HOUR_MS, value: 'event.total' };
}
