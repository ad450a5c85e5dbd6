import type { ApiResponse } from '#libs/contracts';

type Row = ApiResponse<'results'>['rows'][number];
type Counted = 'entered' | 'sent' | 'delivered' | 'clicks' | 'converted';
interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** Sum of a count over rows. */
export const total = (rows: readonly Row[], key: Counted): number =>
  rows.reduce((sum, row) => sum + row[key], 0);

const FOUR_PLACES = 10_000n;

/** Exact decimal text, four places at most, as ten-thousandths. */
function tenThousandths(text: string): bigint {
  const [whole = '0', part = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole) * FOUR_PLACES + BigInt(part.padEnd(4, '0'));
  return text.startsWith('-') ? -value : value;
}

function asText(value: bigint): string {
  const size = value < 0n ? -value : value;
  const part = (size % FOUR_PLACES).toString().padStart(4, '0');
  return `${value < 0n ? '-' : ''}${size / FOUR_PLACES}.${part}`;
}

/** Sums of money, exact, one a currency: amounts of several are never added. */
export function moneyTotals(rows: readonly Row[], key: 'revenue' | 'cost'): readonly Money[] {
  const sums = new Map<string, bigint>();
  for (const row of rows) {
    sums.set(row.currency, (sums.get(row.currency) ?? 0n) + tenThousandths(row[key]));
  }
  return [...sums].map(([currency, value]) => ({ currency, amount: asText(value) }));
}

/** What one group did, all days together. */
export interface GroupTotal extends Readonly<Record<Counted, number>> {
  readonly group: string;
  readonly revenue: readonly Money[];
  readonly cost: readonly Money[];
}

function totalsOf(rows: readonly Row[]): Readonly<Record<Counted, number>> {
  return {
    entered: total(rows, 'entered'),
    sent: total(rows, 'sent'),
    delivered: total(rows, 'delivered'),
    clicks: total(rows, 'clicks'),
    converted: total(rows, 'converted'),
  };
}

/** Rows by group. */
export const byGroup = (rows: readonly Row[]): readonly GroupTotal[] =>
  [...Map.groupBy(rows, ({ group }) => group)].map(([group, own]) => ({
    group,
    ...totalsOf(own),
    revenue: moneyTotals(own, 'revenue'),
    cost: moneyTotals(own, 'cost'),
  }));

/** Rows by day of entry, oldest first. */
export const daysOf = (rows: readonly Row[]) =>
  [...Map.groupBy(rows, ({ day }) => day)]
    .map(([day, own]) => ({ day, ...totalsOf(own) }))
    .sort((a, b) => a.day.localeCompare(b.day));
