import { Accordion, Anchor, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { ApiResponse } from '#libs/contracts';
import { SLOW_MS, usePages } from '../../api/queries.js';
import { useFormat } from '../../format/format.js';
import { useTexts } from '../../i18n/text.js';
import { CodeBlock } from '../../ui/code-block.js';
import { Empty } from '../../ui/empty.js';
import { Loaded } from '../../ui/loaded.js';
import { Moment } from '../../ui/moment.js';
import { MoreButton } from '../../ui/more-button.js';
import { Page } from '../../ui/page.js';
import { Section } from '../../ui/section.js';
import { Act } from './act.js';
import { LettersCsv } from './letters-csv.js';
import { deadLetterWords } from './words.js';

type DeadLetters = ApiResponse<'deadLetters'>;
type State = DeadLetters['items'][number]['state'];

const STATES: readonly State[] = ['open', 'replayed', 'dismissed'];
const page = getRouteApi('/shell/dead-letters');

function useFilters() {
  const search = page.useSearch();
  const navigate = page.useNavigate();
  const state = STATES.find((one) => one === search.state) ?? 'open';
  const set = (change: Readonly<Record<string, string>>) =>
    void navigate({ search: change, replace: true, resetScroll: false });
  return { state, code: search.code, source: search.source, set };
}

type Filters = ReturnType<typeof useFilters>;

interface CausesProps {
  readonly causes: DeadLetters['causes'];
  readonly filters: Filters;
}

function Causes({ causes, filters }: CausesProps) {
  const t = useTexts(deadLetterWords);
  const { number } = useFormat();
  return (
    <Section
      title={t.causes}
      aside={
        filters.code !== undefined && (
          <Anchor
            component="button"
            size="sm"
            onClick={() => filters.set({ state: filters.state })}
          >
            {t.allCauses}
          </Anchor>
        )
      }
    >
      <Stack gap="sm" component="ul" className="plain">
        {causes.map(({ code, source, reason, count }) => (
          <Group key={`${code}${source}`} component="li" justify="space-between" gap="sm">
            <div>
              <Text size="sm" fw={600}>
                {reason}
              </Text>
              <Text size="xs" c="dimmed">
                {t.count(count, number(count))} · {source} · {code}
              </Text>
            </div>
            <Group gap="xs">
              <Anchor
                component="button"
                size="sm"
                onClick={() => filters.set({ state: filters.state, code, source })}
              >
                {t.only}
              </Anchor>
              {filters.state === 'open' && (
                <>
                  <Act kind="replay" count={count} body={{ filter: { code, source } }} />
                  <Act kind="dismiss" count={count} body={{ filter: { code, source } }} />
                </>
              )}
            </Group>
          </Group>
        ))}
      </Stack>
    </Section>
  );
}

function Letters({ items }: { readonly items: DeadLetters['items'] }) {
  const t = useTexts(deadLetterWords);
  const { number } = useFormat();
  return (
    <Accordion variant="separated" multiple>
      {items.map((letter) => (
        <Accordion.Item key={letter.id} value={letter.id}>
          <Accordion.Control>
            <Text size="sm" fw={600}>
              {letter.reason}
            </Text>
            <Text size="xs" c="dimmed">
              {letter.source} · <Moment atMs={letter.firstAtMs} /> ·{' '}
              {t.attempts(letter.attempts, number(letter.attempts))}
            </Text>
          </Accordion.Control>
          <Accordion.Panel>
            <Stack gap="sm">
              <Text size="sm">{letter.detail}</Text>
              <CodeBlock label={t.raw} text={letter.raw} />
              {letter.correction !== null && (
                <>
                  <Text size="sm">
                    {t.correctedBy(letter.correction.by)} · <Moment atMs={letter.correction.atMs} />
                  </Text>
                  <CodeBlock label={t.corrected} text={letter.correction.raw} />
                </>
              )}
              {letter.state === 'open' && (
                <Group gap="xs">
                  <Act kind="replay" count={1} body={{ ids: [letter.id] }} />
                  <Act kind="dismiss" count={1} body={{ ids: [letter.id] }} />
                </Group>
              )}
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

/** What could not be applied, by cause, with the way to replay or set aside. */
export function DeadLettersPage() {
  const t = useTexts(deadLetterWords);
  const filters = useFilters();
  const query = {
    state: filters.state,
    ...(filters.code === undefined ? {} : { code: filters.code }),
    ...(filters.source === undefined ? {} : { source: filters.source }),
  };
  const pages = usePages('deadLetters', { query }, { everyMs: SLOW_MS });
  return (
    <Page
      title={t.title}
      intro={t.intro}
      aside={
        <SegmentedControl
          aria-label={t.show}
          value={filters.state}
          onChange={(state) => filters.set(state === 'open' ? {} : { state })}
          data={STATES.map((value) => ({ value, label: t[value] }))}
        />
      }
    >
      <Loaded query={pages}>
        {(data) => {
          const items = data.pages.flatMap((one) => one.items);
          const causes = data.pages[0]?.causes ?? [];
          if (items.length === 0) {
            return (
              <Empty icon="check" title={t.emptyTitle}>
                {t.empty}
              </Empty>
            );
          }
          return (
            <Stack>
              <Causes causes={causes} filters={filters} />
              <Section title={t.letters}>
                <Letters items={items} />
              </Section>
              <Group justify="space-between">
                <MoreButton pages={pages} />
                <LettersCsv items={items} />
              </Group>
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}
