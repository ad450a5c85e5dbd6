import { describe, expect, it } from 'vitest';
import { present, type ProfileId } from '#libs/kernel';
import type { Definition } from './definition.js';
import { entryMatches, existingEntryMatches, reentryAllowed, SINGLE_ENTRY_KEY } from './entry.js';
import { enrolmentIdOf, existingEntryEventKey } from './ids.js';
import { initialState } from './initial-state.js';
import type { Context, InputEvent } from './input.js';
import { exitMatches, matchesWait } from './matching.js';
import { abandonedCart } from './testing/abandoned-cart.js';
import { transition } from './transition.js';
import { goalWatch, rewardWatch, watchMatches } from './watch.js';

const HOUR = 3_600_000;
const START = 1_767_225_600_000;
const definition = abandonedCart();
const context: Context = { profile: {}, account: null, answers: {}, segments: [] };
const profileId = 'p1' as ProfileId;

function event(name: string, properties: InputEvent['properties'], hours = 0): InputEvent {
  return { key: `k${hours}`, name, atMs: START + hours * HOUR, properties, historical: false };
}

const entry = event('cart_updated', { cart_id: 'c1', total: 45, extra: 'not named' });

function entered() {
  const ids = { scenario: 'abandoned-cart', profileId, entryKey: 'c1', entryEventKey: entry.key };
  const enrolmentId = enrolmentIdOf(ids);
  const before = initialState(definition, { enrolmentId, profileId, entryKey: 'c1' });
  const input = { type: 'entered', atMs: START, context, event: entry } as const;
  return transition(definition, before, input).state;
}

describe('entering', () => {
  it('gives the key, or the reason', () => {
    const tries: readonly [InputEvent, unknown][] = [
      [entry, { ok: true, value: { entryKey: 'c1' } }],
      [event('page_viewed', {}), { ok: false, error: 'other_event' }],
      [
        { ...entry, historical: true },
        { ok: false, error: 'historical' },
      ],
      [event('cart_updated', { cart_id: 'c1', total: 3 }), { ok: false, error: 'condition_false' }],
      [event('cart_updated', { cart_id: 'c1' }), { ok: false, error: 'condition_failed' }],
      [event('cart_updated', { total: 45 }), { ok: false, error: 'no_key' }],
    ];
    for (const [given, answer] of tries) {
      expect(entryMatches(definition, given, context, START)).toEqual(answer);
    }
  });

  it('is once a profile without a key', () => {
    const { key: _, ...entryRule } = definition.entry;
    const single: Definition = { ...definition, entry: entryRule };
    const answer = entryMatches(single, entry, context, START);
    expect(answer).toEqual({ ok: true, value: { entryKey: SINGLE_ENTRY_KEY } });
  });

  it('takes in members of the segment at publishing only where the entry says so', () => {
    const base = { on: ['relance_segment_entered'], segment: 'dormant', reentry: 'never' } as const;
    const enter: Definition = { ...definition, entry: { ...base, existing: 'enter' } };
    const ignore: Definition = { ...definition, entry: { ...base, existing: 'ignore' } };
    expect(existingEntryMatches(enter, context, START).ok).toBe(true);
    expect(existingEntryMatches(ignore, context, START).ok).toBe(false);
    expect(existingEntryMatches(definition, context, START).ok).toBe(false);
    expect(existingEntryEventKey(enter)).toBe(existingEntryEventKey(ignore));
  });

  it('again is never, always, or after a while', () => {
    const day = 24 * HOUR;
    const with_ = (reentry: Definition['entry']['reentry']): Definition => ({
      ...definition,
      entry: { ...definition.entry, reentry },
    });
    expect(reentryAllowed(with_('never'), null, START)).toBe(true);
    expect(reentryAllowed(with_('never'), START - 999 * day, START)).toBe(false);
    expect(reentryAllowed(with_('always'), START, START)).toBe(true);
    expect(reentryAllowed(definition, START - 7 * day, START)).toBe(true);
    expect(reentryAllowed(definition, START - 7 * day + 1, START)).toBe(false);
  });

  it('mints one id for one event, and another for another', () => {
    const parts = { scenario: 's', profileId, entryKey: 'c1', entryEventKey: 'k1' };
    expect(enrolmentIdOf(parts)).toBe(enrolmentIdOf({ ...parts }));
    expect(enrolmentIdOf(parts)).toMatch(/^[a-z2-7]{26}$/);
    for (const key of ['scenario', 'profileId', 'entryKey', 'entryEventKey'] as const) {
      expect(enrolmentIdOf({ ...parts, [key]: 'other' })).not.toBe(enrolmentIdOf(parts));
    }
  });
});

describe('prefilters', () => {
  it('answer as the transition then does', () => {
    let state = entered();
    const at = { atMs: START + 2 * HOUR, context };
    const order = event('order_completed', { cart_id: 'c1' }, 2);
    const viewed = event('cart_viewed', { cart_id: 'c1' }, 2);
    expect(exitMatches(definition, state, { type: 'event', ...at, event: order })).toBe(
      'converted',
    );
    expect(exitMatches(definition, state, { type: 'event', ...at, event: viewed })).toBe(null);
    expect(exitMatches(definition, state, { type: 'event', ...at, event: entry })).toBe(null);
    expect(matchesWait(definition, state, { type: 'event', ...at, event: viewed })).toBe(false);
    const { commandId } = state.cursors[0]?.wait ?? { commandId: undefined };
    state = transition(definition, state, {
      type: 'timer',
      ...at,
      commandId: present(commandId, 'a wait'),
    }).state;
    expect(matchesWait(definition, state, { type: 'event', ...at, event: viewed })).toBe(true);
  });
});

describe('watches', () => {
  it('find the goal in its window, with its worth, also long after the end', () => {
    const watch = present(goalWatch(definition, entered()), 'a goal');
    expect(watch).toMatchObject({
      kind: 'goal',
      on: ['order_completed'],
      fromMs: START,
      untilMs: START + 14 * 24 * HOUR,
      vars: { entry: { cart_id: 'c1', total: 45 } },
    });
    const order = (hours: number, cart = 'c1'): unknown =>
      watchMatches(
        definition,
        watch,
        event('order_completed', { cart_id: cart, total: 61.5 }, hours),
        context,
      );
    expect(order(5)).toEqual({ ok: true, value: { value: 61.5 } });
    expect(order(14 * 24)).toEqual({ ok: true, value: { value: 61.5 } });
    expect(order(14 * 24 + 1)).toEqual({ ok: false, error: 'outside_window' });
    expect(order(0)).toEqual({ ok: false, error: 'outside_window' });
    expect(order(5, 'c2')).toEqual({ ok: false, error: 'condition_false' });
    const late = { ...event('order_completed', { cart_id: 'c1', total: 9 }, 3), historical: true };
    expect(watchMatches(definition, watch, late, context).ok).toBe(true);
  });

  it('keep only what an expression needs', () => {
    const state = entered();
    const decided = { stepId: 'rescue', decisionId: 'd1', decidedAtMs: START + HOUR };
    expect(rewardWatch(definition, state, decided)).toMatchObject({
      kind: 'reward',
      decisionId: 'd1',
      untilMs: START + 73 * HOUR,
    });
    expect(rewardWatch(definition, state, { ...decided, stepId: 'wait-1' })).toBe(null);
    const bare = { ...definition, goal: { on: ['order_completed'], withinMs: HOUR } };
    expect(goalWatch(bare, state)?.vars).toEqual({ entry: {}, decisions: {}, vars: {} });
  });
});
