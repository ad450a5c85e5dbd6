import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoDate, parisDay, parisDayStart, weekdayOf } from './paris.js';

const date = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' });
const weekday = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'short' });
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

it('agrees with the platform on dates in Paris, over every change of the clocks', () => {
  const ms = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2050, 0, 1) });
  fc.assert(
    fc.property(ms, (atMs) => {
      const day = parisDay(atMs);
      expect(isoDate(day)).toBe(date.format(atMs));
      expect(parisDay(parisDayStart(day))).toBe(day);
      expect(parisDay(parisDayStart(day) - 1)).toBe(day - 1);
      expect(WEEKDAYS[weekdayOf(day)]).toBe(weekday.format(day * 86_400_000));
    }),
    { numRuns: 3_000 },
  );
});
