import { Badge, Button, Group, List, Menu, Paper, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ApiBodyInput, ApiResponse } from '#libs/contracts';
import { useDo } from '../../api/queries.js';
import { useFormat } from '../../format/format.js';
import { useTexts } from '../../i18n/text.js';
import { TextLink } from '../../ui/link.js';
import { outcomeNames, outcomeOf, taskWords } from './words.js';

/** A task for a rep. */
export type Task = ApiResponse<'tasks'>['items'][number];
type Outcome = ApiBodyInput<'closeTask'>['outcome'];

const OUTCOMES = Object.keys(outcomeNames) as Outcome[];

/** Two clicks: close, then how it went. */
function CloseMenu({ task }: { readonly task: Task }) {
  const t = useTexts(taskWords);
  const names = useTexts(outcomeNames);
  const close = useDo('closeTask', ['tasks', 'account', 'accounts']);
  const closeAs = (outcome: Outcome) =>
    close.mutate(
      { params: { id: task.id }, body: { outcome } },
      {
        onSuccess: () => notifications.show({ message: t.closedNow, color: 'green' }),
        onError: ({ message }) => notifications.show({ title: t.notClosed, message, color: 'red' }),
      },
    );
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          size="xs"
          flex="none"
          loading={close.isPending}
          aria-label={t.closeTask(task.title)}
        >
          {t.close}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t.closeAs}</Menu.Label>
        {OUTCOMES.map((outcome) => (
          <Menu.Item key={outcome} onClick={() => closeAs(outcome)}>
            {names[outcome]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Due({ task }: { readonly task: Task }) {
  const t = useTexts(taskWords);
  const names = useTexts(outcomeNames);
  const format = useFormat();
  if (task.closedAtMs !== null) {
    const name = outcomeOf(task.outcome, names);
    return (
      <Text size="xs" c="dimmed">
        {[t.closedOn(format.date(task.closedAtMs)), name].filter(Boolean).join(' · ')}
      </Text>
    );
  }
  return (
    <Group gap={6}>
      <Text size="xs" c="dimmed">
        {task.dueAtMs === null ? t.noDue : t.due(format.date(task.dueAtMs))}
      </Text>
      {task.isOverdue && (
        <Badge size="sm" variant="light" color="red" tt="none">
          {t.overdue}
        </Badge>
      )}
    </Group>
  );
}

interface TaskCardProps {
  readonly task: Task;
  /** Where the account is on the page already, it is not said again. */
  readonly hidesAccount?: boolean;
}

/** What to do, for whom, by when, why, and the way to close it. */
export function TaskCard({ task, hidesAccount = false }: TaskCardProps) {
  return (
    <Paper withBorder p="sm" component="article">
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm">
        <Stack gap={2}>
          <Text fw={600}>{task.title}</Text>
          <Text size="sm">
            <TextLink to="/people/$id" params={{ id: task.person.id }}>
              {task.person.name}
            </TextLink>
            {!hidesAccount && task.account !== null && (
              <>
                {' · '}
                <TextLink to="/accounts/$id" params={{ id: task.account.id }}>
                  {task.account.name}
                </TextLink>
              </>
            )}
          </Text>
          <Due task={task} />
        </Stack>
        {task.state === 'open' && <CloseMenu task={task} />}
      </Group>
      {task.note !== null && (
        <Text size="sm" mt="xs">
          {task.note}
        </Text>
      )}
      {task.reasons.length > 0 && (
        <List size="sm" mt="xs" spacing={2}>
          {task.reasons.map((reason) => (
            <List.Item key={reason}>{reason}</List.Item>
          ))}
        </List>
      )}
    </Paper>
  );
}
