import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  capVerdict,
  capWindows,
  FRANCE_DEFAULTS,
  inWindow,
  isLive,
  limitVerdict,
  liveUsage,
  movedReservation,
  reservationStateAfter,
  restOf,
  type CapReservation,
  windowDaysOf,
} from './index.js';

const row = (more: Partial<CapReservation>): CapReservation => ({
  commandId: 'a',
  channel: 'email',
  purpose: 'marketing',
  day: 100,
  state: 'consumed',
  expiresAtMs: 50,
  ...more,
});

const countInWindow = (days: readonly number[], end: number, windowDays: number): number =>
  days.filter((day) => inWindow(day, end, windowDays)).length;

function blocks(rows: readonly CapReservation[], channel: string, today: number): string | null {
  const windows = capWindows(FRANCE_DEFAULTS.caps, channel, 'marketing');
  if (!windows.ok) return windows.error;
  const block = capVerdict(windows.value, liveUsage(rows, 10, ['own']), today);
  return block === null ? null : `${block.channel} ${block.windowDays} ${block.used}/${block.max}`;
}

describe('windows', () => {
  it('are today and the days before', () => {
    expect(countInWindow([94, 95, 100, 101], 100, 7)).toBe(3);
    expect(countInWindow([93, 94], 100, 7)).toBe(1);
    expect(countInWindow([99, 100], 100, 1)).toBe(1);
  });
  it('are whole days; anything else is unreadable', () => {
    expect(['1d', '2w', '30d'].map(windowDaysOf)).toEqual([1, 14, 30]);
    expect(['0d', '24h', '1', '', '-1d', '1.5d'].map(windowDaysOf)).toEqual(Array(6).fill(null));
  });
  it('of N days hold each day exactly N days long', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer(), (windowDays, day) => {
        const held = Array.from({ length: 130 }, (_, index) => day - 5 + index);
        const days = held.filter((today) => countInWindow([day], today, windowDays) === 1);
        expect(days).toHaveLength(windowDays);
        expect(days[0]).toBe(day);
      }),
    );
  });
});

describe('caps', () => {
  it('name the cap that blocks, in listed order', () => {
    expect(blocks([], 'email', 100)).toBe(null);
    expect(blocks([row({})], 'email', 100)).toBe('email 1 1/1');
    expect(blocks([row({})], 'email', 101)).toBe(null);
    const three = [94, 96, 98].map((day) => row({ day }));
    expect(blocks(three, 'email', 100)).toBe('email 7 3/3');
    expect(blocks(three, 'email', 101)).toBe(null);
    expect(blocks(three, 'sms', 100)).toBe(null);
    expect(blocks([...three, row({ day: 95, channel: 'call' })], 'sms', 100)).toBe('any 7 4/4');
  });
  it('count what lives, and neither the own place nor another purpose', () => {
    expect(blocks([row({ commandId: 'own' })], 'email', 100)).toBe(null);
    expect(blocks([row({ purpose: 'transactional' })], 'email', 100)).toBe(null);
    expect(blocks([row({ state: 'released' })], 'email', 100)).toBe(null);
    expect(blocks([row({ state: 'reserved', expiresAtMs: 10 })], 'email', 100)).toBe(null);
    expect(blocks([row({ state: 'reserved', expiresAtMs: 11 })], 'email', 100)).toBe('email 1 1/1');
  });
  it('keep a place held for a later day from who would go before it', () => {
    const held = (day: number) => row({ day, state: 'reserved' });
    expect(blocks([held(101)], 'email', 100)).toBe(null);
    expect(blocks([held(101)], 'email', 101)).toBe('email 1 1/1');
    const full = [row({ day: 97 }), row({ day: 98 }), held(103)];
    expect(blocks(full, 'email', 99)).toBe('email 7 3/3');
    expect(blocks(full, 'email', 96)).toBe(null);
    expect(blocks([row({ channel: 'sms', day: 106 })], 'sms', 100)).toBe('sms 7 1/1');
    expect(blocks([row({ channel: 'sms', day: 107 })], 'sms', 100)).toBe(null);
  });
  it('that cannot be read refuse', () => {
    const cap = { channel: 'email', purpose: 'marketing', per: '1d', max: 1 };
    for (const bad of [{ per: '1h' }, { max: -1 }, { max: NaN }, { max: 1.5 }]) {
      expect(capWindows([{ ...cap, ...bad }], 'email', 'marketing').ok).toBe(false);
    }
    expect(capWindows([{ ...cap, per: 'x' }], 'sms', 'marketing').ok).toBe(true);
    expect(isLive(row({ state: 'reserved', expiresAtMs: NaN }), 10)).toBe(true);
  });
  it('never let more through than they allow, whatever the order of contacts', () => {
    const contacts = fc.array(
      fc.record({ day: fc.integer({ min: 0, max: 40 }), channel: fc.constantFrom('email', 'sms') }),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(contacts, (wanted) => {
        const sent: CapReservation[] = [];
        // In any order: a send that is put off takes its place before those that go sooner.
        for (const { day, channel } of wanted) {
          const commandId = `c${sent.length}`;
          if (blocks(sent, channel, day) === null) sent.push(row({ commandId, channel, day }));
        }
        for (let today = 0; today <= 40; today += 1) {
          const days = (channel: string): number[] =>
            sent.filter((one) => one.channel === channel).map((one) => one.day);
          expect(countInWindow(days('email'), today, 1)).toBeLessThanOrEqual(1);
          expect(countInWindow(days('email'), today, 7)).toBeLessThanOrEqual(3);
          expect(countInWindow(days('sms'), today, 7)).toBeLessThanOrEqual(1);
          expect(countInWindow([...days('email'), ...days('sms')], today, 7)).toBeLessThanOrEqual(
            4,
          );
        }
      }),
    );
  });
  it('keep the place of an uncertain or put-off send and free that of a failed one', () => {
    expect(
      (['accepted', 'uncertain', 'failed', 'withheld', 'put_off'] as const).map(
        reservationStateAfter,
      ),
    ).toEqual(['consumed', 'consumed', 'released', 'released', 'reserved']);
    const moved = movedReservation(row({ state: 'reserved' }), { untilMs: 1_000, day: 101 });
    expect(moved).toEqual(row({ state: 'reserved', day: 101, expiresAtMs: 86_401_000 }));
  });
});

