import { Group, SegmentedControl, Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { SLOW_MS, usePages } from '../../api/queries.js';
import { useTexts } from '../../i18n/text.js';
import { Empty } from '../../ui/empty.js';
import { Loaded } from '../../ui/loaded.js';
import { MoreButton } from '../../ui/more-button.js';
import { Page } from '../../ui/page.js';
import { TaskCard } from './task-card.js';
import { TaskCsv } from './task-csv.js';
import { taskWords } from './words.js';

const page = getRouteApi('/shell/tasks');

/** What a rep is asked to do. */
export function TasksPage() {
  const t = useTexts(taskWords);
  const navigate = page.useNavigate();
  const state = page.useSearch().state === 'closed' ? 'closed' : 'open';
  const pages = usePages('tasks', { query: { state } }, { everyMs: SLOW_MS });
  return (
    <Page
      title={t.title}
      intro={t.intro}
      aside={
        <SegmentedControl
          aria-label={t.state}
          value={state}
          onChange={(value) =>
            void navigate({ search: value === 'closed' ? { state: value } : {}, replace: true })
          }
          data={[
            { value: 'open', label: t.open },
            { value: 'closed', label: t.closed },
          ]}
        />
      }
    >
      <Loaded query={pages}>
        {(data) => {
          const tasks = data.pages.flatMap(({ items }) => items);
          if (tasks.length === 0) {
            return (
              <Empty icon="task" title={state === 'open' ? t.emptyTitle : t.noneClosed}>
                {state === 'open' ? t.empty : t.noneClosedHint}
              </Empty>
            );
          }
          return (
            <Stack maw={760}>
              {tasks.map((task) => (
                <TaskCard key={task.id} task={task} />
              ))}
              <Group justify="space-between">
                <MoreButton pages={pages} />
                <TaskCsv tasks={tasks} />
              </Group>
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}
