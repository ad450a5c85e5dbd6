import type { OpenHours } from '#libs/policy';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { LuxonCalendar } from './index.js';

const calendar = new LuxonCalendar();
const SMS: OpenHours = {
  days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
  from: '08:00',
  to: '20:00',
  holidays: 'never',
  country: 'FR',
};
const EMAIL: OpenHours = { from: '07:00', to: '21:00', country: 'FR' };

function opening(hours: OpenHours, zone: string, text: string): string | null {
  const openAtMs = calendar.nextOpening(hours, zone, Date.parse(text));
  if (openAtMs === null) return null;
  return DateTime.fromMillis(openAtMs, { zone }).toISO({ suppressMilliseconds: true });
}

describe('nextOpening', () => {
  const paris = 'Europe/Paris';
  const cases: [string, OpenHours, string, string, string | null][] = [
    ['open now', SMS, paris, '2026-11-23T12:00:00+01:00', '2026-11-23T12:00:00+01:00'],
    ['from is open', SMS, paris, '2026-11-23T08:00:00+01:00', '2026-11-23T08:00:00+01:00'],
    ['to is closed', SMS, paris, '2026-11-23T20:00:00+01:00', '2026-11-24T08:00:00+01:00'],
    ['early', SMS, paris, '2026-11-23T06:10:00+01:00', '2026-11-23T08:00:00+01:00'],
    [
      'Saturday night to Monday',
      SMS,
      paris,
      '2026-11-21T22:00:00+01:00',
      '2026-11-23T08:00:00+01:00',
    ],
    ['Sunday', SMS, paris, '2026-11-22T12:00:00+01:00', '2026-11-23T08:00:00+01:00'],
    [
      'Easter: Saturday to Tuesday',
      SMS,
      paris,
      '2026-04-04T20:30:00+02:00',
      '2026-04-07T08:00:00+02:00',
    ],
    [
      'Christmas Friday to Saturday',
      SMS,
      paris,
      '2026-12-24T21:00:00+01:00',
      '2026-12-26T08:00:00+01:00',
    ],
    [
      'over the spring change',
      SMS,
      paris,
      '2026-03-28T21:00:00+01:00',
      '2026-03-30T08:00:00+02:00',
    ],
    [
      'over the autumn change',
      EMAIL,
      paris,
      '2026-10-24T22:00:00+02:00',
      '2026-10-25T07:00:00+01:00',
    ],
    [
      'Sunday in the zone, Saturday in UTC',
      SMS,
      'Pacific/Kiritimati',
      '2026-11-21T11:00:00Z',
      '2026-11-23T08:00:00+14:00',
    ],
    [
      'Monday in the zone, Sunday in UTC',
      SMS,
      'Pacific/Kiritimati',
      '2026-11-22T20:00:00Z',
      '2026-11-23T10:00:00+14:00',
    ],
    [
      'a day of Guadeloupe alone',
      SMS,
      'America/Guadeloupe',
      '2026-05-27T12:00:00-04:00',
      '2026-05-28T08:00:00-04:00',
    ],
    [
      'opening in the gap',
      { from: '02:30', to: '05:00', country: null },
      paris,
      '2026-03-28T12:00:00Z',
      '2026-03-29T03:00:00+02:00',
    ],
    [
      'window within the gap',
      { from: '02:10', to: '02:50', country: null },
      paris,
      '2026-03-28T12:00:00Z',
      '2026-03-30T02:10:00+02:00',
    ],
    [
      'closed by the clock, opened by the change',
      { from: '01:30', to: '02:30', country: null },
      paris,
      '2026-10-25T02:40:00+02:00',
      '2026-10-25T02:00:00+01:00',
    ],
    [
      'second showing of from',
      { from: '02:15', to: '02:30', country: null },
      paris,
      '2026-10-25T02:40:00+02:00',
      '2026-10-25T02:15:00+01:00',
    ],
    [
      'over midnight',
      { from: '22:00', to: '02:00', country: null },
      paris,
      '2026-11-23T03:00:00+01:00',
      '2026-11-23T22:00:00+01:00',
    ],
    [
      'over midnight, within',
      { from: '22:00', to: '02:00', country: null },
      paris,
      '2026-11-23T01:59:00+01:00',
      '2026-11-23T01:59:00+01:00',
    ],
    [
      'over midnight into a closed Sunday',
      { ...SMS, from: '22:00', to: '02:00' },
      paris,
      '2026-11-22T00:30:00+01:00',
      '2026-11-23T00:00:00+01:00',
    ],
    [
      'all day',
      { from: '00:00', to: '24:00', country: null },
      paris,
      '2026-11-22T00:30:00+01:00',
      '2026-11-22T00:30:00+01:00',
    ],
    [
      'no length',
      { from: '08:00', to: '08:00', country: null },
      paris,
      '2026-11-22T00:30:00+01:00',
      null,
    ],
    ['no day', { ...SMS, days: [] }, paris, '2026-11-22T00:30:00+01:00', null],
    ['no time', { ...SMS, from: '8h' }, paris, '2026-11-22T00:30:00+01:00', null],
    [
      'holidays without a country',
      { ...SMS, country: null },
      paris,
      '2026-11-23T12:00:00+01:00',
      null,
    ],
    [
      'Apia skips Friday',
      { ...EMAIL, days: ['fri'] },
      'Pacific/Apia',
      '2011-12-29T23:00:00-10:00',
      '2012-01-06T07:00:00+14:00',
    ],
    [
      'Apia skips to Saturday',
      EMAIL,
      'Pacific/Apia',
      '2011-12-29T23:00:00-10:00',
      '2011-12-31T07:00:00+14:00',
    ],
    [
      'Lord Howe',
      { from: '02:10', to: '05:00', country: null },
      'Australia/Lord_Howe',
      '2026-10-04T01:50:00+10:30',
      '2026-10-04T02:30:00+11:00',
    ],
    [
      'Casablanca, first night of Ramadan',
      { from: '02:30', to: '02:45', country: null },
      'Africa/Casablanca',
      '2026-02-15T02:50:00+01:00',
      '2026-02-15T02:30:00Z',
    ],
  ];
  it.each(cases)('%s', (_name, hours, zone, text, expected) => {
    const found = opening(hours, zone, text);
    expect(found === null ? null : Date.parse(found)).toBe(
      expected === null ? null : Date.parse(expected),
    );
  });
});

