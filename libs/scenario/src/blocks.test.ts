import { describe, expect, it } from 'vitest';
import type { Step, StepId } from './definition.js';
import { event, HOUR, id, START, Trial } from './testing/trial.js';

const hours = (amount: number, next: StepId | null): Step => ({
  type: 'wait',
  duration: { amount, unit: 'h' },
  onResume: 'continue',
  next,
});

const until = (on: string, next: StepId | null, more: Partial<Step> = {}): Step =>
  ({
    type: 'wait_for',
    triggers: [{ on: [on] }],
    upToMs: null,
    lookback: 'previous',
    then: next,
    else: next,
    onResume: 'continue',
    next,
    ...more,
  }) as Step;

const both = (join: 'all' | 'any', next: StepId | null = 'after'): Step => ({
  type: 'parallel',
  branches: [
    { name: 'left', then: 'left' },
    { name: 'right', then: 'right' },
  ],
  join,
  next,
});

const after = hours(1, null);

function trialOf(steps: Record<StepId, Step>): Trial {
  const trial = new Trial();
  trial.made(steps);
  trial.enter();
  return trial;
}

const standsOn = (trial: Trial): readonly string[] =>
  trial.state.cursors.map(({ stepId, visit }) => `${stepId}#${visit}`);

const taken = (trial: Trial): readonly string[] =>
  trial.last.steps.map(({ stepId, result, branch }) => [stepId, result, branch].join(' ').trim());

describe('parallel', () => {
  it('goes on with the last branch of all', () => {
    const trial = trialOf({
      both: both('all'),
      left: hours(1, 'both'),
      right: hours(3, 'both'),
      after,
    });
    expect(standsOn(trial)).toEqual(['left#1', 'right#1']);
    expect(taken(trial)).toEqual(['both waiting', 'left waiting', 'right waiting']);
    trial.fire(1, 'left');
    expect(standsOn(trial)).toEqual(['right#1']);
    trial.fire(3, 'right');
    expect(standsOn(trial)).toEqual(['after#1']);
    expect(taken(trial)).toEqual(['right done', 'both joined', 'after waiting']);
    expect(trial.state.cursors[0]).not.toHaveProperty('within');
  });

  it('goes on with the first of any, and cuts the others short with what they have not sent', () => {
    const deliver: Step = {
      type: 'deliver',
      of: { action: 'reminder' },
      onWithheld: 'continue',
      next: 'both',
    };
    const trial = trialOf({
      both: {
        ...both('any'),
        branches: [
          { name: 'left', then: 'left' },
          { name: 'right', then: 'right' },
          { name: 'third', then: 'third' },
        ],
      } as Step,
      left: hours(1, 'both'),
      right: deliver,
      third: until('paid', 'both', { upToMs: 9 * HOUR }),
      after,
    });
    trial.fire(1, 'left');
    expect(taken(trial)).toEqual([
      'left done',
      'right cut_short',
      'third cut_short',
      'both joined left',
      'after waiting',
    ]);
    const closed = trial.commands.map(({ type, commandId }) => `${type} ${commandId}`);
    expect(closed).toEqual(
      [
        `disarm ${id('left')}`,
        `cancel ${id('right')}`,
        `unlisten ${id('third')}`,
        `disarm ${id('third')}`,
        `arm ${id('after')}`,
      ].filter((each) => !each.startsWith(`disarm ${id('left')}`)),
    );
    trial.apply(2, {
      type: 'result',
      commandId: id('right'),
      result: { kind: 'delivered', outcome: 'accepted' },
    });
    expect(trial.last.ignored).toBe('unknown_command');
  });

  it('does not begin the branches after one that is through at once', () => {
    const emit: Step = { type: 'emit', event: 'seen', properties: {}, next: 'both' };
    const trial = trialOf({ both: both('any'), left: emit, right: hours(3, 'both'), after });
    expect(standsOn(trial)).toEqual(['after#1']);
    expect(trial.state.visits).not.toHaveProperty('right');
  });

  it('joins all at once where no branch waits', () => {
    const emit: Step = { type: 'emit', event: 'seen', properties: {}, next: 'both' };
    const trial = trialOf({ both: both('all', null), left: emit, right: emit });
    expect(trial.state).toMatchObject({ status: 'ended', endedAs: 'done', cursors: [] });
    expect(trial.types().filter((type) => type === 'emit')).toHaveLength(2);
  });

  it('ends the whole enrolment where one branch exits', () => {
    const trial = trialOf({
      both: both('all'),
      left: hours(1, 'out'),
      out: { type: 'exit', as: 'returned', next: null },
      right: hours(3, 'both'),
      after,
    });
    trial.fire(1, 'left');
    expect(trial.state).toMatchObject({ status: 'ended', endedAs: 'returned', cursors: [] });
    expect(taken(trial)).toEqual([
      'left done',
      'out done returned',
      'right cut_short',
      'both cut_short',
    ]);
  });

  it('wakes every branch that waits for the same event, and each of them once', () => {
    const trial = trialOf({
      both: both('all'),
      left: until('paid', 'left-2'),
      'left-2': until('paid', 'both'),
      right: until('paid', 'both'),
      after,
    });
    trial.happens(1, 'paid');
    expect(standsOn(trial)).toEqual(['left-2#1']);
    trial.happens(1, 'paid');
    expect(trial.last.ignored).toBe('before_mark');
    trial.happens(2, 'paid');
    expect(standsOn(trial)).toEqual(['after#1']);
  });

  it('looks back in each branch to the end of its own last wait', () => {
    const deliver: Step = {
      type: 'deliver',
      of: { action: 'reminder' },
      onWithheld: 'continue',
      next: 'left-2',
    };
    const trial = trialOf({
      both: both('all'),
      left: deliver,
      'left-2': until('clicked', 'both'),
      right: until('paid', 'right-2'),
      'right-2': hours(9, 'both'),
      after,
    });
    trial.happens(4, 'paid');
    const result = { kind: 'delivered', outcome: 'accepted' } as const;
    const sent = { type: 'result', commandId: id('left'), result } as const;
    trial.apply(5, { ...sent, effectAtMs: START + HOUR });
    const listen = trial.commands.find(({ type }) => type === 'listen');
    expect(listen).toMatchObject({ mark: { atMs: START + HOUR } });
    trial.apply(5, { type: 'event', event: event('clicked', 2) });
    expect(standsOn(trial)).toEqual(['right-2#1']);
  });

  it('holds all branches in a pause, and goes on with each', () => {
    const trial = trialOf({
      both: both('all'),
      left: until('paid', 'both'),
      right: hours(3, 'both'),
      after,
    });
    trial.control(1, { action: 'pause' });
    trial.happens(2, 'paid');
    expect(trial.state.cursors.map(({ wait }) => wait.kind)).toEqual(['timer', 'held']);
    trial.fire(3, 'right');
    expect(trial.last.ignored).toBe('paused');
    trial.control(4, { action: 'resume' });
    expect(standsOn(trial)).toEqual(['after#1']);
  });
});

