import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMsOf, toTimestamp } from './timestamp.js';
import { refusalOfRegex } from './regex.js';
import { compileExpression, DYNAMIC_SCOPE } from './index.js';

describe('times in data', () => {
  test.each<[unknown, number | undefined]>([
    ['1970-01-01', 0],
    ['2024-02-29T12:00:00Z', 1_709_208_000_000],
    ['2026-03-28T10:00:00+01:00', 1_774_688_400_000],
    ['2026-03-28T10:00', 1_774_692_000_000],
    ['2023-02-29', undefined],
    ['2026-13-01', undefined],
    ['28/03/2026', undefined],
    [12, 12],
    [true, undefined],
    [null, undefined],
    [Number.NaN, undefined],
  ])('%s', (time, expected) => {
    expect(epochMsOf(time)).toBe(expected);
  });

  test('ISO text of any instant comes back as that instant', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }),
        (date) => {
          expect(epochMsOf(date.toISOString())).toBe(date.getTime());
          expect(epochMsOf(toTimestamp(date.getTime()))).toBe(date.getTime());
        },
      ),
    );
  });
});

describe('regular expressions', () => {
  test.each([
    '^[A-Z]{2}[0-9]+$',
    '@(gmail|yahoo)\\.com$',
    '^FR',
    '(abc)?d',
    '^[^@]+@[^@]+$',
    '\\d{5}',
    '(ab)+',
  ])('%s is bounded', (pattern) => {
    expect(refusalOfRegex(pattern)).toBeUndefined();
  });

  test.each([
    '(a+)+',
    '(a|b)*c',
    '(a*)*',
    '(.*a){12}',
    '.*.*.*x',
    '(a)\\1',
    '(?=a+)b',
    'a'.repeat(201),
  ])('%s is not', (pattern) => {
    expect(refusalOfRegex(pattern)).toBe('backtracks');
  });

  test('an invalid one is refused', () => {
    expect(refusalOfRegex('(')).toBe('invalid');
  });
});

test('no source makes the compiler throw, and places lie in the source', () => {
  const tokens =
    'event . total ( ) [ ] 1 2.0 "a" && || ! - , + == x exists has sum matches ? : { } é // \' \n';
  const token = fc.constantFrom(...tokens.split(' '));
  const source = fc.array(token, { maxLength: 25 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(source, (text) => {
      const compiled = compileExpression(text, { scope: DYNAMIC_SCOPE });
      if (compiled.ok) {
        compiled.value.evaluate({ now: 0, event: { total: 1 } });
        return;
      }
      for (const { offset, length } of compiled.error) {
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset + length).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 2_000 },
  );
});
