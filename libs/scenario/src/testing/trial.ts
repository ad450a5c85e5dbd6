import type { CommandId, ProfileId } from '#libs/kernel';
import type { Command, Transition } from '../command.js';
import type { Definition, Step, StepId } from '../definition.js';
import { enrolmentIdOf } from '../ids.js';
import { initialState } from '../initial-state.js';
import type { Context, Control, EffectResult, InputEvent } from '../input.js';
import type { State } from '../state.js';
import { transition } from '../transition.js';
import { abandonedCart } from './abandoned-cart.js';

/** Milliseconds of an hour. */
export const HOUR = 3_600_000;
/** The instant every trial begins at. */
export const START = 1_767_225_600_000;
/** Who every trial is about. */
export const profileId = 'p1' as ProfileId;
/** Id of every trial's enrolment. */
export const enrolmentId = enrolmentIdOf({
  scenario: 'abandoned-cart',
  profileId,
  entryKey: 'c1',
  entryEventKey: 'k-entry',
});

type Given =
  | { type: 'entered'; event: InputEvent | null }
  | { type: 'event'; event: InputEvent }
  | { type: 'timer'; commandId: CommandId }
  | { type: 'result'; commandId: CommandId; result: EffectResult; effectAtMs?: number }
  | { type: 'control'; control: Control };

/** The id of a command of the trial. */
export function id(step: string, visit = 1): CommandId {
  return `${enrolmentId}/${step}#${visit}` as CommandId;
}

/** An event about the trial's cart, so many hours after the start. */
export function event(
  name: string,
  hours: number,
  properties: InputEvent['properties'] = {},
): InputEvent {
  const key = `k-${name}-${hours}`;
  const cart = { cart_id: 'c1', total: 80.5, ...properties };
  return { key, name, atMs: START + hours * HOUR, properties: cart, historical: false };
}

/** One enrolment, fed by hand; times are hours after the start. */
export class Trial {
  definition: Definition = abandonedCart();
  state: State = this.fresh();
  commands: readonly Command[] = [];
  last: Transition = { state: this.state, commands: [], steps: [] };
  context: Context = {
    profile: { aggregates: { orders_365d: 4 } },
    account: null,
    answers: { evening: START + 26 * HOUR },
    segments: [],
  };

  apply(hours: number, given: Given): void {
    const input = { ...given, atMs: START + hours * HOUR, context: this.context };
    this.last = transition(this.definition, this.state, input);
    this.state = this.last.state;
    this.commands = this.last.commands;
  }

  /** A scenario of a few steps, in place of the abandoned cart. */
  made(steps: Record<StepId, Step>): void {
    this.definition = { ...abandonedCart(), steps, start: Object.keys(steps)[0] ?? null };
    this.state = this.fresh();
  }

  enter(): void {
    this.apply(0, { type: 'entered', event: { ...event('cart_updated', 0), key: 'k-entry' } });
  }

  fire(hours: number, step: string): void {
    this.apply(hours, { type: 'timer', commandId: id(step) });
  }

  happens(hours: number, name: string, properties: InputEvent['properties'] = {}): void {
    this.apply(hours, { type: 'event', event: event(name, hours, properties) });
  }

  control(hours: number, control: Control): void {
    this.apply(hours, { type: 'control', control });
  }

  decide(hours: number, action: string): void {
    this.apply(hours, {
      type: 'result',
      commandId: id('rescue'),
      result: { kind: 'decided', decisionId: 'd1', action, treatment: 'email' },
    });
  }

  types(): readonly string[] {
    return this.commands.map(({ type }) => type);
  }

  private fresh(): State {
    return initialState(this.definition, { enrolmentId, profileId, entryKey: 'c1' });
  }
}
