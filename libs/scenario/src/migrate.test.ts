import { beforeEach, describe, expect, it } from 'vitest';
import type { Definition, Step, StepId } from './definition.js';
import { migrate, stepAfter, type Versions } from './migrate.js';
import { event, HOUR, id, START, Trial } from './testing/trial.js';

let t: Trial;
beforeEach(() => {
  t = new Trial();
});

/** The trial's version, and one with changes to migrate to. */
function versions(
  steps: Readonly<Record<StepId, Step>>,
  redirects: Readonly<Record<StepId, StepId>> = {},
): Versions {
  const onChange = { kind: 'migrate', redirects } as const;
  const to = { ...t.definition, hash: 'next' as Definition['hash'], steps, onChange };
  return { from: t.definition, to };
}

const atMs = START + HOUR / 2;

describe('migrating', () => {
  it('moves a timer to the step of the redirect, its due time kept, and tells both steps', () => {
    t.enter();
    const { 'wait-1': wait, ...rest } = t.definition.steps;
    if (wait === undefined) throw new Error('the trial has no wait-1');
    const both = versions({ ...rest, first_hour: wait }, { 'wait-1': 'first_hour' });
    const moved = migrate(both, t.state, atMs);
    if (!moved.ok) throw new Error(moved.error);
    const { commands, state, steps } = moved.value;
    expect(commands).toMatchObject([{ type: 'arm', commandId: id('end') }]);
    expect(steps).toMatchObject([
      { stepId: 'wait-1', visit: 1, result: 'cut_short', branch: 'migrated', leftAtMs: atMs },
      { stepId: 'first_hour', visit: 1, result: 'waiting', enteredAtMs: START },
    ]);
    t.definition = both.to;
    t.state = state;
    t.fire(1, 'wait-1');
    expect(t.last.steps[0]).toMatchObject({ stepId: 'first_hour', result: 'done' });
    expect(t.state.cursors[0]?.stepId).toBe('came_back');
  });

  it('leaves a step of the same name as it is: nothing is told of it', () => {
    t.enter();
    const moved = migrate(versions(t.definition.steps), t.state, atMs);
    if (!moved.ok) throw new Error(moved.error);
    expect(moved.value.steps).toEqual([]);
    expect(moved.value.state).toEqual({ ...t.state, definition: 'next', lastAtMs: atMs });
    t.fire(1, 'wait-1');
    const waiting = migrate(versions(t.definition.steps), t.state, t.state.lastAtMs);
    if (!waiting.ok) throw new Error(waiting.error);
    expect(waiting.value.state.cursors).toEqual(t.state.cursors);
  });

  it('listens anew for the new triggers, from the same mark to the same end', () => {
    t.enter();
    t.fire(1, 'wait-1');
    const came = t.definition.steps['came_back'] as Extract<Step, { type: 'wait_for' }>;
    const both = versions({
      ...t.definition.steps,
      came_back: { ...came, triggers: [{ on: ['page_viewed'] }] },
    });
    const moved = migrate(both, t.state, START + 3 * HOUR);
    if (!moved.ok) throw new Error(moved.error);
    const mark = { atMs: START, eventKey: 'k-entry' };
    expect(moved.value.commands).toMatchObject([
      { type: 'unlisten', commandId: id('came_back') },
      { type: 'disarm', commandId: id('came_back') },
      { type: 'listen', commandId: id('came_back', 2), on: ['page_viewed'], mark },
      { type: 'arm', commandId: id('came_back', 2), dueMs: START + 21 * HOUR },
      { type: 'arm', commandId: id('end') },
    ]);
    // Later than the mark, or a host would see no past to look back to.
    expect(moved.value.state.lastAtMs).toBe(START + 3 * HOUR);
    expect(moved.value.steps.map(({ visit, result }) => [visit, result])).toEqual([
      [1, 'cut_short'],
      [2, 'waiting'],
    ]);
    t.definition = both.to;
    t.state = moved.value.state;
    t.apply(3, { type: 'event', event: event('page_viewed', 2) });
    expect(t.state.endedAs).toBe('returned');
  });

  it('takes a decision along under the new name of its step', () => {
    const { rescue, ...rest } = t.definition.steps;
    if (rescue === undefined) throw new Error('the trial has no rescue');
    const both = versions({ ...rest, saving: rescue }, { rescue: 'saving' });
    const taken = { decisionId: 'd1', action: 'cart-reminder', treatment: 'email' };
    t.enter();
    const moved = migrate(both, { ...t.state, decisions: { rescue: taken } }, atMs);
    expect(moved.ok && moved.value.state.decisions).toEqual({ saving: taken });
  });

  it('refuses what it would have to guess', () => {
    expect(migrate(versions(t.definition.steps), t.state, atMs)).toEqual({
      ok: false,
      error: 'not_entered',
    });
    t.enter();
    const { 'wait-1': _, ...rest } = t.definition.steps;
    expect(migrate(versions(rest), t.state, atMs)).toEqual({ ok: false, error: 'unmapped_step' });
    const exit: Step = { type: 'exit', as: 'x', next: null };
    const other = versions({ ...rest, 'wait-1': exit });
    expect(migrate(other, t.state, atMs)).toEqual({ ok: false, error: 'unfit_step' });
    const pinned = { from: t.definition, to: t.definition };
    expect(migrate(pinned, t.state, atMs)).toEqual({ ok: false, error: 'pinned' });
    t.control(1, { action: 'stop', as: 'stopped' });
    expect(migrate(other, t.state, atMs)).toEqual({ ok: false, error: 'ended' });
  });

  it('lets a wait go on in a wait of another kind, and an answer only in a step that asks alike', () => {
    const { steps } = t.definition;
    const until: Step = {
      type: 'wait_until',
      question: 'evening',
      onResume: 'continue',
      next: null,
    };
    expect(stepAfter(versions({ ...steps, 'wait-1': until }), 'wait-1').ok).toBe(true);
    const rescue = steps['deliver-1'] ?? steps['rescue'];
    if (rescue === undefined) throw new Error('the trial has no such step');
    const crossed = versions(steps, { rescue: 'deliver-1' });
    expect(stepAfter(crossed, 'rescue')).toEqual({ ok: false, error: 'unfit_step' });
  });
});
