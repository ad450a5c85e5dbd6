import { beforeEach, describe, expect, it } from 'vitest';
import type { ProfileId } from '#libs/kernel';
import type { Step, StepId } from './definition.js';
import { heldOutState, initialState } from './initial-state.js';
import { Trial, event, id, enrolmentId, HOUR, profileId, START } from './testing/trial.js';
const DAY = 24 * HOUR;

let t: Trial;
beforeEach(() => {
  t = new Trial();
});

describe('a pause', () => {
  it('holds, keeps due times, and lets the overdue go on', () => {
    t.enter();
    t.control(0.5, { action: 'pause' });
    t.fire(1, 'wait-1');
    expect(t.last.ignored).toBe('paused');
    t.control(5, { action: 'resume' });
    expect(t.types()).toEqual(['disarm', 'listen', 'arm']);
    expect(t.state.cursors[0]?.stepId).toBe('came_back');
  });

  it('holds an event that matches until it is resumed', () => {
    t.enter();
    t.fire(1, 'wait-1');
    t.control(2, { action: 'pause' });
    t.happens(3, 'cart_viewed');
    expect(t.state.status).toBe('paused');
    expect(t.state.cursors[0]?.wait).toMatchObject({ kind: 'held', next: 'came_back/then/exit-1' });
    t.control(5, { action: 'resume' });
    expect(t.state.endedAs).toBe('returned');
  });

  it('still lets those go who did what the scenario is for', () => {
    t.enter();
    t.control(1, { action: 'pause' });
    t.happens(2, 'order_completed');
    expect(t.state.endedAs).toBe('converted');
  });

  it('skips the step after an overdue wait, or exits, where the step says so', () => {
    const wait = (onResume: 'skip' | 'exit'): Record<StepId, Step> => ({
      wait: { type: 'wait', duration: { amount: 1, unit: 'h' }, onResume, next: 'send' },
      send: { type: 'deliver', of: { action: 'a' }, onWithheld: 'continue', next: 'exit' },
      exit: { type: 'exit', as: 'over', next: null },
    });
    t.made(wait('skip'));
    t.enter();
    t.control(0.5, { action: 'pause' });
    t.control(3, { action: 'resume' });
    expect(t.state.endedAs).toBe('over');
    expect(t.last.steps[1]).toMatchObject({ stepId: 'send', result: 'skipped' });
    t.made(wait('exit'));
    t.enter();
    t.control(0.5, { action: 'pause' });
    t.control(3, { action: 'resume' });
    expect(t.state.endedAs).toBe('stopped');
  });
});

describe('bounds', () => {
  it('end an enrolment at its greatest age', () => {
    t.enter();
    t.apply(30 * 24, { type: 'timer', commandId: id('end') });
    expect(t.state.endedAs).toBe('max_age');
  });

  it('end one that takes too many steps at once', () => {
    t.made({ a: { type: 'emit', event: 'e', properties: {}, next: 'a' } });
    t.enter();
    expect(t.state.endedAs).toBe('step_budget_exceeded');
    expect(t.commands.filter(({ type }) => type === 'emit')).toHaveLength(100);
  });

  it('end one whose t.state grows too large, without its effects', () => {
    t.apply(0, {
      type: 'entered',
      event: event('cart_updated', 0, { cart_id: 'x'.repeat(9_000) }),
    });
    expect(t.state).toMatchObject({ status: 'ended', endedAs: 'state_too_large', entry: {} });
    expect(t.types()).toEqual(['end']);
  });

  it('never let time go back', () => {
    t.enter();
    t.fire(1, 'wait-1');
    t.apply(0.2, { type: 'event', event: event('cart_viewed', 2) });
    expect(t.state.lastAtMs).toBe(START + HOUR);
  });
});

