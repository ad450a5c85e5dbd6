import { Accordion, Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ApiResponse } from '#libs/contracts';
import { useRead } from '../../api/queries.js';
import { useTexts } from '../../i18n/text.js';
import { CodeBlock } from '../../ui/code-block.js';
import { Empty } from '../../ui/empty.js';
import { Loaded } from '../../ui/loaded.js';
import { Page } from '../../ui/page.js';
import { Section } from '../../ui/section.js';
import { EXAMPLES } from './examples.js';
import { tableWords } from './words.js';

type Tables = ApiResponse<'tables'>;

function Connection({ tables }: { readonly tables: Tables }) {
  const t = useTexts(tableWords);
  const [isShown, { toggle }] = useDisclosure(false);
  const password = isShown ? tables.password : '••••••••';
  const rows = [
    [t.address, tables.url],
    [t.database, tables.database],
    [t.user, `${tables.user} (${t.readOnly})`],
  ] as const;
  const command = (secret: string): string =>
    `curl '${tables.url}/?database=${tables.database}' -u '${tables.user}:${secret}' -d 'SELECT 1'`;
  return (
    <Section title={t.connection}>
      <Stack gap="xs">
        {rows.map(([label, value]) => (
          <Group key={label} gap="xs">
            <Text size="sm" c="dimmed" w={110}>
              {label}
            </Text>
            <Text size="sm" ff="monospace">
              {value}
            </Text>
          </Group>
        ))}
        <Group gap="xs">
          <Text size="sm" c="dimmed" w={110}>
            {t.password}
          </Text>
          <Text size="sm" ff="monospace">
            {password}
          </Text>
          <Button variant="subtle" size="compact-xs" onClick={toggle} aria-pressed={isShown}>
            {isShown ? t.hide : t.reveal}
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          {t.command}
        </Text>
        <CodeBlock label={t.command} text={command(password)} copied={command(tables.password)} />
      </Stack>
    </Section>
  );
}

function Examples() {
  const t = useTexts(tableWords);
  return (
    <Section title={t.examples}>
      <Stack>
        {EXAMPLES.map(({ title, sql }) => (
          <div key={title}>
            <Title order={3} mb={4}>
              {t[title]}
            </Title>
            <CodeBlock label={t[title]} text={sql} />
          </div>
        ))}
      </Stack>
    </Section>
  );
}

function Columns({ table }: { readonly table: Tables['tables'][number] }) {
  const t = useTexts(tableWords);
  return (
    <Table aria-label={table.name} verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t.column}</Table.Th>
          <Table.Th>{t.type}</Table.Th>
          <Table.Th>{t.meaning}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {table.columns.map(({ name, type, comment }) => (
          <Table.Tr key={name}>
            <Table.Td ff="monospace">{name}</Table.Td>
            <Table.Td ff="monospace">{type}</Table.Td>
            <Table.Td>{comment}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Schema({ tables }: { readonly tables: Tables['tables'] }) {
  const t = useTexts(tableWords);
  return (
    <Section title={t.schema}>
      <Accordion variant="separated" multiple keepMounted={false}>
        {tables.map((table) => (
          <Accordion.Item key={table.name} value={table.name}>
            <Accordion.Control>
              <Text size="sm" fw={600} ff="monospace">
                {table.name}
              </Text>
              <Text size="xs" c="dimmed">
                {table.comment}
              </Text>
            </Accordion.Control>
            <Accordion.Panel>
              <Columns table={table} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Section>
  );
}

/** Where analysts query, what they find, and how to start. */
export function TablesPage() {
  const t = useTexts(tableWords);
  const query = useRead('tables');
  return (
    <Page title={t.title} intro={t.intro}>
      <Loaded query={query}>
        {(tables) => (
          <Stack>
            <Connection tables={tables} />
            {tables.tables.length === 0 ? (
              <Empty icon="table" title={t.emptyTitle}>
                {t.empty}
              </Empty>
            ) : (
              <>
                <Examples />
                <Schema tables={tables.tables} />
              </>
            )}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
