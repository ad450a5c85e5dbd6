import { Badge, Box, Group, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { ApiResponse } from '#libs/contracts';
import { SLOW_MS, usePages } from '../../api/queries.js';
import { useMe } from '../../api/session.js';
import { useFormat } from '../../format/format.js';
import { common } from '../../i18n/common.js';
import { useTexts } from '../../i18n/text.js';
import type { Column } from '../../ui/data-table.js';
import { Found } from '../../ui/found.js';
import { TextLink } from '../../ui/link.js';
import { Moment } from '../../ui/moment.js';
import { Page } from '../../ui/page.js';
import { SearchBox } from '../../ui/search-box.js';
import { Section } from '../../ui/section.js';
import { accountWords } from './words.js';

type Line = ApiResponse<'accounts'>['items'][number];

const page = getRouteApi('/shell/accounts');

function ToDo({ line }: { readonly line: Line }) {
  const t = useTexts(accountWords);
  return (
    <Group gap={6}>
      {line.openTasks > 0 && (
        <Badge variant="light" color={line.overdueTasks > 0 ? 'red' : 'indigo'} tt="none">
          {t.tasksOpen(line.openTasks)}
          {line.overdueTasks > 0 && `, ${t.overdue(line.overdueTasks)}`}
        </Badge>
      )}
      {line.openComplaints > 0 && (
        <Badge variant="light" color="orange" tt="none">
          {t.complaintsOpen(line.openComplaints)}
        </Badge>
      )}
    </Group>
  );
}

function NameCell({ line }: { readonly line: Line }) {
  const t = useTexts(accountWords);
  return (
    <>
      <TextLink to="/accounts/$id" params={{ id: line.id }} fw={600}>
        {line.name}
      </TextLink>
      <Text size="sm">{line.lastSentence ?? t.quiet}</Text>
      <Box hiddenFrom="sm" mt={4}>
        <ToDo line={line} />
      </Box>
      {line.lastAtMs !== null && (
        <Text size="xs" c="dimmed">
          <Moment atMs={line.lastAtMs} as="relative" />
        </Text>
      )}
    </>
  );
}

function useColumns(isRep: boolean): readonly Column<Line>[] {
  const t = { ...useTexts(common), ...useTexts(accountWords) };
  const format = useFormat();
  const owner: Column<Line> = {
    key: 'owner',
    header: t.owner,
    isMinor: true,
    cell: (line) => line.owner,
    value: (line) => line.owner,
  };
  return [
    {
      key: 'name',
      header: t.account,
      cell: (line) => <NameCell line={line} />,
      value: ({ name }) => name,
    },
    {
      key: 'toDo',
      header: t.toDo,
      isMinor: true,
      cell: (line) => <ToDo line={line} />,
      value: ({ openTasks }) => openTasks,
    },
    {
      key: 'revenue',
      header: t.revenue365,
      isNumber: true,
      isMinor: true,
      cell: ({ revenue365d }) => format.roundMoney(revenue365d),
      value: ({ revenue365d }) => Number(revenue365d.amount),
    },
    {
      key: 'people',
      header: t.people,
      isNumber: true,
      isMinor: true,
      cell: ({ people }) => format.number(people),
      value: ({ people }) => people,
    },
    ...(isRep ? [] : [owner]),
  ];
}

function AccountList({ query }: { readonly query: string }) {
  const t = useTexts(accountWords);
  const { data: me } = useMe();
  const columns = useColumns(me?.role === 'sales');
  const pages = usePages('accounts', { query: { query } }, { everyMs: SLOW_MS });
  return (
    <Found
      pages={pages}
      query={query}
      icon="account"
      words={t}
      label={t.list}
      columns={columns}
      csvName="accounts"
    />
  );
}

/** The rep's page: who of theirs moved, and what waits to be done. */
export function AccountsPage() {
  const t = useTexts(accountWords);
  const { data: me } = useMe();
  const { q = '' } = page.useSearch();
  const navigate = page.useNavigate();
  return (
    <Page title={me?.role === 'sales' ? t.title : t.list} intro={t.intro}>
      <SearchBox
        label={t.searchLabel}
        placeholder={t.searchHint}
        value={q}
        onSearch={(text) =>
          void navigate({ search: text.trim() === '' ? {} : { q: text }, replace: true })
        }
      />
      <Section title={t.list}>
        <AccountList query={q} />
      </Section>
    </Page>
  );
}