const pad = (value: number): string => String(value).padStart(2, '0');
const clockText = (minute: number): string => `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;
const TRANSITIONS: readonly (readonly [string, string])[] = [
  ['Europe/Paris', '2026-03-29T01:00:00Z'],
  ['Europe/Paris', '2026-10-25T01:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Asia/Beirut', '2024-03-30T22:00:00Z'],
  ['America/Havana', '2026-03-08T05:00:00Z'],
  ['America/Havana', '2026-11-01T05:00:00Z'],
  ['America/Sao_Paulo', '2018-02-18T02:00:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00:00Z'],
];

/** Minute by minute, by Luxon's own idea of local time. */
function scan(hours: OpenHours, zone: string, atMs: number): number | null {
  const minuteOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const [from, to] = [minuteOf(hours.from), minuteOf(hours.to)];
  const names = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
  for (let minute = 0; minute <= 4 * 1440; minute += 1) {
    const local = DateTime.fromMillis(atMs + minute * 60_000, { zone });
    const now = local.hour * 60 + local.minute;
    const inside = from < to ? now >= from && now < to : now >= from || now < to;
    if (inside && hours.days?.includes(names[local.weekday - 1] ?? 'mon')) return local.toMillis();
  }
  return null;
}

describe('nextOpening beside a scan of every minute', () => {
  it('finds the same instant around clock changes', () => {
    const someDays = fc.subarray(['mon', 'wed', 'thu', 'sat', 'sun'] as const, { minLength: 3 });
    const place = fc.constantFrom(...TRANSITIONS);
    const minute = fc.integer({ min: 0, max: 1439 });
    const before = fc.integer({ min: -600, max: 2880 });
    fc.assert(
      fc.property(
        place,
        minute,
        minute,
        someDays,
        before,
        ([zone, text], from, to, days, early) => {
          fc.pre(from !== to);
          const atMs = Date.parse(text) - early * 60_000;
          const hours = { days, from: clockText(from), to: clockText(to), country: null };
          const scannedMs = scan(hours, zone, atMs);
          const foundMs = calendar.nextOpening(hours, zone, atMs);
          if (scannedMs === null)
            expect(foundMs === null || foundMs > atMs + 4 * 86_400_000).toBe(true);
          else expect(foundMs).toBe(scannedMs);
        },
      ),
      { numRuns: 400 },
    );
  });
});
