import { common } from '../../i18n/common.js';
import { useTexts } from '../../i18n/text.js';
import { CsvButton, type CsvColumn } from '../../ui/csv-button.js';
import { csvTime } from '../../ui/csv.js';
import type { Task } from './task-card.js';
import { outcomeNames, outcomeOf, taskWords } from './words.js';

/** Saves the tasks that are shown. */
export function TaskCsv({ tasks }: { readonly tasks: readonly Task[] }) {
  const t = { ...useTexts(common), ...useTexts(taskWords) };
  const names = useTexts(outcomeNames);
  const columns: readonly CsvColumn<Task>[] = [
    { header: t.task, value: ({ title }) => title },
    { header: t.person, value: ({ person }) => person.name },
    { header: t.account, value: ({ account }) => account?.name ?? null },
    { header: t.owner, value: ({ owner }) => owner },
    { header: t.dueOn, value: ({ dueAtMs }) => csvTime(dueAtMs) },
    { header: t.closedAt, value: ({ closedAtMs }) => csvTime(closedAtMs) },
    { header: t.outcome, value: ({ outcome }) => outcomeOf(outcome, names) },
    { header: t.why, value: ({ reasons }) => reasons.join(' ') },
    { header: t.note, value: ({ note }) => note },
  ];
  return <CsvButton name="tasks" columns={columns} rows={tasks} />;
}
