import {
  contentHash,
  present,
  seededRandom,
  type CommandId,
  type DefinitionHash,
  type Duration,
  type EnrolmentId,
  type JsonObject,
  type ProfileId,
  type Random,
} from '#libs/kernel';
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
import type { Context, EffectResult, Input, InputEvent } from '../input.js';
import { endCommandIdOf } from '../ids.js';
import type { State } from '../state.js';

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
  'exit',
];

const EVENTS = ['cart_updated', 'order_completed', 'page_viewed', 'relance_segment_entered'];
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
];
const SEGMENTS = ['vip', 'dormant'];
const ACTIONS = ['reminder', 'offer', 'call', 'nothing'];
const HOUR_MS = 3_600_000;
const START_MS = 1_767_225_600_000;

/** Draws from a seeded stream. */
export interface Dice {
  readonly random: Random;
  upTo(limit: number): number;
  chance(share: number): boolean;
  pick<Value>(values: readonly Value[]): Value;
}

/** Dice of a seed: the same seed throws the same. */
export function diceOf(...seed: readonly string[]): Dice {
  const random = seededRandom(...seed);
  const upTo = (limit: number): number => Math.floor(random() * limit);
  return {
    random,
    upTo,
    chance: (share) => random() < share,
    pick: (values) => present(values[upTo(values.length)], 'something to pick'),
  };
}

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
      vars: [],
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
    const id = `s${Object.keys(draft.steps).length}`;
    draft.steps[id] = { type: 'exit', as: 'placeholder', next: null };
    draft.steps[id] = step(draft, { type, id, depth: place.depth, next });
    next = id;
  }
  return next;
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
    case 'exit':
      return { type: 'exit', as: dice.pick(['done', 'returned']), next: null };
  }
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

/** Ids of a generated enrolment. */
export function generatedEnrolling(dice: Dice): {
  enrolmentId: EnrolmentId;
  profileId: ProfileId;
  entryKey: string;
} {
  const name = `${dice.upTo(1_000_000)}`;
  return {
    enrolmentId: `e${name}` as EnrolmentId,
    profileId: `p${name}` as ProfileId,
    entryKey: name,
  };
}

/** An event with or without what the conditions ask for, around an instant. */
export function generatedEvent(dice: Dice, atMs: number): InputEvent {
  const properties: Record<string, JsonObject[string]> = {};
  if (dice.chance(0.8)) properties['cart_id'] = dice.pick(['c1', 'c2']);
  if (dice.chance(0.8)) properties['total'] = dice.upTo(100) + 0.5;
  if (dice.chance(0.1)) properties['total'] = 'not a number';
  if (dice.chance(0.2)) properties['bulk'] = 'é'.repeat(dice.upTo(6_000));
  if (dice.chance(0.7)) properties['segment'] = dice.pick(SEGMENTS);
  return {
    key: `k${dice.upTo(1_000_000)}`,
    name: dice.pick(EVENTS),
    atMs: atMs + (dice.upTo(8) - 4) * HOUR_MS,
    properties,
    historical: dice.chance(0.1),
  };
}

/** What a host would know, sometimes with holes. */
export function generatedContext(dice: Dice, definition: Definition, atMs: number): Context {
  const answers: Record<string, JsonObject[string]> = {};
  for (const question of definition.questions) {
    if (dice.chance(0.05)) continue;
    const days = question.kind === 'add_calendar_days' ? question.days : 1;
    answers[question.id] = question.kind === 'local_hour' ? 9 : atMs + days * 24 * HOUR_MS;
  }
  return {
    profile: dice.chance(0.1)
      ? {}
      : { country: 'FR', aggregates: { orders_365d: dice.upTo(6), last_order_at: START_MS } },
    account: null,
    answers,
    segments: dice.chance(0.5) ? ['vip'] : [],
  };
}

/** The next input of an enrolment: usually one it waits for, sometimes a stale or foreign one. */
export function generatedInput(dice: Dice, definition: Definition, state: State): Input {
  const dueMs = dueOf(state);
  const late = dice.chance(0.6) && dueMs !== null ? dueMs : state.lastAtMs + dice.upTo(9) * HOUR_MS;
  const atMs = Math.max(START_MS, late) - (dice.chance(0.05) ? HOUR_MS : 0);
  const context = generatedContext(dice, definition, atMs);
  if (state.enteredAtMs === null && !dice.chance(0.05)) {
    const event = dice.chance(0.1) ? null : generatedEvent(dice, atMs);
    return { type: 'entered', atMs, context, event };
  }
  const commandId = commandIdFor(dice, state);
  switch (dice.upTo(dice.chance(0.1) ? 6 : 5)) {
    case 0:
      return { type: 'event', atMs, context, event: generatedEvent(dice, atMs) };
    case 1:
      return { type: 'timer', atMs, context, commandId };
    case 2:
    case 3:
      return { type: 'result', atMs, context, commandId, result: result(dice, definition, state) };
    case 4:
      return dice.chance(0.3)
        ? { type: 'control', atMs, context, control: control(dice) }
        : { type: 'timer', atMs, context, commandId };
    default:
      return { type: 'entered', atMs, context, event: generatedEvent(dice, atMs) };
  }
}

function control(dice: Dice): Extract<Input, { type: 'control' }>['control'] {
  return dice.pick([
    { action: 'pause' },
    { action: 'pause' },
    { action: 'resume' },
    { action: 'resume' },
    { action: 'resume' },
    { action: 'profile_merged', survives: true },
    ...(dice.chance(0.3)
      ? ([
          { action: 'stop', as: 'stopped' },
          { action: 'profile_merged', survives: false },
        ] as const)
      : []),
  ] as const);
}

function commandIdFor(dice: Dice, state: State): CommandId {
  const [cursor] = state.cursors;
  if (cursor === undefined || dice.chance(0.05)) return endCommandIdOf(state.enrolmentId);
  return dice.chance(0.05) ? ('gone/s0#1' as CommandId) : cursor.wait.commandId;
}

function dueOf(state: State): number | null {
  const wait = state.cursors[0]?.wait;
  return wait !== undefined && 'dueMs' in wait ? wait.dueMs : null;
}

function result(dice: Dice, definition: Definition, state: State): EffectResult {
  const cursor = state.cursors[0];
  const type = cursor === undefined ? undefined : definition.steps[cursor.stepId]?.type;
  const isDecide = dice.chance(0.05) ? type !== 'decide' : type === 'decide';
  if (isDecide) {
    return {
      kind: 'decided',
      decisionId: `d${dice.upTo(1_000)}`,
      action: dice.chance(0.05) ? 'unknown' : dice.pick(ACTIONS),
      treatment: dice.chance(0.5) ? 'email' : null,
      fields: { propensity: dice.random(), group: 'policy' },
    };
  }
  const outcome = dice.pick(['accepted', 'uncertain', 'failed', 'withheld'] as const);
  return { kind: 'delivered', outcome, ...(dice.chance(0.3) ? { reason: 'cap' } : {}) };
}
