import { beforeEach, describe, expect, it } from 'vitest';
import type { CommandId, ProfileId } from '#libs/kernel';
import type { Command, Transition } from './command.js';
import type { Definition, Step, StepId } from './definition.js';
import { enrolmentIdOf } from './ids.js';
import { heldOutState, initialState } from './initial-state.js';
import type { Context, Control, EffectResult, InputEvent } from './input.js';
import type { State } from './state.js';
import { abandonedCart } from './testing/abandoned-cart.js';
import { transition } from './transition.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = 1_767_225_600_000;

const profileId = 'p1' as ProfileId;
const enrolmentId = enrolmentIdOf({
  scenario: 'abandoned-cart',
  profileId,
  entryKey: 'c1',
  entryEventKey: 'k-entry',
});

let definition: Definition;
let state: State;
let commands: readonly Command[];
let last: Transition;
let context: Context;

beforeEach(() => {
  definition = abandonedCart();
  state = initialState(definition, { enrolmentId, profileId, entryKey: 'c1' });
  commands = [];
  context = {
    profile: { aggregates: { orders_365d: 4 } },
    account: null,
    answers: { evening: START + 26 * HOUR },
    segments: [],
  };
});

type Given =
  | { type: 'entered'; event: InputEvent | null }
  | { type: 'event'; event: InputEvent }
  | { type: 'timer'; commandId: CommandId }
  | { type: 'result'; commandId: CommandId; result: EffectResult; effectAtMs?: number }
  | { type: 'control'; control: Control };

function apply(hours: number, given: Given): void {
  last = transition(definition, state, { ...given, atMs: START + hours * HOUR, context });
  state = last.state;
  commands = last.commands;
}

function event(name: string, hours: number, properties: InputEvent['properties'] = {}): InputEvent {
  const key = `k-${name}-${hours}`;
  const cart = { cart_id: 'c1', total: 80.5, ...properties };
  return { key, name, atMs: START + hours * HOUR, properties: cart, historical: false };
}

const id = (step: string, visit = 1): CommandId => `${enrolmentId}/${step}#${visit}` as CommandId;
const enter = (): void =>
  apply(0, { type: 'entered', event: { ...event('cart_updated', 0), key: 'k-entry' } });
const fire = (hours: number, step: string): void =>
  apply(hours, { type: 'timer', commandId: id(step) });
const happens = (hours: number, name: string, properties = {}): void =>
  apply(hours, { type: 'event', event: event(name, hours, properties) });
const control = (hours: number, given: Control): void =>
  apply(hours, { type: 'control', control: given });
const decide = (hours: number, action: string): void =>
  apply(hours, {
    type: 'result',
    commandId: id('rescue'),
    result: { kind: 'decided', decisionId: 'd1', action, treatment: 'email' },
  });
const types = (): string[] => commands.map(({ type }) => type);

/** A scenario of a few steps, in place of the abandoned cart. */
function made(steps: Record<StepId, Step>, more: Partial<Definition> = {}): void {
  definition = { ...abandonedCart(), steps, start: Object.keys(steps)[0] ?? null, ...more };
  state = initialState(definition, { enrolmentId, profileId, entryKey: 'c1' });
}

