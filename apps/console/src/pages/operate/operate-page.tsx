import { Anchor, Group, SegmentedControl, Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTexts } from '../../i18n/text.js';
import { Page } from '../../ui/page.js';
import { Section } from '../../ui/section.js';
import { ActOn } from './act-on.js';
import { Acts, Counts, Lines, type TroubleFilter } from './lists.js';
import { operateWords } from './words.js';

const TROUBLES = ['stuck', 'overdue', 'failing', 'paused', 'any'] as const;
const page = getRouteApi('/shell/enrolments');

function useFilter() {
  const search = page.useSearch();
  const navigate = page.useNavigate();
  const { scenario, step, reason } = search;
  const filter: TroubleFilter = {
    trouble: TROUBLES.find((one) => one === search.trouble) ?? 'overdue',
    ...(scenario === undefined ? {} : { scenario }),
    ...(step === undefined ? {} : { step }),
    ...(reason === undefined ? {} : { reason }),
  };
  const set = (chosen: TroubleFilter) =>
    void navigate({ search: { ...chosen }, replace: true, resetScroll: false });
  return { filter, set };
}

/** Enrolments that need somebody: how many, who, why, and what to do about all of them at once. */
export function OperatePage() {
  const t = useTexts(operateWords);
  const { filter, set } = useFilter();
  const isNarrow = filter.scenario !== undefined || filter.step !== undefined;
  const mayAct = filter.trouble !== 'any' || isNarrow;
  return (
    <Page title={t.title} intro={t.intro}>
      <Stack>
        <Section title={t.counts}>
          <Counts onChoose={set} />
        </Section>
        <Section
          title={t.list}
          aside={
            <Group gap="sm">
              {isNarrow && (
                <Anchor
                  component="button"
                  size="sm"
                  onClick={() => set({ trouble: filter.trouble })}
                >
                  {t.all}
                </Anchor>
              )}
              <SegmentedControl
                aria-label={t.show}
                value={filter.trouble}
                onChange={(chosen) => {
                  const trouble = TROUBLES.find((one) => one === chosen) ?? 'overdue';
                  set({ ...filter, trouble });
                }}
                data={TROUBLES.map((value) => ({ value, label: t[value] }))}
              />
            </Group>
          }
        >
          <Stack>
            {mayAct && (
              <Group gap="xs">
                {filter.trouble === 'paused' ? (
                  <ActOn act="resume" filter={filter} />
                ) : (
                  <ActOn act="pause" filter={filter} />
                )}
                <ActOn act="stop" filter={filter} />
              </Group>
            )}
            <Lines filter={filter} />
          </Stack>
        </Section>
        <Section title={t.acts}>
          <Acts />
        </Section>
      </Stack>
    </Page>
  );
}