describe('repeat', () => {
  const again = (times: number, cel: string | null = null): Step => ({
    type: 'repeat',
    times,
    until: cel,
    then: 'body',
    next: 'after',
  });

  it('goes round so many times, each round with ids of its own', () => {
    const trial = trialOf({ again: again(2), body: hours(1, 'again'), after });
    expect(standsOn(trial)).toEqual(['body#1']);
    trial.fire(1, 'body');
    expect(standsOn(trial)).toEqual(['body#2']);
    trial.apply(2, { type: 'timer', commandId: id('body', 2) });
    expect(taken(trial)).toEqual(['body done', 'again done times', 'after waiting']);
  });

  it('tests until before each round, the first too', () => {
    const trial = trialOf({ again: again(9, 'entry.total > 1.0'), body: hours(1, 'again'), after });
    expect(taken(trial)).toEqual(['again waiting', 'again done until', 'after waiting']);
  });

  it('tells conditions which round it is, where they ask', () => {
    const trial = new Trial();
    trial.made({ again: again(9, 'vars.again.round >= 2'), body: hours(1, 'again'), after });
    trial.definition = {
      ...trial.definition,
      reads: { ...trial.definition.reads, vars: ['again'] },
    };
    trial.enter();
    trial.fire(1, 'body');
    expect(trial.state.vars).toEqual({ again: { round: 2 } });
    trial.apply(2, { type: 'timer', commandId: id('body', 2) });
    expect(standsOn(trial)).toEqual(['after#1']);
  });

  it('begins anew each time it is entered, inside another and inside a branch', () => {
    const inner: Step = { type: 'repeat', times: 2, until: null, then: 'body', next: 'both' };
    const trial = trialOf({
      again: { ...again(2), then: 'both' } as Step,
      both: {
        ...both('all', 'again'),
        branches: [
          { name: 'left', then: 'inner' },
          { name: 'right', then: 'right' },
        ],
      } as Step,
      inner,
      body: hours(1, 'inner'),
      right: hours(1, 'both'),
      after,
    });
    for (let visit = 1; visit <= 4; visit += 1) {
      trial.apply(visit * 2, { type: 'timer', commandId: id('body', visit) });
      if (visit % 2 === 1) {
        trial.apply(visit * 2, { type: 'timer', commandId: id('right', (visit + 1) / 2) });
      }
    }
    expect(standsOn(trial)).toEqual(['after#1']);
    expect(trial.state.visits).toMatchObject({ again: 1, both: 2, inner: 2, body: 4, right: 2 });
  });

  it('ends as step_budget_exceeded where rounds take no time', () => {
    const emit: Step = { type: 'emit', event: 'seen', properties: {}, next: 'again' };
    const trial = trialOf({ again: again(100), body: emit, after });
    expect(trial.state).toMatchObject({ status: 'ended', endedAs: 'step_budget_exceeded' });
  });
});

