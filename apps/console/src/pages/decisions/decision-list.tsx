import { Badge, Text, Tooltip } from '@mantine/core';
import type { ApiResponse } from '#libs/contracts';
import { SLOW_MS, usePages } from '../../api/queries.js';
import { useFormat, type Format } from '../../format/format.js';
import { common, groupNames } from '../../i18n/common.js';
import { useTexts, type Told } from '../../i18n/text.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Empty } from '../../ui/empty.js';
import { PersonLink } from '../../ui/entity-links.js';
import { TextLink } from '../../ui/link.js';
import { Loaded } from '../../ui/loaded.js';
import { Moment } from '../../ui/moment.js';
import { MoreButton } from '../../ui/more-button.js';
import { Section } from '../../ui/section.js';
import { decisionWords } from './words.js';

type Line = ApiResponse<'decisions'>['items'][number];
type Words = Told<typeof decisionWords> & Told<typeof common>;

function Chosen({ line, t }: { readonly line: Line; readonly t: Words }) {
  return (
    <>
      <TextLink to="/decisions/$id" params={{ id: line.id }} fw={600}>
        {line.chosen}
      </TextLink>{' '}
      {line.explored && (
        <Tooltip label={t.exploredHint}>
          <Badge variant="light" color="grape" tt="none" tabIndex={0}>
            {t.explored}
          </Badge>
        </Tooltip>
      )}
    </>
  );
}

/** The scenario has a column of its own where the list is of several. */
function columnsOf(
  t: Words,
  format: Format,
  {
    groups,
    hasScenario,
  }: { readonly groups: Told<typeof groupNames>; readonly hasScenario: boolean },
) {
  const columns: readonly Column<Line>[] = [
    {
      key: 'at',
      header: t.when,
      cell: ({ atMs }) => <Moment atMs={atMs} />,
      value: ({ atMs }) => new Date(atMs).toISOString(),
    },
    {
      key: 'chosen',
      header: t.chosen,
      cell: (line) => <Chosen line={line} t={t} />,
      value: ({ chosen }) => chosen,
    },
    {
      key: 'propensity',
      header: t.chance,
      isNumber: true,
      cell: ({ propensity }) => format.percent(propensity),
      value: ({ propensity }) => propensity,
    },
    {
      key: 'eligible',
      header: t.kept,
      isNumber: true,
      cell: ({ eligible, candidates }) =>
        t.ofCandidates(format.number(eligible), format.number(candidates)),
      value: ({ eligible }) => eligible,
    },
    {
      key: 'person',
      header: t.person,
      cell: ({ person }) => <PersonLink id={person.id}>{person.name}</PersonLink>,
      value: ({ person }) => person.name,
    },
    {
      key: 'scenario',
      header: t.scenario,
      isMinor: true,
      cell: ({ scenario }) => <Text size="sm">{scenario.name}</Text>,
      value: ({ scenario }) => scenario.name,
    },
    {
      key: 'group',
      header: t.group,
      isMinor: true,
      cell: ({ group }) => groups[group],
      value: ({ group }) => groups[group],
    },
  ];
  return columns.filter(({ key }) => hasScenario || key !== 'scenario');
}

interface DecisionListProps {
  readonly scenario?: string | undefined;
  /** The reader may choose among scenarios: each line names its own. */
  readonly isAny?: boolean;
}

/** Decisions, newest first; of one scenario where it is named. */
export function DecisionList({ scenario, isAny = false }: DecisionListProps) {
  const t = { ...useTexts(common), ...useTexts(decisionWords) };
  const groups = useTexts(groupNames);
  const format = useFormat();
  const query = scenario === undefined ? {} : { scenario };
  const pages = usePages('decisions', { query }, { everyMs: SLOW_MS });
  return (
    <Section title={t.newest}>
      <Loaded query={pages}>
        {(data) => {
          const rows = data.pages.flatMap(({ items }) => items);
          if (rows.length === 0) {
            return (
              <Empty icon="decision" title={t.emptyTitle}>
                {t.empty}
              </Empty>
            );
          }
          return (
            <DataTable
              label={t.title}
              columns={columnsOf(t, format, { groups, hasScenario: isAny })}
              rows={rows}
              rowKey={({ id }) => id}
              csvName="decisions"
              foot={<MoreButton pages={pages} />}
            />
          );
        }}
      </Loaded>
    </Section>
  );
}
