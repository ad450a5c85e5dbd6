import fc from 'fast-check';
import { msOf } from '#libs/kernel';
import { describe, expect, it } from 'vitest';
import { attribute, attributeAll, LAST_TOUCH, type Touch } from './attribute.js';
import { rewardOf, type RewardSpec } from './reward.js';
import { fallsInWindow, isWindowClosed, watchWindow } from './watches.js';

const DAY = msOf('1d');
const ORDER = { eventId: 'e1', atMs: 100 * DAY };

function touch(deliveryId: string, extra: Partial<Touch> = {}): Touch {
  return {
    deliveryId,
    decisionId: `d-${deliveryId}`,
    enrolmentId: 'n1',
    scenario: 'cart',
    group: 'policy',
    channel: 'email',
    state: 'delivered',
    acceptedAtMs: 95 * DAY,
    humanAtMs: [],
    ...extra,
  };
}

const anyTouch: fc.Arbitrary<Touch> = fc
  .record({
    deliveryId: fc.string({ minLength: 1, maxLength: 3 }),
    group: fc.constantFrom('policy' as const, 'holdout' as const, 'random_control' as const),
    state: fc.constantFrom('accepted', 'delivered', 'bounced', 'failed', 'uncertain'),
    acceptedAtMs: fc.integer({ min: 80, max: 105 }).map((day) => day * DAY),
    humanAtMs: fc.array(fc.integer({ min: 80, max: 105 }).map((day) => day * DAY)),
  })
  .map(({ deliveryId, ...rest }) => touch(deliveryId, rest));

describe('attribute', () => {
  it('prefers the last human response to a later delivery without one', () => {
    const clicked = touch('clicked', { acceptedAtMs: 90 * DAY, humanAtMs: [91 * DAY, 101 * DAY] });
    const later = touch('later', { acceptedAtMs: 99 * DAY });
    expect(attribute(ORDER, [later, clicked])).toMatchObject({
      deliveryId: 'clicked',
      attributedBy: 'last_touch',
      touchAtMs: 91 * DAY,
      delayMs: 9 * DAY,
    });
    expect(attribute(ORDER, [later])).toMatchObject({ attributedBy: 'view_through' });
    const strict = { ...LAST_TOUCH, isViewThroughAllowed: false };
    expect(attribute(ORDER, [later], strict)).toBeNull();
  });

  it('credits nothing outside the window, to the held-out or to what did not arrive', () => {
    expect(attribute(ORDER, [touch('old', { acceptedAtMs: 86 * DAY - 1 })])).toBeNull();
    expect(attribute(ORDER, [touch('edge', { acceptedAtMs: 86 * DAY })])).not.toBeNull();
    expect(attribute(ORDER, [touch('after', { acceptedAtMs: 100 * DAY + 1 })])).toBeNull();
    expect(
      attribute(ORDER, [touch('held', { group: 'holdout', humanAtMs: [99 * DAY] })]),
    ).toBeNull();
    expect(attribute(ORDER, [touch('back', { state: 'bounced' })])).toBeNull();
  });

  it('holds its promises for any touches, in any order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyTouch, { selector: (one) => one.deliveryId }), (touches) => {
        const credit = attribute(ORDER, touches);
        expect(attribute(ORDER, touches.toReversed())).toEqual(credit);
        if (credit === null) return;
        expect(credit.delayMs).toBeGreaterThanOrEqual(0);
        expect(credit.delayMs).toBeLessThanOrEqual(LAST_TOUCH.windowMs);
        const winner = touches.find((one) => one.deliveryId === credit.deliveryId);
        expect(winner?.group).not.toBe('holdout');
        expect(['accepted', 'delivered']).toContain(winner?.state);
      }),
    );
  });

  it('gives one credit an order', () => {
    const events = [
      { eventId: 'e2', atMs: 101 * DAY, orderId: 'o1' },
      { eventId: 'e1', atMs: 100 * DAY, orderId: 'o1' },
      { eventId: 'e3', atMs: 102 * DAY },
    ];
    const credits = attributeAll(events, [touch('a')]);
    expect(credits.map((credit) => credit.eventId)).toEqual(['e1', 'e3']);
  });
});

describe('rewardOf', () => {
  const decision = { decisionId: 'd1', atMs: 10 * DAY };
  const spec: RewardSpec = { reward: 'order', withinMs: 3 * DAY, counts: 'first' };
  const order = (day: number, value = 50) => ({ outcomeId: `o${day}`, atMs: day * DAY, value });

  it('waits while the horizon is open and ends with a final 0', () => {
    expect(rewardOf(decision, [], spec, 13 * DAY)).toBeNull();
    expect(rewardOf(decision, [order(14)], spec, 13 * DAY + 1)).toEqual({
      decisionId: 'd1',
      reward: 'order',
      value: 0,
      success: 0,
      maturedAtMs: 13 * DAY,
      isFinal: true,
    });
  });

  it('takes the first outcome at once, or adds all up until the horizon', () => {
    const both = [order(12, 70), order(11, 50), order(11, 50), order(10, 999)];
    expect(rewardOf(decision, both, spec, 12 * DAY)).toMatchObject({
      value: 50,
      success: 1,
      maturedAtMs: 11 * DAY,
      isFinal: true,
    });
    const all = { ...spec, counts: 'all', capValue: 100 } as const;
    expect(rewardOf(decision, both, all, 12 * DAY)).toMatchObject({ value: 100, isFinal: false });
    expect(rewardOf(decision, both, all, 14 * DAY)).toMatchObject({ value: 100, isFinal: true });
  });
});

describe('windows', () => {
  it('are open from after their start to their end, by name and the time of the event', () => {
    const window = watchWindow('goal', 'n1', 'order_completed', { fromMs: 10, withinMs: 5 });
    const at = (atMs: number) => fallsInWindow(window, { name: 'order_completed', atMs });
    expect([10, 11, 15, 16].map(at)).toEqual([false, true, true, false]);
    expect(fallsInWindow(window, { name: 'visited', atMs: 12 })).toBe(false);
    expect([15, 16].map((nowMs) => isWindowClosed(window, nowMs))).toEqual([false, true]);
  });
});
