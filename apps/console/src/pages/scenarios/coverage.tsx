import { Stack, Text } from '@mantine/core';
import type { ApiResponse } from '#libs/contracts';
import { useRead } from '../../api/queries.js';
import { useFormat } from '../../format/format.js';
import { texts, useTexts } from '../../i18n/text.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Empty } from '../../ui/empty.js';
import { Loaded } from '../../ui/loaded.js';
import { Section } from '../../ui/section.js';

type Lack = ApiResponse<'coverage'>['lacks'][number];

/** Texts of what those who would enter lack. */
export const coverageWords = texts({
  title: { fr: 'Qui pourrait être joint', en: 'Who could be reached' },
  tab: { fr: 'Couverture', en: 'Coverage' },
  of: {
    fr: (people: string) => `${people} personnes regardées.`,
    en: (people: string) => `${people} people looked at.`,
  },
  partial: {
    fr: 'Il y en a davantage : les parts valent pour les premières.',
    en: 'There are more: the shares are of the first.',
  },
  lack: { fr: 'Ce qui manque', en: 'What is lacking' },
  people: { fr: 'Personnes', en: 'People' },
  share: { fr: 'Part', en: 'Share' },
  from: { fr: 'Peut venir de', en: 'Could come from' },
  noSource: { fr: 'aucune source', en: 'no source' },
  noneTitle: { fr: 'Rien ne manque', en: 'Nothing is lacking' },
  none: {
    fr: 'Tous ceux que ce scénario prendrait ont une adresse, un consentement et ce que ses modèles demandent.',
    en: 'All whom this scenario would take in have an address, a consent and what its templates take.',
  },
  nobodyTitle: { fr: 'Personne n’entrerait', en: 'Nobody would enter' },
  nobody: {
    fr: 'Aucun membre du segment, ou aucun évènement des 90 derniers jours qui remplisse la condition.',
    en: 'No member of the segment, or no event of the last 90 days that meets the condition.',
  },
});

/** Of those a scenario would take in now, who lacks what, and who could tell it. */
export function Coverage({ scenario }: { readonly scenario: string }) {
  const t = useTexts(coverageWords);
  const format = useFormat();
  const query = useRead('coverage', { params: { id: scenario } });
  const columnsOf = (people: number): readonly Column<Lack>[] => [
    { key: 'lack', header: t.lack, cell: ({ label }) => label, value: ({ label }) => label },
    {
      key: 'people',
      header: t.people,
      isNumber: true,
      cell: (row) => format.number(row.people),
      value: (row) => row.people,
    },
    {
      key: 'share',
      header: t.share,
      isNumber: true,
      cell: (row) => format.percent(row.people / Math.max(1, people)),
      value: (row) => row.people / Math.max(1, people),
    },
    {
      key: 'from',
      header: t.from,
      cell: ({ sources }) => sources.map(({ name }) => name).join(', ') || t.noSource,
      value: ({ sources }) => sources.map(({ name }) => name).join(', '),
    },
  ];
  return (
    <Section title={t.title}>
      <Loaded query={query}>
        {({ basis, people, isPartial, lacks }) => (
          <Stack>
            <Text size="sm">
              {basis} {t.of(format.number(people))} {isPartial && t.partial}
            </Text>
            {people === 0 && (
              <Empty icon="people" title={t.nobodyTitle}>
                {t.nobody}
              </Empty>
            )}
            {people > 0 && lacks.length === 0 && (
              <Empty icon="check" title={t.noneTitle}>
                {t.none}
              </Empty>
            )}
            {lacks.length > 0 && (
              <DataTable
                label={t.title}
                columns={columnsOf(people)}
                rows={lacks}
                rowKey={({ kind, what }) => `${kind}/${what}`}
                csvName={`${scenario}-coverage`}
              />
            )}
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}
