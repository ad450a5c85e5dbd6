import { Badge } from '@mantine/core';
import type { ApiResponse } from '#libs/contracts';
import { useFormat } from '../../format/format.js';
import { useTexts } from '../../i18n/text.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Moment } from '../../ui/moment.js';
import { Section } from '../../ui/section.js';
import { scenarioWords } from './words.js';

type Version = ApiResponse<'scenario'>['versions'][number];

/** Versions of a scenario: who is in flight keeps the one they entered with. */
export function Versions({ versions }: { readonly versions: readonly Version[] }) {
  const t = useTexts(scenarioWords);
  const { number } = useFormat();
  const columns: readonly Column<Version>[] = [
    {
      key: 'published',
      header: t.version,
      cell: ({ publishedAtMs, isInForce }) => (
        <>
          <Moment atMs={publishedAtMs} />{' '}
          {isInForce && (
            <Badge variant="light" color="green" tt="none">
              {t.inForce}
            </Badge>
          )}
        </>
      ),
      value: ({ publishedAtMs }) => publishedAtMs,
    },
    { key: 'author', header: t.author, cell: ({ author }) => author, value: ({ author }) => author },
    {
      key: 'people',
      header: t.inIt,
      isNumber: true,
      cell: ({ people }) => number(people),
      value: ({ people }) => people,
    },
  ];
  return (
    <Section title={t.versions}>
      <DataTable
        label={t.versions}
        columns={columns}
        rows={versions}
        rowKey={({ definition }) => definition}
      />
    </Section>
  );
}