describe('webhook', () => {
  const call = (onFailed: 'continue' | 'exit' = 'continue'): Step => ({
    type: 'webhook',
    to: 'erp',
    body: { cart: { cel: 'entry.cart_id' }, none: { cel: 'entry.absent' }, fixed: { value: 1 } },
    timeoutMs: 5_000,
    onFailed,
    next: 'after',
  });

  function called(onFailed: 'continue' | 'exit', vars: readonly string[] = ['call']): Trial {
    const trial = new Trial();
    trial.made({ call: call(onFailed), after });
    const reads = { ...trial.definition.reads, vars, entry: ['cart_id', 'total'] };
    trial.definition = { ...trial.definition, reads };
    trial.enter();
    return trial;
  }

  it('asks with what can be had, and keeps the answer where it is read', () => {
    const trial = called('continue');
    expect(trial.commands[0]).toMatchObject({ to: 'erp', body: { cart: 'c1', fixed: 1 } });
    const result = {
      kind: 'called',
      outcome: 'answered',
      status: 201,
      body: { score: 4 },
    } as const;
    trial.apply(1, { type: 'result', commandId: id('call'), result });
    expect(taken(trial)).toEqual(['call answered', 'after waiting']);
    expect(trial.state.vars).toEqual({ call: { ok: true, status: 201, body: { score: 4 } } });
  });

  it('keeps nothing that nobody reads', () => {
    const trial = called('continue', []);
    const result = { kind: 'called', outcome: 'answered', status: 200, body: { a: 1 } } as const;
    trial.apply(1, { type: 'result', commandId: id('call'), result });
    expect(trial.state.vars).toEqual({});
  });

  it('goes on or ends where the call failed, as the step says', () => {
    const result = { kind: 'called', outcome: 'failed', status: 500, reason: 'status' } as const;
    for (const onFailed of ['continue', 'exit'] as const) {
      const trial = called(onFailed);
      trial.apply(1, { type: 'result', commandId: id('call'), result });
      const endedAs = onFailed === 'exit' ? 'webhook_failed' : null;
      expect(trial.state.endedAs).toBe(endedAs);
    }
  });

  it('takes no answer that is another step’s', () => {
    const trial = called('continue');
    const result = { kind: 'delivered', outcome: 'accepted' } as const;
    trial.apply(1, { type: 'result', commandId: id('call'), result });
    expect(trial.last.ignored).toBe('result_does_not_fit');
  });
});

describe('points and enrol', () => {
  const points = (given: object, isTaken = false): Trial =>
    trialOf({
      points: { type: 'points', points: given, isTaken, reason: 'welcome', next: 'after' } as Step,
      after,
    });

  it('adds and takes whole points', () => {
    expect(points({ value: 50 }).commands[0]).toMatchObject({ type: 'points', points: 50 });
    expect(points({ value: 50 }, true).commands[0]).toMatchObject({ points: -50 });
  });

  it('moves none where there is no number, or less than one', () => {
    for (const given of [{ value: 'x' }, { value: 0.9 }, { value: -5 }, { cel: '1 / 0' }]) {
      const trial = points(given);
      expect(trial.types()).not.toContain('points');
      expect(taken(trial)[0]).toBe('points nothing');
    }
    expect(points({ value: 1e12 }).commands[0]).toMatchObject({ points: 1_000_000 });
  });

  it('asks another scenario, and goes on', () => {
    const trial = trialOf({
      other: { type: 'enrol', scenario: 'b2b', properties: { why: { value: 'x' } }, next: 'after' },
      after,
    });
    const asked = {
      type: 'enrol',
      commandId: id('other'),
      scenario: 'b2b',
      properties: { why: 'x' },
    };
    expect(trial.commands[0]).toEqual(asked);
    expect(taken(trial)).toEqual(['other done b2b', 'after waiting']);
  });
});
