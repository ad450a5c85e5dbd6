import type { CommandId, EnrolmentId, JsonObject, ProfileId } from '#libs/kernel';
import type { Definition } from '../definition.js';
import { endCommandIdOf } from '../ids.js';
import type { Context, EffectResult, Input, InputEvent } from '../input.js';
import type { Cursor, State } from '../state.js';
import type { Dice } from './dice.js';
import { ACTIONS, EVENTS, HOUR_MS, SEGMENTS } from './generate.js';

const START_MS = 1_767_225_600_000;

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
  const cursor = state.cursors.find(({ wait }) => wait.commandId === commandId);
  switch (dice.upTo(dice.chance(0.1) ? 6 : 5)) {
    case 0:
      return { type: 'event', atMs, context, event: generatedEvent(dice, atMs) };
    case 1:
      return { type: 'timer', atMs, context, commandId };
    case 2:
    case 3:
      return { type: 'result', atMs, context, commandId, result: result(dice, definition, cursor) };
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
  const cursor = state.cursors[dice.upTo(state.cursors.length)];
  if (cursor === undefined || dice.chance(0.05)) return endCommandIdOf(state.enrolmentId);
  return dice.chance(0.05) ? ('gone/s0#1' as CommandId) : cursor.wait.commandId;
}

function dueOf(state: State): number | null {
  const wait = state.cursors[0]?.wait;
  return wait !== undefined && 'dueMs' in wait ? wait.dueMs : null;
}

function result(dice: Dice, definition: Definition, cursor: Cursor | undefined): EffectResult {
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
  if (type === 'webhook' && dice.chance(0.95)) {
    return dice.chance(0.7)
      ? { kind: 'called', outcome: 'answered', status: 200, body: { score: dice.upTo(9) } }
      : { kind: 'called', outcome: 'failed', status: null, reason: 'timeout' };
  }
  const outcome = dice.pick(['accepted', 'uncertain', 'failed', 'withheld'] as const);
  return { kind: 'delivered', outcome, ...(dice.chance(0.3) ? { reason: 'cap' } : {}) };
}