describe('the held-out', () => {
  it('run no step, and end with the goal’s window', () => {
    t.state = heldOutState(t.definition, { enrolmentId, profileId, entryKey: 'c1' });
    t.enter();
    expect(t.commands).toEqual([{ type: 'arm', commandId: id('end'), dueMs: START + 14 * DAY }]);
    t.happens(1, 'order_completed');
    expect(t.last.ignored).toBe('held_out');
    t.apply(14 * 24, { type: 'timer', commandId: id('end') });
    expect(t.state).toMatchObject({ status: 'ended', endedAs: 'max_age' });
  });
});

describe('a delivery', () => {
  const deliver = (onWithheld: 'continue' | 'exit' | 'wait'): void =>
    t.made({
      send: { type: 'deliver', of: { action: 'a' }, onWithheld, next: 'over' },
      over: { type: 'exit', as: 'over', next: null },
    });
  const answer = (outcome: 'uncertain' | 'withheld' | 'failed'): void =>
    t.apply(1, {
      type: 'result',
      commandId: id('send'),
      result: { kind: 'delivered', outcome, reason: 'cap' },
    });

  it('goes on whatever became of it, where nothing else is said', () => {
    for (const outcome of ['uncertain', 'withheld', 'failed'] as const) {
      deliver('continue');
      t.enter();
      expect(t.commands[0]).toMatchObject({ type: 'deliver', treatment: null, decision: null });
      answer(outcome);
      expect(t.state.endedAs).toBe('over');
      expect(t.last.steps[0]).toMatchObject({ result: outcome, branch: 'cap' });
    }
  });

  it('exits when withheld, where the step says so', () => {
    deliver('exit');
    t.enter();
    answer('withheld');
    expect(t.state.endedAs).toBe('withheld');
  });

  it('is tried again a day later as a new visit, where the step waits', () => {
    deliver('wait');
    t.enter();
    answer('withheld');
    expect(t.commands).toEqual([{ type: 'arm', commandId: id('send'), dueMs: START + 25 * HOUR }]);
    t.fire(25, 'send');
    expect(t.commands).toMatchObject([{ type: 'deliver', commandId: id('send', 2) }]);
  });
});

describe('an experiment', () => {
  it('gives a profile the same arm in every version, in proportion to the shares', () => {
    const arms = [
      { name: 'a', share: 0.3, then: 'x' },
      { name: 'b', share: 0.7, then: 'x' },
    ];
    t.made({
      test: { type: 'experiment', arms, next: 'x' },
      x: { type: 'exit', as: 'x', next: null },
    });
    let first = 0;
    for (let person = 0; person < 2_000; person += 1) {
      const enrolling = { enrolmentId, profileId: `p${person}` as ProfileId, entryKey: 'c1' };
      t.state = initialState(t.definition, enrolling);
      t.enter();
      const exposed = t.commands.find(({ type }) => type === 'expose');
      if (exposed?.type === 'expose' && exposed.arm === 'a') first += 1;
    }
    expect(first / 2_000).toBeGreaterThan(0.27);
    expect(first / 2_000).toBeLessThan(0.33);
  });
});

describe('values', () => {
  it('are computed, and left out where they cannot be', () => {
    t.made({
      set: {
        type: 'update',
        traits: { a: { value: 1 }, b: { cel: 'entry.total * 2.0' }, c: { cel: 'entry.no.no' } },
        next: 'say',
      },
      say: { type: 'emit', event: 'said', properties: { x: { cel: 'entry.cart_id' } }, next: null },
    });
    t.enter();
    expect(t.commands).toEqual([
      { type: 'update', commandId: id('set'), traits: { a: 1, b: 161 } },
      { type: 'emit', commandId: id('say'), event: 'said', properties: { x: 'c1' } },
      { type: 'end', commandId: id('end'), as: 'done' },
    ]);
  });
});

describe('a merge', () => {
  it('ends the younger enrolment and leaves the older alone', () => {
    t.enter();
    t.control(1, { action: 'profile_merged', survives: true });
    expect(t.state.status).toBe('running');
    t.control(2, { action: 'profile_merged', survives: false });
    expect(t.state.endedAs).toBe('merged');
  });
});
