import { beforeEach, describe, expect, it } from 'vitest';
import type { Definition, Step, StepId } from './definition.js';
import { migrate } from './migrate.js';
import { event, HOUR, id, START, Trial } from './testing/trial.js';

let t: Trial;
beforeEach(() => {
  t = new Trial();
});

/** The trial's version with changes, to migrate to. */
function version(
  steps: Readonly<Record<StepId, Step>>,
  redirects: Readonly<Record<StepId, StepId>> = {},
): Definition {
  const onChange = { kind: 'migrate', redirects } as const;
  return { ...t.definition, hash: 'next' as Definition['hash'], steps, onChange };
}

describe('migrating', () => {
  it('moves a timer to the step of the same id or of the redirect, its due time kept', () => {
    t.enter();
    const { 'wait-1': wait, ...rest } = t.definition.steps;
    if (wait === undefined) throw new Error('the trial has no wait-1');
    const next = version({ ...rest, first_hour: wait }, { 'wait-1': 'first_hour' });
    const moved = migrate(next, t.state);
    expect(moved.ok).toBe(true);
    if (!moved.ok) return;
    t.definition = next;
    t.state = moved.value.state;
    expect(moved.value.commands).toMatchObject([{ type: 'arm', commandId: id('end') }]);
    t.fire(1, 'wait-1');
    expect(t.last.steps[0]).toMatchObject({ stepId: 'first_hour', result: 'done' });
    expect(t.state.cursors[0]?.stepId).toBe('came_back');
  });

  it('listens anew for the new triggers, from the same mark to the same end', () => {
    t.enter();
    t.fire(1, 'wait-1');
    const came = t.definition.steps['came_back'] as Extract<Step, { type: 'wait_for' }>;
    const next = version({
      ...t.definition.steps,
      came_back: { ...came, triggers: [{ on: ['page_viewed'] }] },
    });
    const moved = migrate(next, t.state);
    if (!moved.ok) throw new Error(moved.error);
    const mark = { atMs: START, eventKey: 'k-entry' };
    expect(moved.value.commands).toMatchObject([
      { type: 'unlisten', commandId: id('came_back') },
      { type: 'disarm', commandId: id('came_back') },
      { type: 'listen', commandId: id('came_back', 2), on: ['page_viewed'], mark },
      { type: 'arm', commandId: id('came_back', 2), dueMs: START + 21 * HOUR },
      { type: 'arm', commandId: id('end') },
    ]);
    t.definition = next;
    t.state = moved.value.state;
    t.apply(2, { type: 'event', event: event('page_viewed', 2) });
    expect(t.state.endedAs).toBe('returned');
  });

  it('refuses what it would have to guess', () => {
    expect(migrate(version(t.definition.steps), t.state)).toEqual({
      ok: false,
      error: 'not_entered',
    });
    t.enter();
    const { 'wait-1': _, ...rest } = t.definition.steps;
    expect(migrate(version(rest), t.state)).toEqual({ ok: false, error: 'unmapped_step' });
    const exit: Step = { type: 'exit', as: 'x', next: null };
    const other = version({ ...rest, 'wait-1': exit });
    expect(migrate(other, t.state)).toEqual({ ok: false, error: 'unfit_step' });
    expect(migrate(t.definition, t.state)).toEqual({ ok: false, error: 'pinned' });
    t.control(1, { action: 'stop', as: 'stopped' });
    expect(migrate(other, t.state)).toEqual({ ok: false, error: 'ended' });
  });
});
