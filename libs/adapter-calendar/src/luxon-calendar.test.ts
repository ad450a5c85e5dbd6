import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { LuxonCalendar } from './index.js';

const calendar = new LuxonCalendar();
const at = (text: string): number => Date.parse(text);
const shown = (atMs: number | null, zone: string): string | null =>
  atMs === null ? null : DateTime.fromMillis(atMs, { zone }).toISO({ suppressMilliseconds: true });

const ZONES = [
  'Europe/Paris',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Pacific/Kiritimati',
  'Pacific/Apia',
  'America/Guadeloupe',
  'America/Havana',
  'Asia/Beirut',
  'America/St_Johns',
  'Asia/Kathmandu',
  'America/New_York',
  'Pacific/Chatham',
  'Africa/Cairo',
  'America/Sao_Paulo',
  'UTC',
];
const anyZone = fc.constantFrom(...ZONES);
const anyInstant = fc.integer({ min: at('2008-01-01T00:00:00Z'), max: at('2031-01-01T00:00:00Z') });

describe('zones', () => {
  it('knows a zone by name and refuses the rest', () => {
    expect(ZONES.every((zone) => calendar.isZone(zone))).toBe(true);
    const bad = ['', 'Mars/Olympus', 'Europe/Paris ', '../etc', 'local', 'x'.repeat(500)];
    expect(bad.filter((zone) => calendar.isZone(zone))).toEqual([]);
  });
});

describe('local date and hour', () => {
  it('agrees with Luxon at any instant', () => {
    fc.assert(
      fc.property(anyZone, anyInstant, (zone, atMs) => {
        const local = DateTime.fromMillis(atMs, { zone });
        expect(calendar.localDate(atMs, zone)).toBe(local.toISODate());
        expect(calendar.localHour(atMs, zone)).toBe(local.hour);
        const days = Date.parse(`${local.toISODate()}T00:00:00Z`) / 86_400_000;
        expect(calendar.localDay(atMs, zone)).toBe(days);
      }),
      { numRuns: 2_000 },
    );
  });

  it('starts a day at its first instant', () => {
    fc.assert(
      fc.property(anyZone, anyInstant, (zone, atMs) => {
        const day = calendar.localDay(atMs, zone);
        const startMs = calendar.dayStartMs(day, zone);
        expect(startMs).toBeLessThanOrEqual(atMs);
        expect(calendar.localDay(startMs, zone)).toBe(day);
        expect(calendar.localDay(startMs - 1, zone)).toBeLessThan(day);
      }),
      { numRuns: 2_000 },
    );
  });

  it('starts a day after a skipped midnight, a skipped date where the next starts', () => {
    const beirut = calendar.localDay(at('2024-03-31T12:00:00+03:00'), 'Asia/Beirut');
    expect(shown(calendar.dayStartMs(beirut, 'Asia/Beirut'), 'Asia/Beirut')).toBe(
      '2024-03-31T01:00:00+03:00',
    );
    const skipped = at('2011-12-30T00:00:00Z') / 86_400_000;
    expect(calendar.dayStartMs(skipped, 'Pacific/Apia')).toBe(
      calendar.dayStartMs(skipped + 1, 'Pacific/Apia'),
    );
    expect(shown(calendar.dayStartMs(skipped, 'Pacific/Apia'), 'Pacific/Apia')).toBe(
      '2011-12-31T00:00:00+14:00',
    );
  });
});

