import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useDo } from '../api/queries.js';
import { common } from '../i18n/common.js';
import { useTexts } from '../i18n/text.js';
import { pauseWords } from './words.js';

interface PauseButtonProps {
  /** Without one it is everything. */
  readonly scenario?: string;
  readonly isPaused: boolean;
}

/** Pauses or resumes, once it was said whom and what it touches, and confirmed a second time. */
export function PauseButton({ scenario, isPaused }: PauseButtonProps) {
  const t = { ...useTexts(common), ...useTexts(pauseWords) };
  const [isAsking, { open, close }] = useDisclosure(false);
  const [isSure, setSure] = useState(false);
  const ask = useDo('pause', []);
  const act = useDo('pause', ['pauses', 'scenario', 'scenarios', 'today', 'status']);
  const body = {
    act: isPaused ? ('resume' as const) : ('pause' as const),
    ...(scenario === undefined ? {} : { scenario }),
  };
  const all = isPaused ? t.resumeAll : t.pauseAll;
  const one = isPaused ? t.resumeOne : t.pauseOne;
  const label = scenario === undefined ? all : one;
  const begin = () => {
    setSure(isPaused);
    ask.mutate({ body: { ...body, dryRun: true } });
    open();
  };
  const go = () =>
    act.mutate(
      { body },
      {
        onSuccess: ({ sentence }) => notifications.show({ title: label, message: sentence }),
        onError: ({ message }) => notifications.show({ title: t.failed, message, color: 'red' }),
        onSettled: close,
      },
    );
  return (
    <>
      <Button
        size="compact-sm"
        color={isPaused ? 'teal' : 'red'}
        variant={isPaused ? 'filled' : 'light'}
        onClick={begin}
      >
        {label}
      </Button>
      <Modal
        opened={isAsking}
        onClose={close}
        title={label}
        closeButtonProps={{ 'aria-label': t.close }}
      >
        <Stack>
          <Text size="sm" role="status">
            {ask.data?.sentence ?? ask.error?.message ?? t.counting}
          </Text>
          {!isPaused && (
            <Checkbox
              label={t.confirm}
              checked={isSure}
              onChange={({ currentTarget }) => setSure(currentTarget.checked)}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t.cancel}
            </Button>
            <Button
              color={isPaused ? 'teal' : 'red'}
              disabled={!isSure || ask.data === undefined}
              loading={act.isPending}
              onClick={go}
            >
              {label}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
