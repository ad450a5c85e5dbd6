import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ApiResponse } from '#libs/contracts';
import { byGroup, daysOf, moneyTotals, total } from './sums.js';

type Row = ApiResponse<'results'>['rows'][number];

const count = fc.nat(10_000);
const tenThousandths = fc.integer({ min: -1_000_000_000, max: 1_000_000_000_000 });
const asText = (value: number): string =>
  `${value < 0 ? '-' : ''}${Math.trunc(Math.abs(value) / 10_000)}.${String(Math.abs(value) % 10_000).padStart(4, '0')}`;

const row: fc.Arbitrary<Row> = fc.record({
  group: fc.constantFrom('policy', 'holdout'),
  day: fc.constantFrom('2026-11-20', '2026-11-21', '2026-11-22'),
  currency: fc.constantFrom('EUR', 'GBP'),
  entered: count,
  sent: count,
  delivered: count,
  clicks: count,
  converted: count,
  revenue: tenThousandths.map(asText),
  cost: tenThousandths.map(asText),
});

test('days and groups split the same total', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
      const entered = total(rows, 'entered');
      const sum = (parts: readonly { readonly entered: number }[]) =>
        parts.reduce((all, part) => all + part.entered, 0);
      expect(sum(daysOf(rows))).toBe(entered);
      expect(sum(byGroup(rows))).toBe(entered);
    }),
  );
});

test('money adds up exactly, and never across currencies', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
      for (const { currency, amount } of moneyTotals(rows, 'revenue')) {
        const own = rows.filter((one) => one.currency === currency);
        const expected = own.reduce((sum, one) => sum + BigInt(one.revenue.replace('.', '')), 0n);
        expect(BigInt(amount.replace('.', ''))).toBe(expected);
      }
    }),
  );
});

test('ten thousandths of a euro are not lost in the sum', () => {
  const base = fc.sample(row, 1)[0];
  const rows = ['0.1', '0.2', '-0.0001'].map((revenue) => ({ ...base, revenue, currency: 'EUR' }));
  expect(moneyTotals(rows as Row[], 'revenue')).toEqual([{ currency: 'EUR', amount: '0.2999' }]);
});
