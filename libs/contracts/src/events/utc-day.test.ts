import fc from 'fast-check';
import { expect, it } from 'vitest';
import { utcDayOf } from './utc-day.js';

it('is the day of the ISO text', () => {
  const ms = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });
  fc.assert(
    fc.property(ms, (atMs) => {
      expect(utcDayOf(atMs)).toBe(new Date(atMs).toISOString().slice(0, 10));
    }),
    { numRuns: 2_000 },
  );
});