describe('action limits', () => {
  const limits = { per_profile: { '30d': 1 }, total: { '1d': 2 } };
  const used = (profileDays: number[], totals: [number, number][]) =>
    limitVerdict(limits, { profileDays, totalByDay: new Map(totals) }, 100)?.scope ?? null;
  it('count the person, then everyone', () => {
    expect(used([], [])).toBe(null);
    expect(used([70], [[99, 500]])).toBe(null);
    expect(used([71], [])).toBe('per_profile');
    expect(used([], [[100, 1]])).toBe(null);
    expect(used([], [[100, 2]])).toBe('total');
  });
  it('count places held for a later day', () => {
    expect(used([129], [])).toBe('per_profile');
    expect(used([130], [])).toBe(null);
    expect(used([], [[101, 2]])).toBe(null);
  });
  it('that cannot be read refuse', () => {
    const usage = { profileDays: [], totalByDay: new Map<number, number>() };
    expect(limitVerdict({ total: { '1h': 9 } }, usage, 100)?.windowDays).toBe(0);
    expect(limitVerdict({}, usage, 100)).toBe(null);
  });
});

describe('rest of an action', () => {
  const DAY_MS = 86_400_000;
  const rest = (text: string, onDay: number): number | null => {
    // One exposure a day: i ignored, a answered.
    const exposures = [...text].map((kind, day) => ({ atMs: day * DAY_MS, ignored: kind === 'i' }));
    const rule = { ignored: 3, for: '30d' };
    const found = restOf('offer', rule, { exposures, atMs: onDay * DAY_MS });
    return found === null ? null : Number(found.untilMs) / DAY_MS;
  };
  it('begins with the last of so many ignored in a row and ends by itself', () => {
    expect(rest('ii', 5)).toBe(null);
    expect(rest('iii', 2)).toBe(32);
    expect(rest('iii', 31)).toBe(32);
    expect(rest('iii', 32)).toBe(null);
    expect(rest('iiai', 5)).toBe(null);
    expect(rest('iiaiii', 6)).toBe(35);
    expect(rest('i'.repeat(33), 33)).toBe(null);
    expect(rest('i'.repeat(35), 35)).toBe(64);
  });
});
