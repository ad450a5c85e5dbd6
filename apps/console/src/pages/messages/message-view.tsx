import {
  Anchor,
  Badge,
  Group,
  List,
  SegmentedControl,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import { useState } from 'react';
import type { ApiResponse } from '#libs/contracts';
import { SLOW_MS, useRead } from '../../api/queries.js';
import { useTexts } from '../../i18n/text.js';
import { PersonLink, ScenarioLink } from '../../ui/entity-links.js';
import { Loaded } from '../../ui/loaded.js';
import { Moment } from '../../ui/moment.js';
import classes from './messages.module.css';
import { Rendered } from './rendered.js';
import { messageWords } from './words.js';

type Detail = ApiResponse<'sandboxMessage'>;
type View = 'desktop' | 'phone' | 'text' | 'headers';

function Headers({ headers }: { readonly headers: Detail['headers'] }) {
  const t = useTexts(messageWords);
  return (
    <Table aria-label={t.headers} layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w="30%">{t.header}</Table.Th>
          <Table.Th>{t.value}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody className={classes['headers'] ?? ''}>
        {Object.entries(headers).map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Td>{name}</Table.Td>
            <Table.Td>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Body({ message, view }: { readonly message: Detail; readonly view: View }) {
  const t = useTexts(messageWords);
  if (view === 'headers') return <Headers headers={message.headers} />;
  if (view === 'text') {
    return (
      <pre className={classes['text']} tabIndex={0} aria-label={t.text}>
        {message.text}
      </pre>
    );
  }
  if (message.channel === 'sms') {
    return (
      <div className={classes['stage']}>
        <p className={classes['bubble']}>{message.text}</p>
      </div>
    );
  }
  return <Rendered label={t.rendered} html={message.html} isPhone={view === 'phone'} />;
}

function Became({ message }: { readonly message: Detail }) {
  const t = useTexts(messageWords);
  return (
    <Stack gap="xs">
      <Title order={3}>{t.happened}</Title>
      {message.happened.length === 0 && <Text c="dimmed">{t.nothingYet}</Text>}
      <List size="sm">
        {message.happened.map(({ atMs, sentence }) => (
          <List.Item key={`${atMs}${sentence}`}>
            {sentence}{' '}
            <Text span size="xs" c="dimmed">
              <Moment atMs={atMs} />
            </Text>
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}

/** Only web addresses open: a message may hold any text where its links stand. */
const isWebAddress = (link: string): boolean => /^https?:\/\//i.test(link);

function Links({ links }: { readonly links: readonly string[] }) {
  const t = useTexts(messageWords);
  if (links.length === 0) return null;
  return (
    <Stack gap="xs">
      <Title order={3}>{t.links}</Title>
      <Text size="sm" c="dimmed">
        {t.linksHint}
      </Text>
      <List size="sm" className={classes['headers'] ?? ''}>
        {links.map((link, index) => (
          <List.Item key={`${index}${link}`}>
            {isWebAddress(link) ? (
              <Anchor href={link} target="_blank" rel="noreferrer" size="sm">
                {link}
              </Anchor>
            ) : (
              link
            )}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}

function Envelope({ message }: { readonly message: Detail }) {
  const t = useTexts(messageWords);
  const { person, scenario } = message;
  return (
    <div>
      <Title order={2}>{message.subject === '' ? t.noSubject : message.subject}</Title>
      <Text size="sm" c="dimmed">
        {t.from} {message.from}
      </Text>
      <Text size="sm" c="dimmed">
        {t.to}{' '}
        {person === null ? (
          message.to
        ) : (
          <PersonLink id={person.id} size="sm">
            {person.name} ({message.to})
          </PersonLink>
        )}
        {scenario !== null && (
          <>
            {' · '}
            <ScenarioLink id={scenario.id} size="sm">
              {scenario.name}
            </ScenarioLink>
          </>
        )}
        {' · '}
        <Moment atMs={Date.parse(message.at)} />
      </Text>
      {message.state !== null && (
        <Badge variant="default" tt="none" mt={4}>
          {message.state}
        </Badge>
      )}
    </div>
  );
}

function Message({ message }: { readonly message: Detail }) {
  const t = useTexts(messageWords);
  const [view, setView] = useState<View>(message.channel === 'sms' ? 'phone' : 'desktop');
  const views: readonly View[] =
    message.channel === 'sms' ? ['phone', 'headers'] : ['desktop', 'phone', 'text', 'headers'];
  return (
    <Stack>
      <Group justify="space-between" align="flex-start">
        <Envelope message={message} />
        <SegmentedControl
          size="xs"
          aria-label={t.view}
          value={view}
          onChange={setView}
          data={views.map((value) => ({ value, label: t[value] }))}
        />
      </Group>
      <Body message={message} view={view} />
      <Became message={message} />
      <Links links={message.links} />
    </Stack>
  );
}

/** One message as received, and what became of it. */
export function MessageView({ id }: { readonly id: string }) {
  const query = useRead('sandboxMessage', { params: { id } }, { everyMs: SLOW_MS });
  return (
    <Loaded query={query}>{(message) => <Message key={message.id} message={message} />}</Loaded>
  );
}
