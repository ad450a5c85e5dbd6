import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldName, msgKeyOf } from './event-name.js';
import { isRawEventShaped, logKeyOf, rawEventSchema, type RawEvent } from './raw-event.js';

const event: RawEvent = {
  messageId: 'm-1',
  type: 'track',
  name: 'order_completed',
  originalName: 'Order Completed',
  source: 'web',
  ids: { anonymous_id: 'a', user_id: 'u' },
  properties: { total: 129.9 },
  atMs: 1_790_000_000_000,
  originalAtMs: 1_790_000_000_000,
  receivedAtMs: 1_790_000_000_100,
  hasTimestamp: true,
  eventDay: '2026-09-21',
  historical: false,
};

describe('foldName', () => {
  it.each([
    ['Order Completed', 'order_completed'],
    ['orderCompleted', 'order_completed'],
    ['order-completed', 'order_completed'],
    ['  HTTPRequest Sent! ', 'http_request_sent'],
    ['Panier abandonné', 'panier_abandonné'],
    ['step2Done', 'step2_done'],
    ['---', ''],
  ])('%s -> %s', (given, folded) => expect(foldName(given)).toBe(folded));

  it('is idempotent', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(foldName(foldName(text))).toBe(foldName(text));
      }),
    );
  });
});

describe('raw events', () => {
  it('has a stable key per message id', () => {
    expect(msgKeyOf('m-1')).toBe(msgKeyOf('m-1'));
    expect(msgKeyOf('m-1')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('accepts a whole event by schema and by the cheap check', () => {
    expect(rawEventSchema.parse(event)).toEqual(event);
    expect(isRawEventShaped(event)).toBe(true);
    expect(rawEventSchema.safeParse({ ...event, extra: 1 }).success).toBe(false);
  });

  it.each(['messageId', 'type', 'name', 'source', 'ids', 'properties', 'atMs', 'eventDay'])(
    'the cheap check refuses an event without %s',
    (member) => {
      expect(isRawEventShaped({ ...event, [member]: undefined })).toBe(false);
    },
  );

  it('is keyed by device, then user, then any id', () => {
    expect(logKeyOf(event)).toBe('a');
    expect(logKeyOf({ ...event, ids: { user_id: 'u', email: 'e' } })).toBe('u');
    expect(logKeyOf({ ...event, ids: { email: 'e' } })).toBe('e');
    expect(logKeyOf({ ...event, ids: {}, profileId: 'p' })).toBe('p');
  });
});
