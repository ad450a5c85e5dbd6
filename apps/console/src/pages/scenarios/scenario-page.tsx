import { Alert, Drawer, Grid, Group, List, Stack, Tabs, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { ApiResponse } from '#libs/contracts';
import { LIVE_MS, useRead } from '../../api/queries.js';
import { useMe } from '../../api/session.js';
import { useFormat } from '../../format/format.js';
import { common } from '../../i18n/common.js';
import { useLocale } from '../../i18n/locale.js';
import { useTexts } from '../../i18n/text.js';
import { mayPause } from '../../pauses/pause-banner.js';
import { PauseButton } from '../../pauses/pause-button.js';
import { Figure } from '../../ui/figure.js';
import { LiftCell } from '../../ui/lift.js';
import { TextLink } from '../../ui/link.js';
import { Loaded } from '../../ui/loaded.js';
import { Page } from '../../ui/page.js';
import { Section } from '../../ui/section.js';
import { StateBadge } from '../../ui/state-badge.js';
import { DecisionList } from '../decisions/decision-list.js';
import { ResultsView } from '../results/results-view.js';
import { Coverage, coverageWords } from './coverage.js';
import { Graph } from './graph.js';
import { StepPeople } from './step-people.js';
import { Versions } from './versions.js';
import { scenarioWords } from './words.js';
import { Yaml } from './yaml.js';

type Detail = ApiResponse<'scenario'>;

const page = getRouteApi('/shell/scenarios/$id');

function Figures({ scenario }: { readonly scenario: Detail }) {
  const t = useTexts(scenarioWords);
  const { number } = useFormat();
  return (
    <Group gap="xl" align="flex-start">
      <Figure label={t.inIt}>{number(scenario.people)}</Figure>
      {scenario.paused > 0 && <Figure label={t.held}>{number(scenario.paused)}</Figure>}
      <Figure label={t.heldOut}>{number(scenario.heldOut)}</Figure>
      <Figure label={t.ended}>{number(scenario.ended)}</Figure>
      <Stack gap={2} maw={280}>
        <Text size="xs" c="dimmed">
          {t.lift}
        </Text>
        <LiftCell lift={scenario.lift} />
      </Stack>
    </Group>
  );
}

/** Lines of the file to mark: those of problems, and the one that names the open step. */
function markedLines({ source, problems }: Detail, openStep: string | undefined): Set<number> {
  const lines = problems.flatMap(({ place }) => (place === undefined ? [] : [place.line]));
  const named = openStep === undefined || source === null ? [] : source.text.split('\n');
  const step = named.findIndex((line) => line.trim().replace(/^- /, '') === `id: ${openStep}`);
  return new Set(step === -1 ? lines : [...lines, step + 1]);
}

function Source({ scenario, step }: { readonly scenario: Detail; readonly step?: string | undefined }) {
  const t = useTexts(scenarioWords);
  const { locale } = useLocale();
  const marked = useMemo(() => markedLines(scenario, step), [scenario, step]);
  const { source, problems } = scenario;
  return (
    <Section
      title={t.source}
      aside={
        source !== null && (
          <Group gap="sm">
            <Text size="xs" c="dimmed">
              {source.path}
            </Text>
            <TextLink to="/editor" search={{ file: source.path }} size="sm">
              {t.editFile}
            </TextLink>
          </Group>
        )
      }
    >
      <Stack gap="xs">
        {problems.map(({ code, severity, message, place }) => (
          <Alert
            role="note" key={`${code}-${place?.line}`} color={severity === 'error' ? 'red' : 'yellow'} py="xs">
            {message[locale]} {place !== undefined && <>({t.lineOf(place.line)})</>}
          </Alert>
        ))}
        {source === null ? (
          <Text c="dimmed">{t.noSource}</Text>
        ) : (
          <Yaml label={t.source} text={source.text} marked={marked} />
        )}
      </Stack>
    </Section>
  );
}

function usePlace() {
  const { id } = page.useParams();
  const { tab = 'graph', step } = page.useSearch();
  const navigate = page.useNavigate();
  const open = useCallback(
    (chosen: string | undefined) =>
      void navigate({
        search: ({ tab: kept }) => ({
          ...(kept === undefined ? {} : { tab: kept }),
          ...(chosen === undefined ? {} : { step: chosen }),
        }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  const show = (chosen: string | null) =>
    void navigate({ search: { tab: chosen ?? 'graph' }, replace: true, resetScroll: false });
  return { id, tab, step, open, show };
}

type Place = ReturnType<typeof usePlace>;

function Path({ scenario, place }: { readonly scenario: Detail; readonly place: Place }) {
  const t = useTexts(scenarioWords);
  return (
    <Grid>
      <Grid.Col span={{ base: 12, lg: 7 }}>
        <Section title={t.graph}>
          <Graph
            name={scenario.name}
            graph={scenario.graph}
            openStep={place.step}
            onOpen={place.open}
          />
        </Section>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 5 }}>
        <Stack>
          <Section title={t.summary}>
            <List size="sm" spacing={4}>
              {scenario.summary.map((sentence) => (
                <List.Item key={sentence}>{sentence}</List.Item>
              ))}
            </List>
          </Section>
          <Source scenario={scenario} step={place.step} />
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

function StepDrawer({ scenario, place }: { readonly scenario: Detail; readonly place: Place }) {
  const t = { ...useTexts(common), ...useTexts(scenarioWords) };
  const step = scenario.graph.nodes.find(({ id }) => id === place.step);
  return (
    <Drawer
      opened={step !== undefined}
      onClose={() => place.open(undefined)}
      position="right"
      size="lg"
      title={step?.label ?? t.stepPeople}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      {step !== undefined && (
        <Stack>
          <List size="sm">
            {step.details.map((detail) => (
              <List.Item key={detail}>{detail}</List.Item>
            ))}
          </List>
          <StepPeople scenario={scenario.id} step={step.id} />
        </Stack>
      )}
    </Drawer>
  );
}

function Content({ scenario, place }: { readonly scenario: Detail; readonly place: Place }) {
  const t = useTexts(scenarioWords);
  const c = useTexts(coverageWords);
  return (
    <Stack>
      <Figures scenario={scenario} />
      <Tabs value={place.tab} onChange={place.show} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="graph">{t.graph}</Tabs.Tab>
          <Tabs.Tab value="results">{t.results}</Tabs.Tab>
          <Tabs.Tab value="people">{t.people}</Tabs.Tab>
          <Tabs.Tab value="decisions">{t.decisions}</Tabs.Tab>
          <Tabs.Tab value="coverage">{c.tab}</Tabs.Tab>
          <Tabs.Tab value="versions">{t.versions}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="graph">
          <Path scenario={scenario} place={place} />
        </Tabs.Panel>
        <Tabs.Panel value="results">
          <ResultsView scenario={scenario.id} />
        </Tabs.Panel>
        <Tabs.Panel value="people">
          <Section title={t.people}>
            <StepPeople scenario={scenario.id} />
          </Section>
        </Tabs.Panel>
        <Tabs.Panel value="decisions">
          <DecisionList scenario={scenario.id} />
        </Tabs.Panel>
        <Tabs.Panel value="coverage">
          <Coverage scenario={scenario.id} />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <Versions scenario={scenario.id} versions={scenario.versions} />
        </Tabs.Panel>
      </Tabs>
      <StepDrawer scenario={scenario} place={place} />
    </Stack>
  );
}

/** Whether it runs, and the way to pause it for who may. */
function ScenarioState({ scenario }: { readonly scenario: Detail }) {
  const { data: me } = useMe();
  return (
    <Group gap="sm">
      <StateBadge state={scenario.state} />
      {me !== undefined && mayPause(me.role) && (
        <PauseButton scenario={scenario.id} isPaused={scenario.state === 'paused'} />
      )}
    </Group>
  );
}

/** A scenario: its path with live counts beside the file it comes from, and what it brought. */
export function ScenarioPage() {
  const t = useTexts(common);
  const place = usePlace();
  const query = useRead('scenario', { params: { id: place.id } }, { everyMs: LIVE_MS });
  const { data } = query;
  return (
    <Page
      title={data?.name ?? t.scenario}
      intro={data?.description === '' ? undefined : data?.description}
      aside={data !== undefined && <ScenarioState scenario={data} />}
    >
      <Loaded query={query}>{(scenario) => <Content scenario={scenario} place={place} />}</Loaded>
    </Page>
  );
}
