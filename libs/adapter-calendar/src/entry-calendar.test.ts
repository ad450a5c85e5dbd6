import { describe, expect, it } from 'vitest';
import { dayOfDate } from '#libs/application';
import { EntryCalendar } from './index.js';

const calendar = new EntryCalendar();
const later = { onGap: 'later', onOverlap: 'first' } as const;
const told = (atMs: number): string => new Date(atMs).toISOString().slice(0, 16);

describe('a local day’s time', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['2026-03-29', '02:30', 'Europe/Paris', '2026-03-29T01:30'],
    ['2026-10-25', '02:30', 'Europe/Paris', '2026-10-25T00:30'],
    ['2026-04-05', '01:45', 'Australia/Lord_Howe', '2026-04-04T14:45'],
    ['2026-10-04', '02:15', 'Australia/Lord_Howe', '2026-10-03T15:45'],
    ['2026-02-15', '02:30', 'Africa/Casablanca', '2026-02-15T01:30'],
    ['2026-03-22', '02:30', 'Africa/Casablanca', '2026-03-22T02:30'],
    ['2026-01-01', '09:00', 'Pacific/Kiritimati', '2025-12-31T19:00'],
    // The date that Samoa left out: a day later, at the same hour.
    ['2011-12-30', '09:00', 'Pacific/Apia', '2011-12-30T19:00'],
    ['2011-12-31', '09:00', 'Pacific/Apia', '2011-12-30T19:00'],
  ];
  it.each(cases)('%s %s in %s is %s', (date, time, zone, instant) => {
    expect(told(calendar.instantOf(dayOfDate(date), { time, ...later }, zone))).toBe(instant);
  });

  it('comes earlier, or the second time, where the author says so', () => {
    const day = dayOfDate('2026-03-29');
    const early = { time: '02:30', onGap: 'earlier', onOverlap: 'first' } as const;
    expect(told(calendar.instantOf(day, early, 'Europe/Paris'))).toBe('2026-03-29T00:30');
    const second = { time: '02:30', onGap: 'later', onOverlap: 'second' } as const;
    const autumn = dayOfDate('2026-10-25');
    expect(told(calendar.instantOf(autumn, second, 'Europe/Paris'))).toBe('2026-10-25T01:30');
  });
});

describe('a calendar rule', () => {
  const between = (
    given: { rrule: string; time: string; zoneName: string; from?: string },
    from: string,
    until: string,
  ): readonly string[] =>
    calendar
      .occurrencesIn(
        { from: '2024-01-01', ...later, ...given },
        { afterMs: Date.parse(`${from}Z`), untilMs: Date.parse(`${until}Z`) },
      )
      .map(told);

  it('keeps its hour over a change of clocks', () => {
    const monday = { rrule: 'FREQ=WEEKLY;BYDAY=MO', time: '08:00', zoneName: 'Europe/Paris' };
    expect(between(monday, '2026-03-20T00:00', '2026-04-07T00:00')).toEqual([
      '2026-03-23T07:00',
      '2026-03-30T06:00',
      '2026-04-06T06:00',
    ]);
  });

  it('fires once at a skipped time and once at one shown twice', () => {
    const night = { rrule: 'FREQ=DAILY', time: '02:30', zoneName: 'Europe/Paris' };
    expect(between(night, '2026-03-28T12:00', '2026-03-30T12:00')).toEqual([
      '2026-03-29T01:30',
      '2026-03-30T00:30',
    ]);
    expect(between(night, '2026-10-24T12:00', '2026-10-26T12:00')).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
  });

  it('fires each hour of the wall once: 23 in spring, the doubled one not again in autumn', () => {
    const hourly = { rrule: 'FREQ=HOURLY', time: '00:00', zoneName: 'Europe/Paris' };
    expect(between(hourly, '2026-03-28T22:59', '2026-03-29T21:59')).toHaveLength(23);
    expect(between(hourly, '2026-10-24T21:59', '2026-10-25T22:59')).toHaveLength(24);
  });

  it('counts every second week from its first day, and the last Friday of the month', () => {
    const second = { rrule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', time: '09:00', zoneName: 'UTC' };
    expect(
      between({ ...second, from: '2026-01-06' }, '2026-01-01T00:00', '2026-02-05T00:00'),
    ).toEqual(['2026-01-06T09:00', '2026-01-20T09:00', '2026-02-03T09:00']);
    const friday = {
      rrule: 'FREQ=MONTHLY;BYDAY=-1FR',
      time: '09:00',
      zoneName: 'Pacific/Kiritimati',
    };
    expect(between(friday, '2026-01-01T00:00', '2026-03-01T00:00')).toEqual([
      '2026-01-29T19:00',
      '2026-02-26T19:00',
    ]);
  });

  it('leaves its window’s start out and its end in, and nothing is found by what cannot be read', () => {
    const noon = { rrule: 'FREQ=DAILY', time: '12:00', zoneName: 'UTC' };
    expect(between(noon, '2026-01-01T12:00', '2026-01-02T12:00')).toEqual(['2026-01-02T12:00']);
    expect(
      between({ ...noon, rrule: 'FREQ=NEVER' }, '2026-01-01T12:00', '2026-01-02T12:00'),
    ).toEqual([]);
  });
});
