import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawEventSchema } from '#libs/contracts';
import { truncateIp } from './context.js';
import { normaliseMessage, type CaptureFacts } from './normalise.js';
import { EVENT_MAX_BYTES } from './rejection.js';
import { readInstant } from './times.js';

const RECEIVED_MS = Date.parse('2026-11-22T12:00:00Z');
const YEAR_MS = 365 * 86_400_000;

const facts = (over: Partial<CaptureFacts> = {}): CaptureFacts => ({
  source: 'web',
  isProgram: false,
  receivedAtMs: RECEIVED_MS,
  wallMs: RECEIVED_MS,
  sentAtMs: null,
  isHistorical: false,
  hasEscapes: true,
  remoteIp: undefined,
  isBot: () => false,
  newId: () => 'made',
  ...over,
});

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom(null, '', 0, -1, Infinity, 'x'.repeat(600), '\u0000', '\ud800', [], {}, true),
);
const message = fc.record(
  {
    type: fc.constantFrom('track', 'identify', 'page', 'screen', 'group', 'alias'),
    event: fc.oneof(fc.string(), anything),
    userId: fc.oneof(fc.string(), anything),
    anonymousId: anything,
    previousId: anything,
    groupId: fc.oneof(fc.string(), anything),
    messageId: anything,
    name: anything,
    category: anything,
    timestamp: fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      anything,
    ),
    sentAt: anything,
    traits: fc.oneof(fc.dictionary(fc.string(), anything), anything),
    properties: fc.oneof(fc.dictionary(fc.string(), anything), anything),
    context: fc.oneof(
      fc.record(
        { ip: anything, userAgent: anything, library: anything, page: anything, traits: anything },
        { requiredKeys: [] },
      ),
      anything,
    ),
    ids: fc.oneof(fc.dictionary(fc.constantFrom('email', 'x_y', '__proto__'), anything), anything),
    verified: anything,
    historical: anything,
    sample: anything,
    profileId: anything,
  },
  { requiredKeys: ['type'] },
);

describe('normaliseMessage', () => {
  it('answers every message with an event of the contract, or with a code', () => {
    fc.assert(
      fc.property(message, fc.boolean(), (given, isProgram) => {
        const read = normaliseMessage(given, facts({ isProgram }));
        if (!read.ok) {
          expect(read.error).toMatch(/^[a-z_]+$/);
          return;
        }
        const stored: unknown = JSON.parse(JSON.stringify(read.value));
        expect(rawEventSchema.parse(stored)).toEqual(stored);
        expect(JSON.stringify(stored)).not.toContain('\\u0000');
        expect(JSON.stringify(stored).isWellFormed()).toBe(true);
        expect(read.value.profileId).toBeUndefined();
        if (!isProgram) expect(read.value.verified).toBeUndefined();
      }),
      { numRuns: 3_000 },
    );
  });

  it('answers whatever is no message at all', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (given) => {
        expect(normaliseMessage(given, facts()).ok).toBe(false);
      }),
    );
  });

  it('knows the size of an event exactly where it matters', () => {
    const size = fc.integer({ min: -3, max: 3 });
    fc.assert(
      fc.property(size, fc.constantFrom('x', 'é', '\n', '🙂'), (over, letter) => {
        const each = Buffer.byteLength(JSON.stringify(letter)) - 2;
        const base = { type: 'track', event: 'E', userId: 'u', properties: { a: '', b: '' } };
        const room = EVENT_MAX_BYTES - Buffer.byteLength(JSON.stringify(base)) + over;
        base.properties.a = letter.repeat(Math.floor(room / each));
        base.properties.b = 'x'.repeat(room % each);
        expect(Buffer.byteLength(JSON.stringify(base))).toBe(EVENT_MAX_BYTES + over);
        const read = normaliseMessage(base, facts({ hasEscapes: false }));
        expect(read.ok ? null : read.error).toBe(over > 0 ? 'event_too_large' : null);
      }),
    );
  });

  it('keeps time within two years before and five minutes after receipt', () => {
    const instant = fc.integer({ min: 0, max: 4_102_444_799_999 });
    fc.assert(
      fc.property(instant, fc.option(instant), fc.boolean(), (atMs, sentAtMs, isHistorical) => {
        const given = { type: 'track', event: 'E', userId: 'u', timestamp: atMs };
        const read = normaliseMessage(given, facts({ sentAtMs, isHistorical }));
        if (!read.ok) throw new Error(read.error);
        expect(read.value.atMs).toBeLessThanOrEqual(RECEIVED_MS + 300_000);
        if (!isHistorical) expect(read.value.atMs).toBeGreaterThan(RECEIVED_MS - 2.01 * YEAR_MS);
        expect(read.value.originalAtMs).toBe(atMs);
        // The day that dedupes is the client's own, whenever it is sent again.
        expect(read.value.eventDay).toBe(new Date(atMs).toISOString().slice(0, 10));
      }),
    );
  });

  it('takes the wall out of an accelerated home', () => {
    const aheadMs = 40 * 86_400_000;
    const clock = { receivedAtMs: RECEIVED_MS + aheadMs, wallMs: RECEIVED_MS };
    const given = { type: 'track', event: 'E', userId: 'u', timestamp: RECEIVED_MS - 5_000 };
    for (const sentAtMs of [RECEIVED_MS, null]) {
      const read = normaliseMessage({ ...given }, facts({ ...clock, sentAtMs }));
      expect(read).toMatchObject({ ok: true, value: { atMs: clock.receivedAtMs - 5_000 } });
    }
    const { timestamp: _none, ...undated } = given;
    expect(normaliseMessage(undated, facts(clock))).toMatchObject({
      ok: true,
      value: { atMs: clock.receivedAtMs, eventDay: '2026-11-22', hasTimestamp: false },
    });
  });
});

describe('readInstant', () => {
  it.each([
    ['2026-11-22T10:00:00.000Z', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22T10:00:00+02:00', '2026-11-22T08:00:00.000Z'],
    ['2026-11-22T10:00:00', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22 10:00:00', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22T10:00', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22T10:00:00.123456Z', '2026-11-22T10:00:00.123Z'],
    ['2026-11-22', '2026-11-22T00:00:00.000Z'],
  ])('%s', (text, instant) => {
    expect(readInstant(text)).toBe(Date.parse(instant));
  });

  it.each([null, '', 'now', '2026-13-01', '22/11/2026', '1969-12-31', Number.NaN, {}, true])(
    '%s is none',
    (value) => expect(readInstant(value)).toBeNull(),
  );
});

describe('truncateIp', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0'],
    ['::ffff:203.0.113.77', '203.0.113.0'],
    ['2001:db8:85a3:8d3:1319:8a2e:370:7348', '2001:db8:85a3::'],
    ['2001:db8::1', '2001:db8:0::'],
    ['::1', '0:0:0::'],
    ['not an address', undefined],
    ['12:34:zz::', undefined],
  ])('%s -> %s', (ip, cut) => expect(truncateIp(ip)).toBe(cut));
});
