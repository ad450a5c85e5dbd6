import { beforeEach, describe, expect, it } from 'vitest';
import type { Definition, Step, StepId } from './definition.js';
import { Trial, event, id, HOUR, START } from './testing/trial.js';
const DAY = 24 * HOUR;

let t: Trial;
beforeEach(() => {
  t = new Trial();
});

describe('the abandoned cart, from end to end', () => {
  it('reminds in the evening, then hands over to the rep', () => {
    t.enter();
    expect(t.commands).toEqual([
      { type: 'arm', commandId: id('wait-1'), dueMs: START + HOUR },
      { type: 'arm', commandId: id('end'), dueMs: START + 30 * DAY },
    ]);
    expect(t.state.entry).toEqual({ cart_id: 'c1', total: 80.5 });

    t.fire(1, 'wait-1');
    expect(t.commands).toEqual([
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

    t.fire(21, 'came_back');
    expect(t.commands).toEqual([
      { type: 'unlisten', commandId: id('came_back') },
      { type: 'arm', commandId: id('wait_until-1'), dueMs: START + 26 * HOUR },
    ]);

    t.fire(26, 'wait_until-1');
    expect(t.commands).toMatchObject([
      {
        type: 'decide',
        commandId: id('rescue'),
        actions: ['cart-reminder', 'cart-offer-10', 'nothing'],
        entry: { cart_id: 'c1', total: 80.5 },
        timeoutMs: 150,
        fallback: 'cart-reminder',
      },
    ]);

    t.decide(26, 'cart-offer-10');
    expect(t.commands).toMatchObject([
      {
        type: 'deliver',
        commandId: id('deliver-1'),
        action: 'cart-offer-10',
        treatment: 'email',
        decision: { stepId: 'rescue', decisionId: 'd1' },
      },
    ]);

    t.apply(27, {
      type: 'result',
      commandId: id('deliver-1'),
      result: { kind: 'delivered', outcome: 'accepted' },
      effectAtMs: START + 26.5 * HOUR,
    });
    expect(t.commands[0]).toMatchObject({
      type: 'listen',
      mark: { atMs: START + 26.5 * HOUR, eventKey: '' },
    });

    t.fire(27 + 72, 'wait_for-1');
    expect(t.commands).toMatchObject([
      { type: 'unlisten' },
      { type: 'task', commandId: id('task-1'), dueMs: START + (27 + 72 + 48) * HOUR },
      { type: 'end', commandId: id('end'), as: 'done' },
    ]);
    expect(t.last.steps.map(({ stepId, result, branch }) => [stepId, result, branch])).toEqual([
      ['wait_for-1', 'timed_out', undefined],
      ['split-1', 'done', 'when-1'],
      ['task-1', 'done', undefined],
      ['exit-1', 'done', 'done'],
    ]);
    expect(t.state).toMatchObject({ status: 'ended', endedAs: 'done', cursors: [] });
  });

  it('exits from anywhere when the cart is ordered, and closes what is open', () => {
    t.enter();
    t.fire(1, 'wait-1');
    t.happens(3, 'order_completed', { cart_id: 'other' });
    expect(t.last.ignored).toBe('no_match');
    t.happens(4, 'order_completed');
    expect(t.types()).toEqual(['unlisten', 'disarm', 'end']);
    expect(t.state.endedAs).toBe('converted');
    expect(t.last.steps).toMatchObject([{ stepId: 'came_back', result: 'cut_short' }]);
  });

  it('exits by a segment entered', () => {
    t.enter();
    t.happens(1, 'relance_segment_entered', { segment: 'vip' });
    expect(t.state.status).toBe('running');
    t.happens(2, 'relance_segment_entered', { segment: 'complaint_open' });
    expect(t.state.endedAs).toBe('complaint');
  });

  it('does nothing and goes on at once where nothing was decided', () => {
    t.enter();
    t.fire(1, 'wait-1');
    t.fire(21, 'came_back');
    t.fire(26, 'wait_until-1');
    t.decide(26, 'nothing');
    expect(t.types()).toEqual(['listen', 'arm']);
    expect(t.last.steps.map(({ result }) => result)).toEqual(['decided', 'nothing', 'waiting']);
  });

  it('passes a wait for a time that is now', () => {
    t.context = { ...t.context, answers: { evening: START + 21 * HOUR } };
    t.enter();
    t.fire(1, 'wait-1');
    t.fire(21, 'came_back');
    expect(t.types()).toEqual(['unlisten', 'decide']);
  });
});

describe('a wait for an event', () => {
  it('looks back to the entry, and never at the entry event itself', () => {
    t.enter();
    t.fire(1, 'wait-1');
    const viewed = event('cart_viewed', 0.5);
    t.apply(1, { type: 'event', event: viewed });
    expect(t.state.endedAs).toBe('returned');
  });

  it('leaves alone what came before its mark, what came late, and history', () => {
    t.enter();
    t.fire(1, 'wait-1');
    t.apply(2, { type: 'event', event: event('cart_viewed', -1) });
    expect(t.last.ignored).toBe('before_mark');
    t.apply(22, { type: 'event', event: event('cart_viewed', 21) });
    expect(t.last.ignored).toBe('after_due');
    t.apply(2, { type: 'event', event: { ...event('cart_viewed', 2), historical: true } });
    expect(t.last.ignored).toBe('historical');
    expect(t.last).toMatchObject({ commands: [], steps: [] });
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
    t.made({ one: wait('two'), two: wait('three'), three: { type: 'exit', as: 'x', next: null } });
    t.enter();
    t.apply(1.5, { type: 'event', event: event('cart_viewed', 1.2) });
    expect(t.last.ignored).toBe('after_due');
    t.fire(1.6, 'one');
    expect(t.commands[1]).toMatchObject({ type: 'listen', mark: { atMs: START + HOUR } });
    t.apply(1.6, { type: 'event', event: event('cart_viewed', 1.2) });
    expect(t.state.endedAs).toBe('x');
  });
});

describe('inputs that do not fit', () => {
  it('change nothing and say why', () => {
    t.happens(0, 'cart_viewed');
    expect(t.last.ignored).toBe('not_entered');
    t.enter();
    const before = t.state;
    t.enter();
    expect(t.last.ignored).toBe('already_entered');
    t.fire(2, 'came_back');
    expect(t.last.ignored).toBe('unknown_command');
    t.decide(2, 'cart-reminder');
    expect(t.last.ignored).toBe('unknown_command');
    t.control(2, { action: 'resume' });
    expect(t.last.ignored).toBe('not_paused');
    expect(t.state).toBe(before);
    t.control(2, { action: 'stop', as: 'stopped' });
    t.fire(3, 'wait-1');
    expect(t.last.ignored).toBe('ended');
  });

  it('arm an early timer again', () => {
    t.enter();
    t.fire(0.5, 'wait-1');
    expect(t.last.ignored).toBe('not_due');
    expect(t.commands).toEqual([{ type: 'arm', commandId: id('wait-1'), dueMs: START + HOUR }]);
  });

  it('refuse an answer that is no candidate’s', () => {
    t.enter();
    t.fire(1, 'wait-1');
    t.fire(21, 'came_back');
    t.fire(26, 'wait_until-1');
    t.decide(26, 'something-else');
    expect(t.last.ignored).toBe('result_does_not_fit');
  });

  it('refuse another version’s state', () => {
    t.enter();
    t.definition = { ...t.definition, hash: 'other' as Definition['hash'] };
    t.fire(1, 'wait-1');
    expect(t.last.ignored).toBe('other_definition');
  });
});
