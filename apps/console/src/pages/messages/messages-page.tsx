import { Badge, Grid, Group, SegmentedControl, Text, UnstyledButton } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { ApiResponse } from '#libs/contracts';
import { LIVE_MS, useRead } from '../../api/queries.js';
import { common } from '../../i18n/common.js';
import { useTexts } from '../../i18n/text.js';
import { CsvButton, type CsvColumn } from '../../ui/csv-button.js';
import { Empty } from '../../ui/empty.js';
import { Loaded } from '../../ui/loaded.js';
import { Moment } from '../../ui/moment.js';
import { Page } from '../../ui/page.js';
import { SearchBox } from '../../ui/search-box.js';
import { Section } from '../../ui/section.js';
import { MessageView } from './message-view.js';
import classes from './messages.module.css';
import { messageWords } from './words.js';

type Messages = ApiResponse<'sandboxMessages'>;

const page = getRouteApi('/shell/messages');
const SHOWN = 100;

interface MailboxProps {
  readonly messages: Messages;
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}

function Mailbox({ messages, chosen, onChoose }: MailboxProps) {
  const t = { ...useTexts(common), ...useTexts(messageWords) };
  return (
    <ul className={classes['list']} aria-label={t.caught}>
      {messages.map(({ id, to, subject, text, channel, at }) => (
        <li key={id}>
          <UnstyledButton
            className={classes['item'] ?? ''}
            aria-current={id === chosen}
            onClick={() => onChoose(id)}
          >
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <Text size="sm" fw={600} truncate>
                {channel === 'sms' ? text : subject || t.noSubject}
              </Text>
              <Badge variant="default" size="sm" tt="none" flex="none">
                {t[channel]}
              </Badge>
            </Group>
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <Text size="xs" c="dimmed" truncate>
                {to}
              </Text>
              <Text size="xs" c="dimmed">
                <Moment atMs={Date.parse(at)} />
              </Text>
            </Group>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}

function MailboxCsv({ messages }: { readonly messages: Messages }) {
  const t = { ...useTexts(common), ...useTexts(messageWords) };
  const columns: readonly CsvColumn<Messages[number]>[] = [
    { header: t.when, value: ({ at }) => at },
    { header: t.channel, value: ({ channel }) => t[channel] },
    { header: t.from, value: ({ from }) => from },
    { header: t.to, value: ({ to }) => to },
    { header: t.subject, value: ({ subject }) => subject },
    { header: t.text, value: ({ text }) => text },
  ];
  return <CsvButton name="messages" columns={columns} rows={messages} />;
}

function useFilters() {
  const search = page.useSearch();
  const navigate = page.useNavigate();
  const set = (change: Partial<Record<'to' | 'channel' | 'id', string>>) =>
    void navigate({
      search: (kept) =>
        Object.fromEntries(
          Object.entries({ ...kept, ...change }).filter(([, value]) => value !== ''),
        ),
      replace: true,
      resetScroll: false,
    });
  const channel = (['email', 'sms'] as const).find((one) => one === search.channel);
  return { to: search.to ?? '', id: search.id, channel, set };
}

type Filters = ReturnType<typeof useFilters>;

function Filter({ filters }: { readonly filters: Filters }) {
  const t = { ...useTexts(common), ...useTexts(messageWords) };
  return (
    <Group align="flex-end">
      <SearchBox
        label={t.toLabel}
        placeholder={t.toHint}
        value={filters.to}
        onSearch={(to) => filters.set({ to: to.trim(), id: '' })}
      />
      <SegmentedControl
        aria-label={t.channel}
        value={filters.channel ?? ''}
        onChange={(channel) => filters.set({ channel, id: '' })}
        data={[
          { value: '', label: t.both },
          { value: 'email', label: t.email },
          { value: 'sms', label: t.sms },
        ]}
      />
    </Group>
  );
}

function Split({ messages, filters }: { readonly messages: Messages; readonly filters: Filters }) {
  const t = useTexts(messageWords);
  const isFiltered = filters.to !== '' || filters.channel !== undefined;
  if (messages.length === 0) {
    return (
      <Empty icon="message" title={isFiltered ? t.noMatchTitle : t.emptyTitle}>
        {isFiltered ? t.noMatch : t.empty}
      </Empty>
    );
  }
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <Section title={t.caught}>
          <Mailbox messages={messages} chosen={filters.id} onChoose={(id) => filters.set({ id })} />
          <MailboxCsv messages={messages} />
        </Section>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 8 }}>
        {filters.id === undefined ? (
          <Empty icon="message" title={t.title}>
            {t.choose}
          </Empty>
        ) : (
          <MessageView key={filters.id} id={filters.id} />
        )}
      </Grid.Col>
    </Grid>
  );
}

/** The mailbox of the sandbox: what everybody received, as they see it. */
export function MessagesPage() {
  const t = useTexts(messageWords);
  const filters = useFilters();
  const query = {
    limit: SHOWN,
    ...(filters.to === '' ? {} : { to: filters.to }),
    ...(filters.channel === undefined ? {} : { channel: filters.channel }),
  };
  const messages = useRead('sandboxMessages', { query }, { everyMs: LIVE_MS });
  return (
    <Page title={t.title} intro={t.intro}>
      <Filter filters={filters} />
      <Loaded query={messages}>{(items) => <Split messages={items} filters={filters} />}</Loaded>
    </Page>
  );
}
