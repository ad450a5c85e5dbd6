import { Text } from '@mantine/core';
import type { ApiResponse } from '#libs/contracts';
import { LIVE_MS, usePages } from '../../api/queries.js';
import { common, enrolmentStates, groupNames } from '../../i18n/common.js';
import { useTexts } from '../../i18n/text.js';
import { csvTime } from '../../ui/csv.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Empty } from '../../ui/empty.js';
import { TextLink } from '../../ui/link.js';
import { Loaded } from '../../ui/loaded.js';
import { Moment } from '../../ui/moment.js';
import { MoreButton } from '../../ui/more-button.js';
import { scenarioWords } from './words.js';

type ScenarioPerson = ApiResponse<'scenarioPeople'>['items'][number];

function useColumns(isStepGiven: boolean): readonly Column<ScenarioPerson>[] {
  const t = { ...useTexts(common), ...useTexts(scenarioWords) };
  const states = useTexts(enrolmentStates);
  const groups = useTexts(groupNames);
  const name: Column<ScenarioPerson> = {
    key: 'name',
    header: t.person,
    cell: (person) => (
      <TextLink to="/people/$id" params={{ id: person.profileId }}>
        {person.name}
      </TextLink>
    ),
    value: (person) => person.name,
  };
  const step: Column<ScenarioPerson> = {
    key: 'step',
    header: t.step,
    cell: ({ stepLabel }) => stepLabel,
    value: ({ stepLabel }) => stepLabel,
  };
  return [
    name,
    ...(isStepGiven ? [] : [step]),
    {
      key: 'state',
      header: t.state,
      isMinor: true,
      cell: ({ status }) => states[status],
      value: ({ status }) => states[status],
    },
    {
      key: 'group',
      header: t.group,
      isMinor: true,
      cell: ({ group }) => groups[group],
      value: ({ group }) => groups[group],
    },
    {
      key: 'since',
      header: t.since,
      cell: ({ sinceMs, enteredAtMs }) => (
        <Moment atMs={sinceMs ?? enteredAtMs} as="relative" />
      ),
      value: ({ sinceMs, enteredAtMs }) => csvTime(sinceMs ?? enteredAtMs),
    },
    {
      key: 'due',
      header: t.due,
      cell: ({ dueAtMs }) =>
        dueAtMs === null ? (
          <Text size="sm" c="dimmed">
            {t.onEvent}
          </Text>
        ) : (
          <Moment atMs={dueAtMs} />
        ),
      value: ({ dueAtMs }) => csvTime(dueAtMs),
    },
  ];
}

interface StepPeopleProps {
  readonly scenario: string;
  /** Only those on this step. */
  readonly step?: string;
}

/** Who is in a scenario, or on one step of it: since when, and what moves them on. */
export function StepPeople({ scenario, step }: StepPeopleProps) {
  const t = useTexts(scenarioWords);
  const columns = useColumns(step !== undefined);
  const query = step === undefined ? {} : { step };
  const pages = usePages('scenarioPeople', { params: { id: scenario }, query }, { everyMs: LIVE_MS });
  return (
    <Loaded query={pages}>
      {(data) => {
        const rows = data.pages.flatMap(({ items }) => items);
        if (rows.length === 0) {
          return (
            <Empty icon="people" title={t.nobodyTitle}>
              {t.nobody}
            </Empty>
          );
        }
        return (
          <DataTable
            label={t.people}
            columns={columns}
            rows={rows}
            rowKey={({ enrolmentId }) => enrolmentId}
            csvName={`${scenario}-people`}
            foot={<MoreButton pages={pages} />}
          />
        );
      }}
    </Loaded>
  );
}
