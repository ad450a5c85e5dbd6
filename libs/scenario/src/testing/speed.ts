import { type ProfileId } from '#libs/kernel';
import { enrolmentIdOf } from '../ids.js';
import { initialState } from '../initial-state.js';
import type { Context, Input, InputEvent } from '../input.js';
import { transition } from '../transition.js';
import { abandonedCart } from './abandoned-cart.js';

const HOUR_MS = 3_600_000;
const START_MS = 1_767_225_600_000;

/**
 * Runs so many enrolments through the whole abandoned cart, one after the other, and answers how
 * many steps and transitions that took. The caller holds the watch.
 */
export function runAbandonedCarts(enrolments: number): { steps: number; transitions: number } {
  const definition = abandonedCart();
  const enrolling = { ...ids(), entryKey: 'c1' };
  const inputs = inputsOf(enrolling.enrolmentId);
  let steps = 0;
  for (let count = 0; count < enrolments; count += 1) {
    let state = initialState(definition, enrolling);
    for (const input of inputs) {
      const result = transition(definition, state, input);
      state = result.state;
      for (const taken of result.steps) if (taken.result !== 'waiting') steps += 1;
    }
  }
  return { steps, transitions: enrolments * inputs.length };
}

function ids() {
  const profileId = 'p1' as ProfileId;
  const enrolmentId = enrolmentIdOf({
    scenario: 'abandoned-cart',
    profileId,
    entryKey: 'c1',
    entryEventKey: 'k1',
  });
  return { profileId, enrolmentId };
}

function inputsOf(enrolmentId: string): readonly Input[] {
  const at = (hours: number): { atMs: number; context: Context } => ({
    atMs: START_MS + hours * HOUR_MS,
    context: {
      profile: { aggregates: { orders_365d: 4 } },
      account: null,
      answers: { evening: START_MS + 26 * HOUR_MS },
      segments: [],
    },
  });
  const event: InputEvent = {
    key: 'k1',
    name: 'cart_updated',
    atMs: START_MS,
    properties: { cart_id: 'c1', total: 80.5 },
    historical: false,
  };
  const command = (name: string) =>
    `${enrolmentId}/${name}#1` as Input extends infer Any
      ? Extract<Any, { commandId: unknown }>['commandId']
      : never;
  const decided = {
    kind: 'decided',
    decisionId: 'd1',
    action: 'cart-reminder',
    treatment: 'e',
  } as const;
  return [
    { type: 'entered', ...at(0), event },
    { type: 'timer', ...at(1), commandId: command('wait-1') },
    { type: 'timer', ...at(21), commandId: command('came_back') },
    { type: 'timer', ...at(26), commandId: command('wait_until-1') },
    { type: 'result', ...at(26), commandId: command('rescue'), result: decided },
    {
      type: 'result',
      ...at(26),
      commandId: command('deliver-1'),
      result: { kind: 'delivered', outcome: 'accepted' },
    },
    { type: 'timer', ...at(99), commandId: command('wait_for-1') },
  ];
}
