import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvOf } from './csv.js';

test('a text that a spreadsheet would compute is kept a text', () => {
  expect(csvOf([['=1+1', '@now', '-2', -2]])).toBe("\uFEFF'=1+1,'@now,'-2,-2");
});

test('every text comes back whole, whatever signs it holds', () => {
  const text = fc.string({ maxLength: 30 }).filter((one) => !/^[=+\-@\t\r]/.test(one));
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (row) => {
      expect(parse(csvOf([row, ['end']]), { bom: true, relax_column_count: true })[0]).toEqual(row);
    }),
  );
});
