import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FRANCE_DEFAULTS,
  isSuppressing,
  suppressionFor,
  type AddressFailure,
  type Suppression,
} from './index.js';

const rule = FRANCE_DEFAULTS.suppress;
const fault = (kind: AddressFailure['kind'], day: number): AddressFailure => ({
  kind,
  day,
  atMs: day * 1_000,
});

describe('suppressionFor', () => {
  it('takes a complaint before a hard bounce before soft ones', () => {
    expect(suppressionFor([], rule)).toBe(null);
    const hard = fault('hard_bounce', 3);
    expect(suppressionFor([hard], rule)).toEqual({ reason: 'hard_bounce', sinceMs: 3_000 });
    const both = [hard, fault('complaint', 9)];
    expect(suppressionFor(both, rule)).toEqual({ reason: 'complaint', sinceMs: 9_000 });
  });
  it('counts soft bounces within local days', () => {
    const soft = (...days: number[]) => days.map((day) => fault('soft_bounce', day));
    expect(suppressionFor(soft(1, 2), rule)).toBe(null);
    expect(suppressionFor(soft(1, 2, 31), rule)).toBe(null);
    expect(suppressionFor(soft(1, 2, 30), rule)).toEqual({
      reason: 'soft_bounces',
      sinceMs: 30_000,
    });
    const broken = { soft_bounces: { count: 3, per: 'a month' } };
    expect(suppressionFor(soft(1, 200, 400), broken)?.reason).toBe('soft_bounces');
    expect(suppressionFor(soft(1, 2, 3), {})).toBe(null);
  });
  it('does not depend on order and never lifts by more failures', () => {
    const one = fc.record({
      kind: fc.constantFrom('hard_bounce', 'soft_bounce', 'complaint'),
      day: fc.integer({ min: 0, max: 90 }),
    });
    const history = fc.array(one, { maxLength: 8 }).chain((rows) => {
      const failures = rows.map(({ kind, day }) => fault(kind, day));
      const shuffled = fc.shuffledSubarray(failures, { minLength: failures.length });
      return fc.tuple(fc.constant(failures), shuffled);
    });
    const hard = { ...rule, hard_bounces: 2 };
    fc.assert(
      fc.property(history, ([rows, shuffled]) => {
        const verdict = suppressionFor(rows, hard);
        expect(suppressionFor(shuffled, hard)).toEqual(verdict);
        if (verdict !== null) {
          expect(suppressionFor([...rows, fault('soft_bounce', 45)], hard)).not.toBe(null);
        }
      }),
    );
  });
});

describe('isSuppressing', () => {
  const base: Suppression = {
    kind: 'address',
    key: 'hash',
    reason: 'unsubscribed',
    channel: 'email',
    purpose: 'marketing',
    sinceMs: 0,
    untilMs: null,
  };
  const scope = { channel: 'email', purpose: 'marketing', action: 'offer' };
  const cases: [string, Partial<Suppression>, boolean][] = [
    ['as it is', {}, true],
    ['of another channel', { channel: 'sms' }, false],
    ['of another purpose', { purpose: 'survey' }, false],
    ['of every channel and purpose', { channel: null, purpose: null }, true],
    ['ended', { untilMs: 10 }, false],
    ['ending later', { untilMs: 11 }, true],
    ['with an unreadable end', { untilMs: NaN }, true],
    ['of this action', { kind: 'action', key: 'offer' }, true],
    ['of another action', { kind: 'action', key: 'other' }, false],
  ];
  it.each(cases)('%s', (_name, more, expected) => {
    expect(isSuppressing({ ...base, ...more }, scope, 10)).toBe(expected);
  });
});