describe('the abandoned cart, from end to end', () => {
  it('reminds in the evening, then hands over to the rep', () => {
    enter();
    expect(commands).toEqual([
      { type: 'arm', commandId: id('wait-1'), dueMs: START + HOUR },
      { type: 'arm', commandId: id('end'), dueMs: START + 30 * DAY },
    ]);
    expect(state.entry).toEqual({ cart_id: 'c1', total: 80.5 });

    fire(1, 'wait-1');
    expect(commands).toEqual([
      {
        type: 'listen',
        commandId: id('came_back'),
        on: ['cart_viewed'],
        segments: [],
        mark: { atMs: START, eventKey: 'k-entry' },
        untilMs: START + 21 * HOUR,
      },
      { type: 'arm', commandId: id('came_back'), dueMs: START + 21 * HOUR },
    ]);

    fire(21, 'came_back');
    expect(commands).toEqual([
      { type: 'unlisten', commandId: id('came_back') },
      { type: 'arm', commandId: id('wait_until-1'), dueMs: START + 26 * HOUR },
    ]);

    fire(26, 'wait_until-1');
    expect(commands).toMatchObject([
      {
        type: 'decide',
        commandId: id('rescue'),
        actions: ['cart-reminder', 'cart-offer-10', 'nothing'],
        entry: { cart_id: 'c1', total: 80.5 },
        timeoutMs: 150,
        fallback: 'cart-reminder',
      },
    ]);

    decide(26, 'cart-offer-10');
    expect(commands).toMatchObject([
      {
        type: 'deliver',
        commandId: id('deliver-1'),
        action: 'cart-offer-10',
        treatment: 'email',
        decision: { stepId: 'rescue', decisionId: 'd1' },
      },
    ]);

    apply(27, {
      type: 'result',
      commandId: id('deliver-1'),
      result: { kind: 'delivered', outcome: 'accepted' },
      effectAtMs: START + 26.5 * HOUR,
    });
    expect(commands[0]).toMatchObject({
      type: 'listen',
      mark: { atMs: START + 26.5 * HOUR, eventKey: '' },
    });

    fire(27 + 72, 'wait_for-1');
    expect(commands).toMatchObject([
      { type: 'unlisten' },
      { type: 'task', commandId: id('task-1'), dueMs: START + (27 + 72 + 48) * HOUR },
      { type: 'end', commandId: id('end'), as: 'done' },
    ]);
    expect(last.steps.map(({ stepId, result, branch }) => [stepId, result, branch])).toEqual([
      ['wait_for-1', 'timed_out', undefined],
      ['split-1', 'done', 'when-1'],
      ['task-1', 'done', undefined],
      ['exit-1', 'done', 'done'],
    ]);
    expect(state).toMatchObject({ status: 'ended', endedAs: 'done', cursors: [] });
  });

  it('exits from anywhere when the cart is ordered, and closes what is open', () => {
    enter();
    fire(1, 'wait-1');
    happens(3, 'order_completed', { cart_id: 'other' });
    expect(last.ignored).toBe('no_match');
    happens(4, 'order_completed');
    expect(types()).toEqual(['unlisten', 'disarm', 'end']);
    expect(state.endedAs).toBe('converted');
    expect(last.steps).toMatchObject([{ stepId: 'came_back', result: 'cut_short' }]);
  });

  it('exits by a segment entered', () => {
    enter();
    happens(1, 'relance_segment_entered', { segment: 'vip' });
    expect(state.status).toBe('running');
    happens(2, 'relance_segment_entered', { segment: 'complaint_open' });
    expect(state.endedAs).toBe('complaint');
  });

  it('does nothing and goes on at once where nothing was decided', () => {
    enter();
    fire(1, 'wait-1');
    fire(21, 'came_back');
    fire(26, 'wait_until-1');
    decide(26, 'nothing');
    expect(types()).toEqual(['listen', 'arm']);
    expect(last.steps.map(({ result }) => result)).toEqual(['decided', 'nothing', 'waiting']);
  });

  it('passes a wait for a time that is now', () => {
    context = { ...context, answers: { evening: START + 21 * HOUR } };
    enter();
    fire(1, 'wait-1');
    fire(21, 'came_back');
    expect(types()).toEqual(['unlisten', 'decide']);
  });
});

describe('a wait for an event', () => {
  it('looks back to the entry, and never at the entry event itself', () => {
    enter();
    fire(1, 'wait-1');
    const viewed = event('cart_viewed', 0.5);
    apply(1, { type: 'event', event: viewed });
    expect(state.endedAs).toBe('returned');
  });

  it('leaves alone what came before its mark, what came late, and history', () => {
    enter();
    fire(1, 'wait-1');
    apply(2, { type: 'event', event: event('cart_viewed', -1) });
    expect(last.ignored).toBe('before_mark');
    apply(22, { type: 'event', event: event('cart_viewed', 21) });
    expect(last.ignored).toBe('after_due');
    apply(2, { type: 'event', event: { ...event('cart_viewed', 2), historical: true } });
    expect(last.ignored).toBe('historical');
    expect(last).toMatchObject({ commands: [], steps: [] });
  });

  it('counts for the next wait what this one was too late for', () => {
    const wait = (then: StepId): Step => ({
      type: 'wait_for',
      triggers: [{ on: ['cart_viewed'] }],
      upToMs: HOUR,
      lookback: 'previous',
      then,
      else: then,
      onResume: 'continue',
      next: then,
    });
    made({ one: wait('two'), two: wait('three'), three: { type: 'exit', as: 'x', next: null } });
    enter();
    apply(1.5, { type: 'event', event: event('cart_viewed', 1.2) });
    expect(last.ignored).toBe('after_due');
    fire(1.6, 'one');
    expect(commands[1]).toMatchObject({ type: 'listen', mark: { atMs: START + HOUR } });
    apply(1.6, { type: 'event', event: event('cart_viewed', 1.2) });
    expect(state.endedAs).toBe('x');
  });
});