describe('nextLocalTime', () => {
  const choice = { onGap: 'later', onOverlap: 'first' } as const;
  const next = (text: string, zone: string, more: object): string | null => {
    const question = { time: '02:30', zone, ...choice, afterMs: at(text), ...more };
    return shown(calendar.nextLocalTime(question), zone);
  };
  const cases: [string, string, string, object, string | null][] = [
    ['Paris gap, later', '2026-03-28T12:00:00Z', 'Europe/Paris', {}, '2026-03-29T03:30:00+02:00'],
    [
      'Paris gap, earlier',
      '2026-03-28T12:00:00Z',
      'Europe/Paris',
      { onGap: 'earlier' },
      '2026-03-29T01:30:00+01:00',
    ],
    [
      'Paris gap, skip',
      '2026-03-28T12:00:00Z',
      'Europe/Paris',
      { onGap: 'skip' },
      '2026-03-30T02:30:00+02:00',
    ],
    [
      'Paris overlap, first',
      '2026-10-24T12:00:00Z',
      'Europe/Paris',
      {},
      '2026-10-25T02:30:00+02:00',
    ],
    [
      'Paris overlap, second',
      '2026-10-24T12:00:00Z',
      'Europe/Paris',
      { onOverlap: 'second' },
      '2026-10-25T02:30:00+01:00',
    ],
    [
      'Paris between the two, first',
      '2026-10-25T00:45:00Z',
      'Europe/Paris',
      {},
      '2026-10-26T02:30:00+01:00',
    ],
    [
      'Paris between the two, second',
      '2026-10-25T00:45:00Z',
      'Europe/Paris',
      { onOverlap: 'second' },
      '2026-10-25T02:30:00+01:00',
    ],
    [
      'Lord Howe, half an hour of gap',
      '2026-10-03T00:00:00Z',
      'Australia/Lord_Howe',
      { time: '02:15' },
      '2026-10-04T02:45:00+11:00',
    ],
    [
      'Lord Howe, half an hour twice',
      '2026-04-04T00:00:00Z',
      'Australia/Lord_Howe',
      { time: '01:45', onOverlap: 'second' },
      '2026-04-05T01:45:00+10:30',
    ],
    [
      'Casablanca, Ramadan begins',
      '2026-02-14T12:00:00Z',
      'Africa/Casablanca',
      { onOverlap: 'second' },
      '2026-02-15T02:30:00+00:00',
    ],
    [
      'Casablanca, Ramadan ends',
      '2026-03-21T12:00:00Z',
      'Africa/Casablanca',
      {},
      '2026-03-22T03:30:00+01:00',
    ],
    [
      'Kiritimati is a day ahead',
      '2026-01-01T11:00:00Z',
      'Pacific/Kiritimati',
      {},
      '2026-01-02T02:30:00+14:00',
    ],
    [
      'Apia has no 30 December 2011',
      '2011-12-30T09:00:00Z',
      'Pacific/Apia',
      { time: '18:30', days: ['fri'] },
      '2012-01-06T18:30:00+14:00',
    ],
    [
      'Apia, day after',
      '2011-12-30T09:00:00Z',
      'Pacific/Apia',
      { time: '18:30', onGap: 'skip' },
      '2011-12-31T18:30:00+14:00',
    ],
    [
      'weekday of the zone, not of UTC',
      '2026-11-22T20:00:00Z',
      'Pacific/Kiritimati',
      { time: '11:00', days: ['mon'] },
      '2026-11-23T11:00:00+14:00',
    ],
    [
      'strictly after',
      '2026-11-23T17:30:00Z',
      'Europe/Paris',
      { time: '18:30' },
      '2026-11-24T18:30:00+01:00',
    ],
    [
      'Saturday cart, Monday evening',
      '2026-03-28T09:00:00Z',
      'Europe/Paris',
      { time: '18:30', days: ['mon', 'tue', 'wed', 'thu', 'fri'] },
      '2026-03-30T18:30:00+02:00',
    ],
    [
      '29 February',
      '2028-02-28T23:30:00Z',
      'Europe/Paris',
      { time: '08:00' },
      '2028-02-29T08:00:00+01:00',
    ],
    ['no day', '2026-01-01T00:00:00Z', 'Europe/Paris', { days: [] }, null],
    ['no time', '2026-01-01T00:00:00Z', 'Europe/Paris', { time: '25:00' }, null],
  ];
  it.each(cases)('%s', (_name, text, zone, more, expected) => {
    expect(next(text, zone, more)).toBe(expected);
  });

  it('is later than asked, soon, and shows the time where it exists', () => {
    fc.assert(
      fc.property(
        anyZone,
        anyInstant,
        fc.integer({ min: 0, max: 1439 }),
        (zone, afterMs, minute) => {
          const hour = String(Math.floor(minute / 60)).padStart(2, '0');
          const time = `${hour}:${String(minute % 60).padStart(2, '0')}`;
          const question = { time, zone, afterMs, onGap: 'skip', onOverlap: 'first' } as const;
          const foundMs = calendar.nextLocalTime(question) ?? NaN;
          expect(foundMs).toBeGreaterThan(afterMs);
          expect(foundMs - afterMs).toBeLessThanOrEqual(50 * 3_600_000);
          expect(DateTime.fromMillis(foundMs, { zone }).toFormat('HH:mm')).toBe(time);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('addCalendarDays', () => {
  const add = (text: string, days: number, zone: string): string | null =>
    shown(calendar.addCalendarDays(at(text), days, zone), zone);
  it('keeps the local clock over a change', () => {
    expect(add('2026-03-28T18:30:00+01:00', 1, 'Europe/Paris')).toBe('2026-03-29T18:30:00+02:00');
    expect(add('2026-10-24T18:30:00+02:00', 3, 'Europe/Paris')).toBe('2026-10-27T18:30:00+01:00');
    expect(add('2026-03-28T02:30:00+01:00', 1, 'Europe/Paris')).toBe('2026-03-29T03:30:00+02:00');
    expect(add('2026-10-24T02:30:00+02:00', 1, 'Europe/Paris')).toBe('2026-10-25T02:30:00+02:00');
    expect(add('2026-10-03T02:15:00+10:30', 1, 'Australia/Lord_Howe')).toBe(
      '2026-10-04T02:45:00+11:00',
    );
  });
  it('counts dates, over month ends, leap days and a skipped date', () => {
    expect(add('2028-02-28T10:00:00+01:00', 1, 'Europe/Paris')).toBe('2028-02-29T10:00:00+01:00');
    expect(add('2027-02-28T10:00:00+01:00', 1, 'Europe/Paris')).toBe('2027-03-01T10:00:00+01:00');
    expect(add('2026-01-31T10:00:00+01:00', 30, 'Europe/Paris')).toBe('2026-03-02T10:00:00+01:00');
    expect(add('2011-12-29T10:00:00-10:00', 2, 'Pacific/Apia')).toBe('2011-12-31T10:00:00+14:00');
    expect(add('2011-12-29T10:00:00-10:00', 1, 'Pacific/Apia')).toBe('2011-12-31T10:00:00+14:00');
  });
  it('changes nothing for no days and gives the local date asked for', () => {
    const days = fc.integer({ min: 0, max: 800 });
    fc.assert(
      fc.property(anyZone, anyInstant, days, (zone, atMs, count) => {
        const laterMs = calendar.addCalendarDays(atMs, count, zone);
        if (count === 0) expect(laterMs).toBe(atMs);
        const expected = calendar.localDay(atMs, zone) + count;
        // A clock change over midnight may push into the next date, Apia's skip by one.
        expect([expected, expected + 1]).toContain(calendar.localDay(laterMs, zone));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('isHoliday', () => {
  const holiday = (text: string, zone: string, country: string): boolean =>
    calendar.isHoliday(at(text), zone, country);
  it('follows the local date', () => {
    expect(holiday('2026-07-13T22:30:00Z', 'Europe/Paris', 'FR')).toBe(true);
    expect(holiday('2026-07-14T22:30:00Z', 'Europe/Paris', 'FR')).toBe(false);
    expect(holiday('2026-04-06T10:00:00Z', 'Europe/Paris', 'FR')).toBe(true);
    expect(holiday('2026-04-06T10:00:00Z', 'Europe/Paris', 'US')).toBe(false);
  });
  it('adds the days of an overseas zone to those of its country', () => {
    expect(holiday('2026-05-27T12:00:00Z', 'America/Guadeloupe', 'FR')).toBe(true);
    expect(holiday('2026-05-27T12:00:00Z', 'Europe/Paris', 'FR')).toBe(false);
    expect(holiday('2026-12-20T08:00:00Z', 'Indian/Reunion', 'FR')).toBe(true);
    expect(holiday('2026-12-20T08:00:00Z', 'Indian/Reunion', 'DE')).toBe(false);
  });
  it('takes every day of a holiday of several days', () => {
    const eid = ['19', '20', '21', '22'].map((day) => `2026-03-${day}T12:00:00Z`);
    expect(eid.every((text) => holiday(text, 'Asia/Riyadh', 'SA'))).toBe(true);
    expect(holiday('2026-03-23T12:00:00Z', 'Asia/Riyadh', 'SA')).toBe(false);
  });
  it('knows countries by code', () => {
    expect(['FR', 'GB', 'US', 'FR-GP'].every((one) => calendar.isCountry(one))).toBe(true);
    expect(
      ['', 'fr', 'ZZ', 'United Kingdom', 'France'].filter((one) => calendar.isCountry(one)),
    ).toEqual([]);
  });
});

describe('speed', () => {
  it('gives well over 100,000 local days a second', () => {
    const startMs = at('2026-01-01T00:00:00Z');
    const began = performance.now();
    let sum = 0;
    for (let index = 0; index < 300_000; index += 1) {
      // Spread over a year and five zones, out of order.
      const atMs = startMs + ((index * 7_919) % 31_536_000) * 1_000;
      sum += calendar.localDay(atMs, ZONES[index % 5] ?? 'UTC');
    }
    const perSecond = 300_000 / ((performance.now() - began) / 1_000);
    console.info(`localDay: ${Math.round(perSecond)} per second`);
    expect(sum).toBeGreaterThan(0);
    expect(perSecond).toBeGreaterThan(100_000);
  });
});
