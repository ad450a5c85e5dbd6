import { Text } from '@mantine/core';
import { lazy, Suspense, useMemo } from 'react';
import type { ApiResponse } from '#libs/contracts';
import { useFormat, type Format } from '../../format/format.js';
import { common } from '../../i18n/common.js';
import { useTexts, type Told } from '../../i18n/text.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { LoadingRows } from '../../ui/loaded.js';
import { Plot } from '../../ui/plot.js';
import { Section } from '../../ui/section.js';
import { accountWords } from './words.js';

const Chart = lazy(() => import('../../ui/chart.js').then((module) => ({ default: module.Chart })));

type Revenue = ApiResponse<'account'>['revenue'];
type Touch = Revenue['touches'][number];
type Words = Told<typeof accountWords> & Told<typeof common>;

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

const utcOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const dayAt = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** The Monday of a day's week. */
function mondayOf(day: string): string {
  const sinceMonday = (new Date(utcOf(day)).getUTCDay() + 6) % 7;
  return dayAt(utcOf(day) - sinceMonday * DAY_MS);
}

/** Every week from the first to the last that has an order or a touch, empty ones too. */
function allWeeks({ weeks, touches }: Revenue, format: Format): Revenue['weeks'] {
  const known = new Map(weeks.map((week) => [week.day, week]));
  const days = [...known.keys(), ...touches.map(({ atMs }) => mondayOf(format.dayOf(atMs)))].sort();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const count = Math.round((utcOf(last) - utcOf(first)) / WEEK_MS) + 1;
  return Array.from({ length: count }, (_, index) => {
    const day = dayAt(utcOf(first) + index * WEEK_MS);
    return known.get(day) ?? { day, amount: '0', orders: 0 };
  });
}

function touchText(touch: Touch, t: Words, format: Format): string {
  const { channel, name, person, atMs } = touch;
  const how = channel === 'email' || channel === 'sms' || channel === 'task' ? t[channel] : channel;
  return t.pair(format.date(atMs), `${how} ${t.quoted(name)}, ${person.name}`);
}

function plotOf(revenue: Revenue, t: Words, format: Format) {
  const weeks = allWeeks(revenue, format);
  const days = weeks.map(({ day }) => day);
  const top = Math.max(1, ...weeks.map(({ amount }) => Number(amount)));
  const money = (value: number) =>
    format.roundMoney({ amount: String(value), currency: revenue.currency });
  return {
    grid: { left: 4, right: 8, top: 40, bottom: 12, outerBoundsMode: 'same' },
    legend: { top: 0, left: 0 },
    tooltip: { trigger: 'item' },
    xAxis: { type: 'category', data: days.map(format.shortDay), axisTick: { show: false } },
    yAxis: { type: 'value', axisLabel: { formatter: money } },
    series: [
      {
        type: 'bar',
        name: t.ordersOfWeek,
        barMaxWidth: 18,
        data: weeks.map(({ amount }) => Number(amount)),
        tooltip: { valueFormatter: (value: unknown) => money(Number(value)) },
      },
      {
        type: 'scatter',
        name: t.touches,
        symbol: 'diamond',
        symbolSize: 11,
        data: revenue.touches.map((touch) => ({
          name: touchText(touch, t, format),
          value: [days.indexOf(mondayOf(format.dayOf(touch.atMs))), top * 1.08],
        })),
        tooltip: { formatter: ({ name }: { name: string }) => name },
      },
    ],
  };
}

function WeekTable({ revenue, t }: { readonly revenue: Revenue; readonly t: Words }) {
  const format = useFormat();
  type Week = Revenue['weeks'][number];
  const columns: readonly Column<Week>[] = [
    {
      key: 'day',
      header: t.week,
      cell: ({ day }) => format.shortDay(day),
      value: ({ day }) => day,
    },
    {
      key: 'orders',
      header: t.orders,
      isNumber: true,
      cell: ({ orders }) => format.number(orders),
      value: ({ orders }) => orders,
    },
    {
      key: 'amount',
      header: t.amount,
      isNumber: true,
      cell: ({ amount }) => format.money({ amount, currency: revenue.currency }),
      value: ({ amount }) => Number(amount),
    },
  ];
  return (
    <DataTable
      label={t.revenue}
      columns={columns}
      rows={revenue.weeks}
      rowKey={({ day }) => day}
      csvName="revenue"
    />
  );
}

/** What the account ordered week by week, with every touch marked above. */
export function RevenuePlot({ revenue }: { readonly revenue: Revenue }) {
  const words = useTexts(accountWords);
  const shared = useTexts(common);
  const format = useFormat();
  const t = useMemo(() => ({ ...shared, ...words }), [shared, words]);
  const option = useMemo(() => plotOf(revenue, t, format), [revenue, t, format]);
  return (
    <Section title={t.revenue}>
      {revenue.weeks.length === 0 ? (
        <Text c="dimmed">{t.noRevenue}</Text>
      ) : (
        <Plot
          plot={
            <Suspense fallback={<LoadingRows rows={4} />}>
              <Chart label={t.revenuePlot} option={option} />
            </Suspense>
          }
          table={<WeekTable revenue={revenue} t={t} />}
        />
      )}
    </Section>
  );
}