describe('inputs that do not fit', () => {
  it('change nothing and say why', () => {
    happens(0, 'cart_viewed');
    expect(last.ignored).toBe('not_entered');
    enter();
    const before = state;
    enter();
    expect(last.ignored).toBe('already_entered');
    fire(2, 'came_back');
    expect(last.ignored).toBe('unknown_command');
    decide(2, 'cart-reminder');
    expect(last.ignored).toBe('unknown_command');
    control(2, { action: 'resume' });
    expect(last.ignored).toBe('not_paused');
    expect(state).toBe(before);
    control(2, { action: 'stop', as: 'stopped' });
    fire(3, 'wait-1');
    expect(last.ignored).toBe('ended');
  });

  it('arm an early timer again', () => {
    enter();
    fire(0.5, 'wait-1');
    expect(last.ignored).toBe('not_due');
    expect(commands).toEqual([{ type: 'arm', commandId: id('wait-1'), dueMs: START + HOUR }]);
  });

  it('refuse an answer that is no candidate’s', () => {
    enter();
    fire(1, 'wait-1');
    fire(21, 'came_back');
    fire(26, 'wait_until-1');
    decide(26, 'something-else');
    expect(last.ignored).toBe('result_does_not_fit');
  });

  it('refuse another version’s state', () => {
    enter();
    definition = { ...definition, hash: 'other' as Definition['hash'] };
    fire(1, 'wait-1');
    expect(last.ignored).toBe('other_definition');
  });
});

describe('a pause', () => {
  it('holds, keeps due times, and lets the overdue go on', () => {
    enter();
    control(0.5, { action: 'pause' });
    fire(1, 'wait-1');
    expect(last.ignored).toBe('paused');
    control(5, { action: 'resume' });
    expect(types()).toEqual(['disarm', 'listen', 'arm']);
    expect(state.cursors[0]?.stepId).toBe('came_back');
  });

  it('holds an event that matches until it is resumed', () => {
    enter();
    fire(1, 'wait-1');
    control(2, { action: 'pause' });
    happens(3, 'cart_viewed');
    expect(state.status).toBe('paused');
    expect(state.cursors[0]?.wait).toMatchObject({ kind: 'held', next: 'came_back/then/exit-1' });
    control(5, { action: 'resume' });
    expect(state.endedAs).toBe('returned');
  });

  it('still lets those go who did what the scenario is for', () => {
    enter();
    control(1, { action: 'pause' });
    happens(2, 'order_completed');
    expect(state.endedAs).toBe('converted');
  });

  it('skips the step after an overdue wait, or exits, where the step says so', () => {
    const wait = (onResume: 'skip' | 'exit'): Record<StepId, Step> => ({
      wait: { type: 'wait', duration: { amount: 1, unit: 'h' }, onResume, next: 'send' },
      send: { type: 'deliver', of: { action: 'a' }, onWithheld: 'continue', next: 'exit' },
      exit: { type: 'exit', as: 'over', next: null },
    });
    made(wait('skip'));
    enter();
    control(0.5, { action: 'pause' });
    control(3, { action: 'resume' });
    expect(state.endedAs).toBe('over');
    expect(last.steps[1]).toMatchObject({ stepId: 'send', result: 'skipped' });
    made(wait('exit'));
    enter();
    control(0.5, { action: 'pause' });
    control(3, { action: 'resume' });
    expect(state.endedAs).toBe('stopped');
  });
});

describe('bounds', () => {
  it('end an enrolment at its greatest age', () => {
    enter();
    apply(30 * 24, { type: 'timer', commandId: id('end') });
    expect(state.endedAs).toBe('max_age');
  });

  it('end one that takes too many steps at once', () => {
    made({ a: { type: 'emit', event: 'e', properties: {}, next: 'a' } });
    enter();
    expect(state.endedAs).toBe('step_budget_exceeded');
    expect(commands.filter(({ type }) => type === 'emit')).toHaveLength(100);
  });

  it('end one whose state grows too large, without its effects', () => {
    apply(0, { type: 'entered', event: event('cart_updated', 0, { cart_id: 'x'.repeat(9_000) }) });
    expect(state).toMatchObject({ status: 'ended', endedAs: 'state_too_large', entry: {} });
    expect(types()).toEqual(['end']);
  });

  it('never let time go back', () => {
    enter();
    fire(1, 'wait-1');
    apply(0.2, { type: 'event', event: event('cart_viewed', 2) });
    expect(state.lastAtMs).toBe(START + HOUR);
  });
});

