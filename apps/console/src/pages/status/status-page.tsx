import { Alert, Grid, Group, List, Paper, Stack, Text } from '@mantine/core';
import type { ApiResponse } from '#libs/contracts';
import { LIVE_MS, useRead } from '../../api/queries.js';
import { useFormat } from '../../format/format.js';
import { common } from '../../i18n/common.js';
import { useTexts } from '../../i18n/text.js';
import { Figure } from '../../ui/figure.js';
import { Icon } from '../../ui/icon.js';
import { TextLink } from '../../ui/link.js';
import { Loaded } from '../../ui/loaded.js';
import { Page } from '../../ui/page.js';
import { Section } from '../../ui/section.js';
import { Engines, Jobs, Lags, Queues } from './tables.js';
import { statusWords } from './words.js';

type Status = ApiResponse<'status'>;

function Health({ status }: { readonly status: Status }) {
  const t = useTexts(statusWords);
  return (
    <Alert
      role="status"
      color={status.isHealthy ? 'green' : 'yellow'}
      title={status.isHealthy ? t.healthy : t.unhealthy}
      icon={<Icon name={status.isHealthy ? 'check' : 'warning'} />}
    >
      {status.sentences.length > 0 && (
        <List size="sm">
          {status.sentences.map((sentence) => (
            <List.Item key={sentence}>{sentence}</List.Item>
          ))}
        </List>
      )}
      <Text size="xs" c="dimmed">
        {t.version(status.version)}
      </Text>
    </Alert>
  );
}

function Figures({ status }: { readonly status: Status }) {
  const t = useTexts(statusWords);
  const format = useFormat();
  const { clock, disk, uncertain } = status;
  const pace = clock.speed === 1 ? t.realTime : t.speedOf(format.number(clock.speed));
  const since = uncertain.oldestAtMs === null ? undefined : format.dateTime(uncertain.oldestAtMs);
  const total = disk.totalBytes === null ? '' : `${t.ofTotal(format.bytes(disk.totalBytes))}, `;
  return (
    <Paper withBorder p="md">
      <Group gap="xl" align="flex-start">
        <Figure label={t.clock} note={clock.isResting ? `${pace}, ${t.resting}` : pace}>
          {format.dateTime(clock.nowMs)}
        </Figure>
        <Figure label={t.uncertain} note={since === undefined ? t.uncertainHint : t.since(since)}>
          {format.number(uncertain.count)}
        </Figure>
        <Figure label={t.disk} note={`${total}${t.used(format.bytes(disk.storeBytes))}`}>
          {disk.freeBytes === null ? '–' : format.bytes(disk.freeBytes)}
        </Figure>
      </Group>
    </Paper>
  );
}

function DeadLetters({ causes }: { readonly causes: Status['deadLetters'] }) {
  const t = useTexts(statusWords);
  const c = useTexts(common);
  const { number } = useFormat();
  if (causes.length === 0) return null;
  return (
    <Section
      title={t.deadLetters}
      aside={
        <TextLink to="/dead-letters" size="sm">
          {t.see}
        </TextLink>
      }
    >
      <List size="sm">
        {causes.map(({ code, reason, count }) => (
          <List.Item key={code}>{c.pair(number(count), reason)}</List.Item>
        ))}
      </List>
    </Section>
  );
}

/** The operator's page: is it healthy, what is stuck. */
export function StatusPage() {
  const t = useTexts(statusWords);
  const query = useRead('status', {}, { everyMs: LIVE_MS });
  return (
    <Page title={t.title} intro={t.intro}>
      <Loaded query={query}>
        {(status) => (
          <Stack>
            <Health status={status} />
            <Figures status={status} />
            <Engines engines={status.engines} />
            <Grid>
              <Grid.Col span={{ base: 12, lg: 6 }}>
                <Queues queues={status.queues} />
              </Grid.Col>
              <Grid.Col span={{ base: 12, lg: 6 }}>
                <Lags lag={status.lag} />
              </Grid.Col>
            </Grid>
            <DeadLetters causes={status.deadLetters} />
            <Jobs jobs={status.jobs} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
