import { Button, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense, useMemo } from 'react';
import type { ApiResponse } from '#libs/contracts';
import { SLOW_MS, useRead } from '../../api/queries.js';
import { useFormat, type Format } from '../../format/format.js';
import { common, groupNames } from '../../i18n/common.js';
import { useTexts, type Told } from '../../i18n/text.js';
import { CodeBlock } from '../../ui/code-block.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Empty } from '../../ui/empty.js';
import { Figure } from '../../ui/figure.js';
import { Loaded, LoadingRows } from '../../ui/loaded.js';
import { Plot } from '../../ui/plot.js';
import { Section } from '../../ui/section.js';
import { byGroup, daysOf, moneyTotals, total, type GroupTotal } from './sums.js';
import { resultWords } from './words.js';

const Chart = lazy(() => import('../../ui/chart.js').then((module) => ({ default: module.Chart })));

type Results = ApiResponse<'results'>;
type Words = Told<typeof resultWords> & Told<typeof common>;

function groupColumns(t: Words, format: Format, groups: Told<typeof groupNames>) {
  const nameOf = (group: string) =>
    group in groups ? groups[group as keyof typeof groups] : group;
  const count = (key: 'entered' | 'sent' | 'clicks' | 'converted', header: string) => ({
    key,
    header,
    isNumber: true,
    cell: (row: GroupTotal) => format.number(row[key]),
    value: (row: GroupTotal) => row[key],
  });
  const columns: readonly Column<GroupTotal>[] = [
    {
      key: 'group',
      header: t.group,
      cell: ({ group }) => nameOf(group),
      value: ({ group }) => nameOf(group),
    },
    count('entered', t.entered),
    count('sent', t.sent),
    count('clicks', t.clicks),
    count('converted', t.converted),
    {
      key: 'rate',
      header: t.rate,
      isNumber: true,
      cell: ({ entered, converted }) => (entered === 0 ? '–' : format.percent(converted / entered)),
      value: ({ entered, converted }) => (entered === 0 ? null : converted / entered),
    },
    {
      key: 'revenue',
      header: t.revenue,
      isNumber: true,
      cell: ({ revenue }) => format.list(revenue.map(format.money)) || '–',
      value: ({ revenue }) => Number(revenue[0]?.amount ?? 0),
    },
    {
      key: 'cost',
      header: t.cost,
      isNumber: true,
      cell: ({ cost }) => format.list(cost.map(format.money)) || '–',
      value: ({ cost }) => Number(cost[0]?.amount ?? 0),
    },
  ];
  return columns;
}

function DayPlot({ rows }: { readonly rows: Results['rows'] }) {
  const t = { ...useTexts(common), ...useTexts(resultWords) };
  const format = useFormat();
  const days = useMemo(() => daysOf(rows), [rows]);
  const option = useMemo(
    () => ({
      grid: { left: 8, right: 8, top: 36, bottom: 8, outerBoundsMode: 'same' },
      legend: { top: 0, left: 0 },
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'category', data: days.map(({ day }) => format.shortDay(day)) },
      yAxis: { type: 'value', minInterval: 1 },
      series: [
        { type: 'bar', name: t.entered, data: days.map(({ entered }) => entered) },
        { type: 'line', name: t.converted, data: days.map(({ converted }) => converted) },
      ],
    }),
    [days, format, t.entered, t.converted],
  );
  const columns: readonly Column<(typeof days)[number]>[] = [
    { key: 'day', header: t.day, cell: ({ day }) => format.shortDay(day), value: ({ day }) => day },
    ...(['entered', 'sent', 'converted'] as const).map((key) => ({
      key,
      header: t[key],
      isNumber: true,
      cell: (row: (typeof days)[number]) => format.number(row[key]),
      value: (row: (typeof days)[number]) => row[key],
    })),
  ];
  return (
    <Plot
      plot={
        <Suspense fallback={<LoadingRows rows={4} />}>
          <Chart label={t.byDay} option={option} />
        </Suspense>
      }
      table={
        <DataTable
          label={t.byDay}
          columns={columns}
          rows={days}
          rowKey={({ day }) => day}
          csvName="days"
        />
      }
    />
  );
}

function Sql({ sql }: { readonly sql: string }) {
  const t = useTexts(common);
  const [isShown, { toggle }] = useDisclosure(false);
  return (
    <Stack gap="xs">
      <div>
        <Button variant="subtle" size="compact-sm" onClick={toggle} aria-expanded={isShown}>
          {t.showSql}
        </Button>
      </div>
      {isShown && <CodeBlock label="SQL" text={sql} />}
    </Stack>
  );
}

function Content({ results }: { readonly results: Results }) {
  const t = { ...useTexts(common), ...useTexts(resultWords) };
  const groups = useTexts(groupNames);
  const format = useFormat();
  const { rows } = results;
  if (rows.length === 0) {
    return (
      <Empty icon="result" title={t.emptyTitle}>
        {t.empty}
      </Empty>
    );
  }
  return (
    <Stack>
      <Section title={t.last90}>
        <Group gap="xl">
          {(['entered', 'sent', 'delivered', 'clicks', 'converted'] as const).map((key) => (
            <Figure key={key} label={t[key]}>
              {format.number(total(rows, key))}
            </Figure>
          ))}
          <Figure label={t.revenue}>
            {format.list(moneyTotals(rows, 'revenue').map(format.roundMoney))}
          </Figure>
          <Figure label={t.cost}>{format.list(moneyTotals(rows, 'cost').map(format.money))}</Figure>
        </Group>
      </Section>
      <Section title={t.byDay}>
        <DayPlot rows={rows} />
      </Section>
      <Section title={t.byGroup}>
        <DataTable
          label={t.byGroup}
          columns={groupColumns(t, format, groups)}
          rows={byGroup(rows)}
          rowKey={({ group }) => group}
          csvName={`${results.scenario.id}-results`}
        />
        <Sql sql={results.sql} />
      </Section>
    </Stack>
  );
}

/** What a scenario brought: totals, days, groups, and the query that gives the same. */
export function ResultsView({ scenario }: { readonly scenario: string }) {
  const query = useRead('results', { params: { scenario } }, { everyMs: SLOW_MS });
  return <Loaded query={query}>{(results) => <Content results={results} />}</Loaded>;
}