describe('the held-out', () => {
  it('run no step, and end with the goal’s window', () => {
    state = heldOutState(definition, { enrolmentId, profileId, entryKey: 'c1' });
    enter();
    expect(commands).toEqual([{ type: 'arm', commandId: id('end'), dueMs: START + 14 * DAY }]);
    happens(1, 'order_completed');
    expect(last.ignored).toBe('held_out');
    apply(14 * 24, { type: 'timer', commandId: id('end') });
    expect(state).toMatchObject({ status: 'ended', endedAs: 'max_age' });
  });
});

describe('a delivery', () => {
  const deliver = (onWithheld: 'continue' | 'exit' | 'wait'): void =>
    made({
      send: { type: 'deliver', of: { action: 'a' }, onWithheld, next: 'over' },
      over: { type: 'exit', as: 'over', next: null },
    });
  const answer = (outcome: 'uncertain' | 'withheld' | 'failed'): void =>
    apply(1, {
      type: 'result',
      commandId: id('send'),
      result: { kind: 'delivered', outcome, reason: 'cap' },
    });

  it('goes on whatever became of it, where nothing else is said', () => {
    for (const outcome of ['uncertain', 'withheld', 'failed'] as const) {
      deliver('continue');
      enter();
      expect(commands[0]).toMatchObject({ type: 'deliver', treatment: null, decision: null });
      answer(outcome);
      expect(state.endedAs).toBe('over');
      expect(last.steps[0]).toMatchObject({ result: outcome, branch: 'cap' });
    }
  });

  it('exits when withheld, where the step says so', () => {
    deliver('exit');
    enter();
    answer('withheld');
    expect(state.endedAs).toBe('withheld');
  });

  it('is tried again a day later as a new visit, where the step waits', () => {
    deliver('wait');
    enter();
    answer('withheld');
    expect(commands).toEqual([{ type: 'arm', commandId: id('send'), dueMs: START + 25 * HOUR }]);
    fire(25, 'send');
    expect(commands).toMatchObject([{ type: 'deliver', commandId: id('send', 2) }]);
  });
});

describe('an experiment', () => {
  it('gives a profile the same arm in every version, in proportion to the shares', () => {
    const arms = [
      { name: 'a', share: 0.3, then: 'x' },
      { name: 'b', share: 0.7, then: 'x' },
    ];
    made({
      test: { type: 'experiment', arms, next: 'x' },
      x: { type: 'exit', as: 'x', next: null },
    });
    let first = 0;
    for (let person = 0; person < 2_000; person += 1) {
      const enrolling = { enrolmentId, profileId: `p${person}` as ProfileId, entryKey: 'c1' };
      state = initialState(definition, enrolling);
      enter();
      const exposed = commands.find(({ type }) => type === 'expose');
      if (exposed?.type === 'expose' && exposed.arm === 'a') first += 1;
    }
    expect(first / 2_000).toBeGreaterThan(0.27);
    expect(first / 2_000).toBeLessThan(0.33);
  });
});

describe('values', () => {
  it('are computed, and left out where they cannot be', () => {
    made({
      set: {
        type: 'update',
        traits: { a: { value: 1 }, b: { cel: 'entry.total * 2.0' }, c: { cel: 'entry.no.no' } },
        next: 'say',
      },
      say: { type: 'emit', event: 'said', properties: { x: { cel: 'entry.cart_id' } }, next: null },
    });
    enter();
    expect(commands).toEqual([
      { type: 'update', commandId: id('set'), traits: { a: 1, b: 161 } },
      { type: 'emit', commandId: id('say'), event: 'said', properties: { x: 'c1' } },
      { type: 'end', commandId: id('end'), as: 'done' },
    ]);
  });
});

describe('a merge', () => {
  it('ends the younger enrolment and leaves the older alone', () => {
    enter();
    control(1, { action: 'profile_merged', survives: true });
    expect(state.status).toBe('running');
    control(2, { action: 'profile_merged', survives: false });
    expect(state.endedAs).toBe('merged');
  });
});
