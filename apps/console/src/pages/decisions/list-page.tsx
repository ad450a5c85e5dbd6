import { NativeSelect } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useRead } from '../../api/queries.js';
import { common } from '../../i18n/common.js';
import { useTexts } from '../../i18n/text.js';
import { Page } from '../../ui/page.js';
import { DecisionList } from './decision-list.js';
import { decisionWords } from './words.js';

const page = getRouteApi('/shell/decisions');

/** Every decision, by scenario. */
export function DecisionsPage() {
  const t = { ...useTexts(common), ...useTexts(decisionWords) };
  const { scenario } = page.useSearch();
  const navigate = page.useNavigate();
  const { data } = useRead('scenarios');
  const items = data?.items ?? [];
  return (
    <Page title={t.title} intro={t.intro}>
      {items.length > 0 && (
        <NativeSelect
          label={t.scenario}
          maw={360}
          value={scenario ?? ''}
          data={[
            { value: '', label: t.allScenarios },
            ...items.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(event) => {
            const { value } = event.currentTarget;
            void navigate({ search: value === '' ? {} : { scenario: value }, replace: true });
          }}
        />
      )}
      <DecisionList scenario={scenario} isAny />
    </Page>
  );
}
