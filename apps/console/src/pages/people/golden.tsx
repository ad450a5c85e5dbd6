import { Badge, Group, List, Stack, Table, Text, Tooltip } from '@mantine/core';
import type { ApiResponse } from '#libs/contracts';
import { useFormat } from '../../format/format.js';
import {
  common,
  consentStates,
  purposeNames,
  purposeOf,
  enrolmentStates,
} from '../../i18n/common.js';
import { useTexts } from '../../i18n/text.js';
import { ScenarioLink } from '../../ui/entity-links.js';
import { Moment } from '../../ui/moment.js';
import { Section } from '../../ui/section.js';
import { peopleWords } from './words.js';

type Person = ApiResponse<'person'>;

/** The golden record: each value with its source and date, and why that source won. */
export function Golden({ person }: { readonly person: Person }) {
  const t = useTexts(peopleWords);
  return (
    <Section title={t.known}>
      <Table aria-label={t.known} layout="fixed" verticalSpacing={6} horizontalSpacing={4}>
        <Table.Tbody>
          {person.values.map(({ name, label, text, source, atMs, why }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400} c="dimmed">
                {label}
              </Table.Th>
              <Table.Td>
                <Text size="sm" fw={600}>
                  {text}
                </Text>
                <Tooltip label={why} multiline maw={320}>
                  <Text size="xs" c="dimmed" tabIndex={0} component="span">
                    {source}, <Moment atMs={atMs} as="date" />
                  </Text>
                </Tooltip>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

/** Figures of what the person did. */
export function Habits({ person }: { readonly person: Person }) {
  const t = useTexts(peopleWords);
  if (person.aggregates.length + person.scores.length === 0) return null;
  const rows = [
    ...person.aggregates,
    ...person.scores.map(({ name, text }) => ({ name, label: name, text })),
  ];
  return (
    <Section title={t.habits}>
      <Stack gap={4}>
        {rows.map(({ name, label, text }) => (
          <Group key={name} justify="space-between" gap="xs">
            <Text size="sm" c="dimmed">
              {label}
            </Text>
            <Text size="sm" fw={600}>
              {text}
            </Text>
          </Group>
        ))}
      </Stack>
    </Section>
  );
}

/** Segments the person is in, and why. */
export function Segments({ person }: { readonly person: Person }) {
  const t = useTexts(peopleWords);
  return (
    <Section title={t.segments}>
      {person.segments.length === 0 && <Text c="dimmed">{t.noSegment}</Text>}
      <Stack gap="xs">
        {person.segments.map(({ id, name, why }) => (
          <div key={id}>
            <Badge variant="light" tt="none">
              {name}
            </Badge>
            <List size="sm" mt={4}>
              {why.map((reason) => (
                <List.Item key={reason}>{reason}</List.Item>
              ))}
            </List>
          </div>
        ))}
      </Stack>
    </Section>
  );
}

const COLOURS = { granted: 'green', denied: 'red', unknown: 'gray' } as const;

/** Where the person may be written to, and who said so. */
export function Reach({ person }: { readonly person: Person }) {
  const t = { ...useTexts(common), ...useTexts(peopleWords) };
  const states = useTexts(consentStates);
  const purposes = useTexts(purposeNames);
  const format = useFormat();
  const channelOf = (channel: string): string =>
    channel === 'email' || channel === 'sms' ? t[channel] : channel;
  return (
    <Section title={t.reach}>
      <Stack gap="sm">
        {person.channels.map(({ channel, address, isReachable, why }) => (
          <div key={channel}>
            <Text size="sm" fw={600}>
              {t.pair(t[channel], isReachable ? t.reachable : t.unreachable)}
            </Text>
            <Text size="xs" c="dimmed">
              {[address, why].filter(Boolean).join(' · ')}
            </Text>
          </div>
        ))}
        {person.consents.map(({ channel, purpose, status, source, basis, atMs }) => (
          <Group key={`${channel}${purpose}`} gap="xs">
            <Badge variant="light" color={COLOURS[status]} tt="none">
              {states[status]}
            </Badge>
            <Text size="sm">
              {channelOf(channel)}, {purposeOf(purpose, purposes)}
            </Text>
            <Text size="xs" c="dimmed">
              {source === null || atMs === null
                ? t.noStatement
                : t.saidBy([source, basis].filter(Boolean).join(', '), format.date(atMs))}
            </Text>
          </Group>
        ))}
        {person.suppressions.map(({ channel, why, untilMs }) => (
          <Text key={`${channel}${why}`} size="sm">
            {t.pair(channelOf(channel), why)}
            {untilMs !== null && `, ${t.withheldUntil(format.date(untilMs))}`}
          </Text>
        ))}
      </Stack>
    </Section>
  );
}

/** Scenarios the person is in, or was. */
export function Enrolments({ person }: { readonly person: Person }) {
  const t = useTexts(peopleWords);
  const states = useTexts(enrolmentStates);
  const format = useFormat();
  return (
    <Section title={t.scenarios}>
      {person.enrolments.length === 0 && <Text c="dimmed">{t.noScenario}</Text>}
      <Stack gap="xs">
        {person.enrolments.map((enrolment) => (
          <div key={enrolment.id}>
            <Group gap="xs">
              <ScenarioLink id={enrolment.scenario} size="sm" fw={600}>
                {enrolment.scenarioName}
              </ScenarioLink>
              <Badge variant="default" tt="none">
                {states[enrolment.status]}
              </Badge>
            </Group>
            <Text size="xs" c="dimmed">
              {[
                enrolment.stepLabel,
                enrolment.dueAtMs === null ? '' : t.due(format.dateTime(enrolment.dueAtMs)),
              ]
                .filter(Boolean)
                .join(', ')}
            </Text>
          </div>
        ))}
      </Stack>
    </Section>
  );
}
