import { Anchor, Text } from '@mantine/core';
import type { ApiResponse } from '#libs/contracts';
import { LIVE_MS, usePages, useRead } from '../../api/queries.js';
import { useFormat } from '../../format/format.js';
import { common, enrolmentStates } from '../../i18n/common.js';
import { useTexts } from '../../i18n/text.js';
import { csvTime } from '../../ui/csv.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Empty } from '../../ui/empty.js';
import { PersonLink, ScenarioLink } from '../../ui/entity-links.js';
import { Loaded } from '../../ui/loaded.js';
import { Moment } from '../../ui/moment.js';
import { MoreButton } from '../../ui/more-button.js';
import { operateWords } from './words.js';

type Count = ApiResponse<'troubles'>['items'][number];
type Line = ApiResponse<'enrolments'>['items'][number];
type Done = ApiResponse<'operatorActs'>['items'][number];

/** What a filter of the page holds, as in its address. */
export interface TroubleFilter {
  readonly trouble: Count['trouble'];
  readonly scenario?: string;
  readonly step?: string;
  readonly reason?: string;
}

interface CountsProps {
  readonly onChoose: (filter: TroubleFilter) => void;
}

function useCountColumns(onChoose: CountsProps['onChoose']): readonly Column<Count>[] {
  const t = { ...useTexts(common), ...useTexts(operateWords) };
  const { number } = useFormat();
  return [
    { key: 'kind', header: t.kind, cell: (row) => t[row.trouble], value: (row) => t[row.trouble] },
    {
      key: 'scenario',
      header: t.scenario,
      cell: (row) => <ScenarioLink id={row.scenario}>{row.scenarioName}</ScenarioLink>,
      value: (row) => row.scenarioName,
    },
    { key: 'step', header: t.step, cell: (row) => row.stepLabel, value: (row) => row.stepLabel },
    { key: 'why', header: t.why, isMinor: true, cell: (row) => row.why, value: (row) => row.why },
    {
      key: 'people',
      header: t.people,
      isNumber: true,
      cell: (row) => number(row.people),
      value: (row) => row.people,
    },
    {
      key: 'only',
      header: t.show,
      cell: ({ trouble, scenario, step, reason }) => (
        <Anchor
          component="button"
          size="sm"
          onClick={() =>
            onChoose({
              trouble,
              scenario,
              ...(step === '' ? {} : { step }),
              ...(reason === null ? {} : { reason }),
            })
          }
        >
          {t.only}
        </Anchor>
      ),
    },
  ];
}

/** How many are in trouble, by scenario and step; each line leads to its people. */
export function Counts({ onChoose }: CountsProps) {
  const t = useTexts(operateWords);
  const query = useRead('troubles', {}, { everyMs: LIVE_MS });
  const columns = useCountColumns(onChoose);
  return (
    <Loaded query={query} rows={3}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty icon="check" title={t.none}>
            {t.noneHint}
          </Empty>
        ) : (
          <DataTable
            label={t.counts}
            columns={columns}
            rows={items}
            rowKey={(row) => [row.trouble, row.scenario, row.step, row.reason ?? ''].join('/')}
            csvName="troubles"
          />
        )
      }
    </Loaded>
  );
}

/** The enrolments of a filter, page by page. */
export function Lines({ filter }: { readonly filter: TroubleFilter }) {
  const t = { ...useTexts(common), ...useTexts(operateWords) };
  const states = useTexts(enrolmentStates);
  const pages = usePages('enrolments', { query: { ...filter } }, { everyMs: LIVE_MS });
  const columns: readonly Column<Line>[] = [
    {
      key: 'name',
      header: t.person,
      cell: (row) => <PersonLink id={row.profileId}>{row.name}</PersonLink>,
      value: (row) => row.name,
    },
    {
      key: 'scenario',
      header: t.scenario,
      cell: (row) => <ScenarioLink id={row.scenario}>{row.scenarioName}</ScenarioLink>,
      value: (row) => row.scenarioName,
    },
    { key: 'step', header: t.step, cell: (row) => row.stepLabel, value: (row) => row.stepLabel },
    {
      key: 'state',
      header: t.state,
      isMinor: true,
      cell: (row) => states[row.status],
      value: (row) => states[row.status],
    },
    { key: 'why', header: t.why, cell: (row) => row.why, value: (row) => row.why },
    {
      key: 'due',
      header: t.due,
      isMinor: true,
      cell: ({ dueAtMs }) => dueAtMs !== null && <Moment atMs={dueAtMs} />,
      value: ({ dueAtMs }) => (dueAtMs === null ? null : csvTime(dueAtMs)),
    },
  ];
  return (
    <Loaded query={pages}>
      {(data) => {
        const rows = data.pages.flatMap(({ items }) => items);
        if (rows.length === 0) {
          return (
            <Empty icon="check" title={t.emptyTitle}>
              {t.empty}
            </Empty>
          );
        }
        return (
          <DataTable
            label={t.list}
            columns={columns}
            rows={rows}
            rowKey={({ id }) => id}
            csvName="enrolments"
            foot={<MoreButton pages={pages} />}
          />
        );
      }}
    </Loaded>
  );
}

/** Who did what, and how far it is. */
export function Acts() {
  const t = { ...useTexts(common), ...useTexts(operateWords) };
  const { number } = useFormat();
  const query = useRead('operatorActs', {}, { everyMs: LIVE_MS });
  const columns: readonly Column<Done>[] = [
    {
      key: 'at',
      header: t.when,
      cell: ({ atMs }) => <Moment atMs={atMs} />,
      value: ({ atMs }) => csvTime(atMs),
    },
    { key: 'by', header: t.who, cell: ({ by }) => by, value: ({ by }) => by },
    { key: 'what', header: t.what, cell: (row) => row.sentence, value: (row) => row.sentence },
    {
      key: 'people',
      header: t.people,
      isNumber: true,
      cell: ({ people }) => number(people),
      value: ({ people }) => people,
    },
    {
      key: 'job',
      header: t.where,
      cell: ({ job }) =>
        job !== null && t.progress(number(job.done), number(job.total ?? job.done)),
    },
  ];
  return (
    <Loaded query={query} rows={2}>
      {({ items }) =>
        items.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t.noActs}
          </Text>
        ) : (
          <DataTable
            label={t.acts}
            columns={columns}
            rows={items}
            rowKey={({ atMs, sentence, job }) => `${atMs}${sentence}${job?.id ?? ''}`}
            csvName="operator-acts"
          />
        )
      }
    </Loaded>
  );
}
