import { Alert, Anchor, Chip, Collapse, Group, List, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ApiResponse } from '#libs/contracts';
import { SLOW_MS, usePages } from '../../api/queries.js';
import { useMe } from '../../api/session.js';
import { useFormat } from '../../format/format.js';
import { useTexts } from '../../i18n/text.js';
import { Empty } from '../../ui/empty.js';
import { Icon, type IconName } from '../../ui/icon.js';
import { TextLink } from '../../ui/link.js';
import { Loaded } from '../../ui/loaded.js';
import { Moment } from '../../ui/moment.js';
import { MoreButton } from '../../ui/more-button.js';
import { Section } from '../../ui/section.js';
import classes from './timeline.module.css';
import { peopleWords } from './words.js';

type Item = ApiResponse<'timeline'>['items'][number];
type Kind = Item['kind'];

const ICONS: Readonly<Record<Kind, IconName>> = {
  event: 'event',
  enrolment: 'enter',
  step: 'right',
  decision: 'decision',
  message: 'message',
  withheld: 'cross',
  outcome: 'flag',
  task: 'task',
};
const KINDS = Object.keys(ICONS) as Kind[];

function DecisionLink({ item }: { readonly item: Item }) {
  const t = useTexts(peopleWords);
  const { data } = useMe();
  // A rep reads the reasons here; the page of the decision is not for them.
  if (item.kind !== 'decision' || item.refId === null || data?.role === 'sales') return null;
  return (
    <TextLink to="/decisions/$id" params={{ id: item.refId }} size="sm">
      {t.openDecision}
    </TextLink>
  );
}

function Line({ item }: { readonly item: Item }) {
  const t = useTexts(peopleWords);
  const [isOpen, { toggle }] = useDisclosure(item.kind === 'decision');
  return (
    <li className={classes['line']} data-kind={item.kind}>
      <span className={classes['icon']}>
        <Icon name={ICONS[item.kind]} size={15} />
      </span>
      <div className={classes['body']}>
        <Group justify="space-between" wrap="nowrap" align="flex-start" gap="sm">
          <Text size="sm" fw={item.kind === 'decision' ? 600 : 400}>
            {item.sentence}
          </Text>
          <Text size="xs" c="dimmed" className={classes['time'] ?? ''}>
            <Moment atMs={item.atMs} as="time" />
          </Text>
        </Group>
        <Text size="xs" c="dimmed">
          {[item.scenario?.name, item.source].filter(Boolean).join(' · ')}
        </Text>
        {item.details.length > 0 && (
          <>
            <Anchor component="button" size="sm" onClick={toggle} aria-expanded={isOpen}>
              {t.why}
            </Anchor>
            <Collapse expanded={isOpen}>
              <List size="sm" spacing={2} withPadding={false}>
                {item.details.map((detail) => (
                  <List.Item key={detail}>{detail}</List.Item>
                ))}
              </List>
            </Collapse>
          </>
        )}
        <DecisionLink item={item} />
      </div>
    </li>
  );
}

function Days({ items }: { readonly items: readonly Item[] }) {
  const format = useFormat();
  const days = [...Map.groupBy(items, ({ atMs }) => format.dayOf(atMs))];
  return days.map(([day, lines]) => (
    <section key={day}>
      <Title order={3} className={classes['day'] ?? ''}>
        {format.longDay(lines[0]?.atMs ?? 0)}
      </Title>
      <ul className={classes['lines']}>
        {lines.map((item) => (
          <Line key={`${item.kind}${item.id}`} item={item} />
        ))}
      </ul>
    </section>
  ));
}

interface TimelineProps {
  readonly person: string;
  readonly kinds: string;
  readonly onKinds: (kinds: string) => void;
}

function useTimeline(person: string, kinds: string) {
  // The server reads the list from its text; the schema's input is not a plain string's.
  const query = (kinds === '' ? {} : { kinds }) as Record<string, never>;
  return usePages('timeline', { params: { id: person }, query }, { everyMs: SLOW_MS });
}

/** All that happened with a person, newest first, by kind where asked. */
export function Timeline({ person, kinds, onKinds }: TimelineProps) {
  const t = useTexts(peopleWords);
  const pages = useTimeline(person, kinds);
  return (
    <Section title={t.timeline}>
      <Chip.Group
        multiple
        value={kinds.split(',')}
        onChange={(chosen) => onKinds(chosen.filter(Boolean).join(','))}
      >
        <Group gap={6} mb="md" role="group" aria-label={t.filter}>
          {KINDS.map((kind) => (
            <Chip key={kind} value={kind} size="xs" variant="outline">
              {t[kind]}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Loaded query={pages}>
        {(data) => {
          const items = data.pages.flatMap((page) => page.items);
          return (
            <Stack>
              {data.pages.some(({ isPartial }) => isPartial) && (
                <Alert color="yellow" role="status">
                  {t.partial}
                </Alert>
              )}
              {items.length === 0 ? (
                <Empty icon="today" title={t.nothingTitle}>
                  {t.nothing}
                </Empty>
              ) : (
                <Days items={items} />
              )}
              <div>
                <MoreButton pages={pages} />
              </div>
            </Stack>
          );
        }}
      </Loaded>
    </Section>
  );
}
