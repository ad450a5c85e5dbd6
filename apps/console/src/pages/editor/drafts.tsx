import { Badge, Text } from '@mantine/core';
import type { ApiResponse } from '#libs/contracts';
import { useRead } from '../../api/queries.js';
import { useTexts, type Told } from '../../i18n/text.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { TextLink } from '../../ui/link.js';
import { Moment } from '../../ui/moment.js';
import { Section } from '../../ui/section.js';
import { editorWords } from './words.js';

type Entry = ApiResponse<'draft'>['files'][number];

const COLOURS = { added: 'green', changed: 'indigo', removed: 'red' };

function columnsOf(t: Told<typeof editorWords>): readonly Column<Entry>[] {
  return [
    {
      key: 'name',
      header: t.name,
      cell: ({ path, scenario }) => (
        <TextLink to="/editor" search={{ file: path }} fw={600}>
          {scenario?.name ?? path}
        </TextLink>
      ),
      value: ({ path, scenario }) => scenario?.name ?? path,
    },
    {
      key: 'change',
      header: t.change,
      cell: ({ change }) => (
        <Badge variant="light" color={COLOURS[change]} tt="none">
          {t[change]}
        </Badge>
      ),
      value: ({ change }) => t[change],
    },
    {
      key: 'author',
      header: t.by,
      isMinor: true,
      cell: ({ author }) => author,
      value: ({ author }) => author,
    },
    {
      key: 'when',
      header: t.when,
      isMinor: true,
      cell: ({ updatedAtMs }) => <Moment atMs={updatedAtMs} />,
      value: ({ updatedAtMs }) => updatedAtMs,
    },
  ];
}

/** What was changed here and is not published; nothing where there is none. */
export function Drafts() {
  const t = useTexts(editorWords);
  const { data } = useRead('draft');
  if (data === undefined || data.files.length === 0) return null;
  return (
    <Section title={t.drafts}>
      <Text size="sm" c="dimmed" mb="xs">
        {t.draftsIntro}
      </Text>
      <DataTable
        label={t.drafts}
        columns={columnsOf(t)}
        rows={data.files}
        rowKey={({ path }) => path}
      />
    </Section>
  );
}
