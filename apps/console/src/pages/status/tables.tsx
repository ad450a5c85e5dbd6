import { Badge, Text } from '@mantine/core';
import type { ApiResponse } from '#libs/contracts';
import { useFormat } from '../../format/format.js';
import { useTexts } from '../../i18n/text.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Moment } from '../../ui/moment.js';
import { Section } from '../../ui/section.js';
import { statusWords } from './words.js';

type Status = ApiResponse<'status'>;
type Engine = Status['engines'][number];
type Lag = Status['lag'][number];
type Queue = Status['queues'][number];
type Job = Status['jobs'][number];

/** Each part: which engine fills it, where, and whether it answers. */
export function Engines({ engines }: { readonly engines: readonly Engine[] }) {
  const t = useTexts(statusWords);
  const columns: readonly Column<Engine>[] = [
    { key: 'part', header: t.part, cell: ({ part }) => t[part], value: ({ part }) => t[part] },
    {
      key: 'name',
      header: t.name,
      cell: ({ name, version, isEmbedded }) => (
        <>
          {name} {version}{' '}
          <Text span size="xs" c="dimmed">
            {isEmbedded ? t.embedded : t.external}
          </Text>
        </>
      ),
      value: ({ name }) => name,
    },
    {
      key: 'address',
      header: t.address,
      isMinor: true,
      cell: ({ address }) => address,
      value: ({ address }) => address,
    },
    {
      key: 'state',
      header: t.state,
      cell: ({ isUp, why }) => (
        <>
          <Badge variant="light" color={isUp ? 'green' : 'red'} tt="none">
            {isUp ? t.up : t.down}
          </Badge>
          {why !== null && <Text size="xs">{why}</Text>}
        </>
      ),
      value: ({ isUp }) => Number(isUp),
    },
  ];
  return (
    <Section title={t.engines}>
      <DataTable label={t.engines} columns={columns} rows={engines} rowKey={({ part }) => part} />
    </Section>
  );
}

/** What waits, and since when. */
export function Queues({ queues }: { readonly queues: readonly Queue[] }) {
  const t = useTexts(statusWords);
  const format = useFormat();
  const columns: readonly Column<Queue>[] = [
    { key: 'label', header: t.queue, cell: ({ label }) => label, value: ({ label }) => label },
    {
      key: 'waiting',
      header: t.waiting,
      isNumber: true,
      cell: ({ waiting }) => format.number(waiting),
      value: ({ waiting }) => waiting,
    },
    {
      key: 'oldest',
      header: t.oldest,
      isNumber: true,
      cell: ({ oldestAgeMs }) => (oldestAgeMs === null ? '–' : format.duration(oldestAgeMs)),
      value: ({ oldestAgeMs }) => oldestAgeMs,
    },
  ];
  return (
    <Section title={t.queues}>
      {queues.length === 0 ? (
        <Text c="dimmed">{t.noQueue}</Text>
      ) : (
        <DataTable label={t.queues} columns={columns} rows={queues} rowKey={({ name }) => name} />
      )}
    </Section>
  );
}

/** How far readers are behind the log. */
export function Lags({ lag }: { readonly lag: readonly Lag[] }) {
  const t = useTexts(statusWords);
  const { number } = useFormat();
  const columns: readonly Column<Lag>[] = [
    {
      key: 'consumer',
      header: t.consumer,
      cell: ({ consumer }) => consumer,
      value: ({ consumer }) => consumer,
    },
    { key: 'topic', header: t.topic, cell: ({ topic }) => topic, value: ({ topic }) => topic },
    {
      key: 'records',
      header: t.records,
      isNumber: true,
      cell: ({ records }) => number(records),
      value: ({ records }) => records,
    },
  ];
  return (
    <Section title={t.lag}>
      {lag.length === 0 ? (
        <Text c="dimmed">{t.noLag}</Text>
      ) : (
        <DataTable
          label={t.lag}
          columns={columns}
          rows={lag}
          rowKey={({ consumer, topic }) => `${consumer}${topic}`}
        />
      )}
    </Section>
  );
}

/** Long work and how far it is. */
export function Jobs({ jobs }: { readonly jobs: readonly Job[] }) {
  const t = useTexts(statusWords);
  const { number, percent } = useFormat();
  const columns: readonly Column<Job>[] = [
    { key: 'kind', header: t.job, cell: ({ kind }) => kind, value: ({ kind }) => kind },
    {
      key: 'progress',
      header: t.progress,
      isNumber: true,
      cell: ({ done, total }) =>
        total === null || total === 0 ? number(done) : `${number(done)} (${percent(done / total)})`,
      value: ({ done }) => done,
    },
    { key: 'state', header: t.state, cell: ({ state }) => state, value: ({ state }) => state },
    {
      key: 'updated',
      header: t.updated,
      isMinor: true,
      cell: ({ updatedAtMs }) => <Moment atMs={updatedAtMs} />,
    },
  ];
  return (
    <Section title={t.jobs}>
      {jobs.length === 0 ? (
        <Text c="dimmed">{t.noJob}</Text>
      ) : (
        <DataTable label={t.jobs} columns={columns} rows={jobs} rowKey={({ id }) => id} />
      )}
    </Section>
  );
}
