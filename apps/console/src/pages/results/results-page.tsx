import { NativeSelect, Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useRead } from '../../api/queries.js';
import { useTexts } from '../../i18n/text.js';
import { Empty } from '../../ui/empty.js';
import { Loaded } from '../../ui/loaded.js';
import { Page } from '../../ui/page.js';
import { ResultsView } from './results-view.js';
import { resultWords } from './words.js';

const page = getRouteApi('/shell/results');

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
              <ResultsView scenario={chosen} />
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}
