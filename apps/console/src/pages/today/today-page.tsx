import { Alert, Stack, Text } from '@mantine/core';
import type { ApiResponse } from '#libs/contracts';
import { SLOW_MS, useRead } from '../../api/queries.js';
import { useFormat, type Format } from '../../format/format.js';
import { common } from '../../i18n/common.js';
import { texts, useTexts, type Told } from '../../i18n/text.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Empty } from '../../ui/empty.js';
import { HrefLink } from '../../ui/href-link.js';
import { Icon } from '../../ui/icon.js';
import { LiftCell } from '../../ui/lift.js';
import { TextLink } from '../../ui/link.js';
import { Loaded } from '../../ui/loaded.js';
import { Moment } from '../../ui/moment.js';
import { Page } from '../../ui/page.js';
import { Section } from '../../ui/section.js';
import { Sparkline } from '../../ui/sparkline.js';
import { StateBadge } from '../../ui/state-badge.js';

type Today = ApiResponse<'today'>;
type Line = Today['scenarios'][number];

const words = texts({
  title: { fr: 'Aujourd’hui', en: 'Today' },
  intro: {
    fr: 'Ce qui tourne, ce que cela rapporte, et ce qui demande votre attention.',
    en: 'What runs, what it brings, and what needs your attention.',
  },
  attention: { fr: 'À regarder', en: 'Needs attention' },
  allWell: { fr: 'Rien ne demande votre attention.', en: 'Nothing needs your attention.' },
  running: { fr: 'Scénarios, 7 derniers jours', en: 'Scenarios, last 7 days' },
  peopleNow: { fr: 'Dedans', en: 'In it now' },
  entered: { fr: 'Entrées', en: 'Entered' },
  sent: { fr: 'Envois', en: 'Sent' },
  converted: { fr: 'Conversions', en: 'Converted' },
  lift: { fr: 'Effet mesuré', en: 'Measured lift' },
  trend: { fr: 'Tendance', en: 'Trend' },
  trendOf: {
    fr: (name: string, total: string) => `${name} : conversions par jour, ${total} en 7 jours`,
    en: (name: string, total: string) => `${name}: conversions a day, ${total} in 7 days`,
  },
  look: { fr: 'Voir', en: 'Look' },
  emptyTitle: { fr: 'Aucun scénario ne tourne encore', en: 'No scenario runs yet' },
  empty: {
    fr: 'Publiez un espace de travail : « npx relance apply » envoie les fichiers du dossier scenarios. Les premiers chiffres paraissent dès le premier évènement.',
    en: 'Publish a workspace: “npx relance apply” sends the files of the scenarios folder. The first figures appear with the first event.',
  },
});

type Words = Told<typeof words> & Told<typeof common>;

const COLOURS = { info: 'blue', warning: 'yellow', error: 'red' } as const;

function Attention({ items, t }: { readonly items: Today['attention']; readonly t: Words }) {
  if (items.length === 0) {
    return (
      <Text c="dimmed" size="sm">
        {t.allWell}
      </Text>
    );
  }
  return (
    <Stack gap="xs" component="ul" className="plain">
      {items.map(({ level, sentence, link }) => (
        <li key={sentence}>
          <Alert
            role="note"
            color={COLOURS[level]}
            icon={<Icon name={level === 'info' ? 'info' : 'warning'} />}
            py="xs"
          >
            <Text size="sm" component="span">
              {sentence} {link !== null && <HrefLink href={link}>{t.look}</HrefLink>}
            </Text>
          </Alert>
        </li>
      ))}
    </Stack>
  );
}

function NameCell({ line }: { readonly line: Line }) {
  return (
    <>
      <TextLink to="/scenarios/$id" params={{ id: line.id }} fw={600}>
        {line.name}
      </TextLink>{' '}
      {line.state === 'paused' && <StateBadge state="paused" />}
      {line.holdup !== null && (
        <Text size="xs" c="dimmed">
          {line.holdup}
        </Text>
      )}
    </>
  );
}

function columnsOf(t: Words, format: Format): readonly Column<Line>[] {
  const count = (key: 'people' | 'entered' | 'sent' | 'converted', header: string) => ({
    key,
    header,
    isNumber: true,
    cell: (line: Line) => format.number(line[key]),
    value: (line: Line) => line[key],
  });
  return [
    {
      key: 'name',
      header: t.scenario,
      cell: (line) => <NameCell line={line} />,
      value: ({ name }) => name,
    },
    count('people', t.peopleNow),
    count('entered', t.entered),
    count('sent', t.sent),
    count('converted', t.converted),
    {
      key: 'trend',
      header: t.trend,
      isMinor: true,
      cell: ({ daily, name, converted }) => (
        <Sparkline
          label={t.trendOf(name, format.number(converted))}
          values={daily.map((day) => day.converted)}
        />
      ),
    },
    {
      key: 'revenue',
      header: t.revenue,
      isNumber: true,
      cell: ({ revenue }) =>
        revenue.length === 0 ? '–' : format.list(revenue.map(format.roundMoney)),
      value: ({ revenue }) => Number(revenue[0]?.amount ?? 0),
    },
    { key: 'lift', header: t.lift, cell: ({ lift }) => <LiftCell lift={lift} /> },
  ];
}

function Running({ scenarios, t }: { readonly scenarios: readonly Line[]; readonly t: Words }) {
  const format = useFormat();
  if (scenarios.length === 0) {
    return (
      <Empty icon="scenario" title={t.emptyTitle}>
        {t.empty}
      </Empty>
    );
  }
  return (
    <DataTable
      label={t.running}
      columns={columnsOf(t, format)}
      rows={scenarios}
      rowKey={({ id }) => id}
      csvName="today"
    />
  );
}

/** The marketer's page: what runs, what it brings, what needs them. */
export function TodayPage() {
  const t = { ...useTexts(common), ...useTexts(words) };
  const query = useRead('today', {}, { everyMs: SLOW_MS });
  return (
    <Page title={t.title} intro={t.intro}>
      <Loaded query={query}>
        {(today) => (
          <Stack gap="lg">
            <Section title={t.attention}>
              <Attention items={today.attention} t={t} />
            </Section>
            <Section title={t.running} aside={<AsOf atMs={today.asOfMs} />}>
              <Running scenarios={today.scenarios} t={t} />
            </Section>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function AsOf({ atMs }: { readonly atMs: number }) {
  return (
    <Text size="xs" c="dimmed">
      <Moment atMs={atMs} />
    </Text>
  );
}
