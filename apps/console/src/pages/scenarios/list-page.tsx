import { Text } from '@mantine/core';
import type { ApiResponse } from '#libs/contracts';
import { LIVE_MS, useRead } from '../../api/queries.js';
import { useMe } from '../../api/session.js';
import { useFormat, type Format } from '../../format/format.js';
import { common, purposeNames, purposeOf } from '../../i18n/common.js';
import { texts, useTexts, type Told } from '../../i18n/text.js';
import { csvTime } from '../../ui/csv.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Empty } from '../../ui/empty.js';
import { TextLink } from '../../ui/link.js';
import { Loaded } from '../../ui/loaded.js';
import { Moment } from '../../ui/moment.js';
import { Page } from '../../ui/page.js';
import { Section } from '../../ui/section.js';
import { Drafts } from '../editor/drafts.js';
import { NewScenario } from '../editor/new-scenario.js';
import { StateBadge } from '../../ui/state-badge.js';

type Summary = ApiResponse<'scenarios'>['items'][number];

const words = texts({
  title: { fr: 'Scénarios', en: 'Scenarios' },
  intro: {
    fr: 'Les parcours publiés, avec les personnes qui s’y trouvent en ce moment.',
    en: 'What is published, with the people in it at this moment.',
  },
  published: { fr: 'Publiés', en: 'Published' },
  state: { fr: 'État', en: 'State' },
  peopleNow: { fr: 'Dedans', en: 'In it now' },
  heldOut: { fr: 'Témoins', en: 'Held out' },
  priority: { fr: 'Priorité', en: 'Priority' },
  purpose: { fr: 'Finalité', en: 'Purpose' },
  publishedOn: { fr: 'Publié le', en: 'Published on' },
  emptyTitle: { fr: 'Aucun scénario publié', en: 'No scenario published' },
  empty: {
    fr: 'Partez d’un modèle (panier abandonné, bienvenue, reconquête), ou publiez un dossier : « npx relance apply ».',
    en: 'Start from a template (abandoned cart, welcome, win-back), or publish a folder: “npx relance apply”.',
  },
});

type Words = Told<typeof words> & Told<typeof common> & Told<typeof purposeNames>;

function columnsOf(t: Words, format: Format): readonly Column<Summary>[] {
  return [
    {
      key: 'name',
      header: t.scenario,
      cell: ({ id, name }) => (
        <TextLink to="/scenarios/$id" params={{ id }} fw={600}>
          {name}
        </TextLink>
      ),
      value: ({ name }) => name,
    },
    {
      key: 'state',
      header: t.state,
      cell: ({ state }) => <StateBadge state={state} />,
      value: ({ state }) => t[state],
    },
    {
      key: 'people',
      header: t.peopleNow,
      isNumber: true,
      cell: ({ people }) => format.number(people),
      value: ({ people }) => people,
    },
    {
      key: 'heldOut',
      header: t.heldOut,
      isNumber: true,
      isMinor: true,
      cell: ({ heldOut }) => format.number(heldOut),
      value: ({ heldOut }) => heldOut,
    },
    {
      key: 'purpose',
      header: t.purpose,
      isMinor: true,
      cell: ({ purpose }) => purposeOf(purpose, t),
      value: ({ purpose }) => purposeOf(purpose, t),
    },
    {
      key: 'priority',
      header: t.priority,
      isNumber: true,
      isMinor: true,
      cell: ({ priority }) => format.number(priority),
      value: ({ priority }) => priority,
    },
    {
      key: 'published',
      header: t.publishedOn,
      isMinor: true,
      cell: ({ publishedAtMs }) => <Moment atMs={publishedAtMs} as="date" />,
      value: ({ publishedAtMs }) => csvTime(publishedAtMs),
    },
  ];
}

/** Every scenario in force. */
export function ScenariosPage() {
  const t = { ...useTexts(common), ...useTexts(purposeNames), ...useTexts(words) };
  const format = useFormat();
  const query = useRead('scenarios', {}, { everyMs: LIVE_MS });
  const role = useMe().data?.role;
  const isMaker = role === 'marketer' || role === 'admin';
  return (
    <Page title={t.title} intro={t.intro} aside={isMaker && query.data?.items.length !== 0 && <NewScenario />}>
      <Section title={t.published}>
        <Loaded query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty
                icon="scenario"
                title={t.emptyTitle}
                {...(isMaker ? { action: <NewScenario /> } : {})}
              >
                <Text size="sm">{t.empty}</Text>
              </Empty>
            ) : (
              <DataTable
                label={t.title}
                columns={columnsOf(t, format)}
                rows={items}
                rowKey={({ id }) => id}
                csvName="scenarios"
              />
            )
          }
        </Loaded>
      </Section>
      <Drafts />
    </Page>
  );
}
