import { NativeSelect, Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { SLOW_MS, useRead } from '../../api/queries.js';
import { useTexts } from '../../i18n/text.js';
import { Empty } from '../../ui/empty.js';
import { LiftInFull } from '../../ui/lift.js';
import { Loaded } from '../../ui/loaded.js';
import { Page } from '../../ui/page.js';
import { Section } from '../../ui/section.js';
import { ResultsView } from './results-view.js';
import { resultWords } from './words.js';

const page = getRouteApi('/shell/results');

function Lift({ scenario }: { readonly scenario: string }) {
  const t = useTexts(resultWords);
  const query = useRead('scenario', { params: { id: scenario } }, { everyMs: SLOW_MS });
  return (
    <Section title={t.lift}>
      <Loaded query={query} rows={1}>
        {({ lift }) => <LiftInFull lift={lift} />}
      </Loaded>
    </Section>
  );
}

/** The analyst's page: what each scenario brought. */
export function ResultsPage() {
  const t = useTexts(resultWords);
  const { scenario } = page.useSearch();
  const navigate = page.useNavigate();
  const query = useRead('scenarios');
  return (
    <Page title={t.title} intro={t.intro}>
      <Loaded query={query}>
        {({ items }) => {
          const chosen = scenario ?? items[0]?.id;
          if (chosen === undefined) {
            return (
              <Empty icon="result" title={t.emptyTitle}>
                {t.noScenario}
              </Empty>
            );
          }
          return (
            <Stack>
              <NativeSelect
                label={t.choose}
                maw={360}
                value={chosen}
                data={items.map(({ id, name }) => ({ value: id, label: name }))}
                onChange={(event) => {
                  const { value } = event.currentTarget;
                  void navigate({ search: { scenario: value }, replace: true });
                }}
              />
              <Lift scenario={chosen} />
              <ResultsView scenario={chosen} />
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}
