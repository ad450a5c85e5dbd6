import { Badge, Grid, List, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { ApiResponse } from '#libs/contracts';
import { SLOW_MS, useRead } from '../../api/queries.js';
import { useFormat } from '../../format/format.js';
import { common, groupNames } from '../../i18n/common.js';
import { useTexts } from '../../i18n/text.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { PersonLink, ScenarioLink } from '../../ui/entity-links.js';
import { Loaded } from '../../ui/loaded.js';
import { Moment } from '../../ui/moment.js';
import { Page } from '../../ui/page.js';
import { Section } from '../../ui/section.js';
import { Funnel } from './funnel.js';
import { decisionWords } from './words.js';

type Decision = ApiResponse<'decision'>;
type Candidate = Decision['candidates'][number];

const page = getRouteApi('/shell/decisions/$id');

function Candidates({ decision }: { readonly decision: Decision }) {
  const t = { ...useTexts(common), ...useTexts(decisionWords) };
  const format = useFormat();
  const channelOf = (channel: string | null): string =>
    channel === 'email' || channel === 'sms' || channel === 'task' ? t[channel] : (channel ?? '');
  const columns: readonly Column<Candidate>[] = [
    {
      key: 'action',
      header: t.action,
      cell: ({ actionName, channel, isChosen }) => (
        <>
          <Text size="sm" fw={isChosen ? 700 : 400} span>
            {actionName}
          </Text>{' '}
          <Text size="xs" c="dimmed" span>
            {channelOf(channel)}
          </Text>{' '}
          {isChosen && (
            <Badge tt="none" variant="light">
              {t.chosen}
            </Badge>
          )}
        </>
      ),
      value: ({ actionName }) => actionName,
    },
    { key: 'why', header: t.reason, cell: ({ why }) => why, value: ({ why }) => why },
    {
      key: 'chance',
      header: t.outcomeChance,
      isNumber: true,
      cell: ({ outcomePropensity: p }) => (p === null ? '–' : format.percent(p)),
      value: ({ outcomePropensity }) => outcomePropensity,
    },
    {
      key: 'gain',
      header: t.gain,
      isNumber: true,
      cell: ({ expectedGain }) => (expectedGain === null ? '–' : format.money(expectedGain)),
      value: ({ expectedGain }) => (expectedGain === null ? null : Number(expectedGain.amount)),
    },
    {
      key: 'propensity',
      header: t.chance,
      isNumber: true,
      cell: ({ propensity }) => (propensity === 0 ? '–' : format.percent(propensity)),
      value: ({ propensity }) => propensity,
    },
  ];
  return (
    <DataTable
      label={t.candidates}
      columns={columns}
      rows={decision.candidates}
      rowKey={({ action, treatment }) => `${action}/${treatment}`}
      csvName="decision"
    />
  );
}

function Why({ sentences }: { readonly sentences: readonly string[] }) {
  const [first, ...rest] = sentences;
  return (
    <Stack gap="xs">
      <Text fw={600}>{first}</Text>
      <List size="sm" spacing={4}>
        {rest.map((sentence) => (
          <List.Item key={sentence}>{sentence}</List.Item>
        ))}
      </List>
    </Stack>
  );
}

function Followed({ outcomes }: { readonly outcomes: Decision['outcomes'] }) {
  const t = useTexts(decisionWords);
  if (outcomes.length === 0) return <Text c="dimmed">{t.nothingYet}</Text>;
  return (
    <List size="sm" spacing={4}>
      {outcomes.map(({ atMs, sentence }) => (
        <List.Item key={`${atMs}${sentence}`}>
          {sentence}{' '}
          <Text span size="xs" c="dimmed">
            <Moment atMs={atMs} />
          </Text>
        </List.Item>
      ))}
    </List>
  );
}

function Content({ decision }: { readonly decision: Decision }) {
  const t = { ...useTexts(common), ...useTexts(decisionWords) };
  const groups = useTexts(groupNames);
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Stack>
          <Section title={t.why}>
            <Why sentences={decision.sentences} />
          </Section>
          <Section title={t.happened}>
            <Followed outcomes={decision.outcomes} />
          </Section>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Section title={t.funnel}>
          <Funnel decision={decision} />
        </Section>
      </Grid.Col>
      <Grid.Col span={12}>
        <Section
          title={t.candidates}
          aside={
            <Text size="xs" c="dimmed">
              {[t.pair(t.group, groups[decision.group]), t.pair(t.model, decision.model)].join(
                ' · ',
              )}
            </Text>
          }
        >
          <Candidates decision={decision} />
        </Section>
      </Grid.Col>
    </Grid>
  );
}

/** One decision in words: what was chosen and why, and why each of the others was not. */
export function DecisionPage() {
  const t = useTexts(decisionWords);
  const { id } = page.useParams();
  const query = useRead('decision', { params: { id } }, { everyMs: SLOW_MS });
  const { data } = query;
  return (
    <Page
      title={data === undefined ? t.one : t.about(data.person.name)}
      intro={
        data !== undefined && (
          <>
            <PersonLink id={data.person.id}>{data.person.name}</PersonLink>
            {' · '}
            <ScenarioLink id={data.scenario.id}>{data.scenario.name}</ScenarioLink>
            {' · '}
            <Moment atMs={data.atMs} />
          </>
        )
      }
    >
      <Loaded query={query}>{(decision) => <Content decision={decision} />}</Loaded>
    </Page>
  );
}
