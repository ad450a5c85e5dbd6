import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { ApiBodyInput } from '#libs/contracts';
import { useDo } from '../../api/queries.js';
import { common } from '../../i18n/common.js';
import { useTexts } from '../../i18n/text.js';
import { operateWords } from './words.js';

type Body = ApiBodyInput<'actOnEnrolments'>;

interface ActOnProps {
  readonly act: Body['act'];
  readonly filter: NonNullable<Body['filter']>;
}

/** Does something to every enrolment of a filter, once it was said how many, and confirmed. */
export function ActOn({ act, filter }: ActOnProps) {
  const t = { ...useTexts(common), ...useTexts(operateWords) };
  const [isAsking, { open, close }] = useDisclosure(false);
  const [isSure, setSure] = useState(false);
  const ask = useDo('actOnEnrolments', []);
  const doIt = useDo('actOnEnrolments', ['enrolments', 'troubles', 'operatorActs']);
  const begin = () => {
    setSure(false);
    ask.mutate({ body: { act, filter, dryRun: true } });
    open();
  };
  const go = () =>
    doIt.mutate(
      { body: { act, filter } },
      {
        onSuccess: ({ sentence }) => notifications.show({ title: t[act], message: sentence }),
        onError: ({ message }) => notifications.show({ title: t.failed, message, color: 'red' }),
        onSettled: close,
      },
    );
  const color = act === 'stop' ? 'red' : 'blue';
  return (
    <>
      <Button size="compact-sm" variant="light" color={color} onClick={begin}>
        {t[act]}
      </Button>
      <Modal
        opened={isAsking}
        onClose={close}
        title={t[act]}
        closeButtonProps={{ 'aria-label': t.close }}
      >
        <Stack>
          <Text size="sm" role="status">
            {ask.data?.sentence ?? ask.error?.message ?? t.counting}
          </Text>
          <Checkbox
            label={t.sure}
            checked={isSure}
            onChange={({ currentTarget }) => setSure(currentTarget.checked)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t.cancel}
            </Button>
            <Button
              color={color}
              disabled={!isSure || (ask.data?.enrolments ?? 0) === 0}
              loading={doIt.isPending}
              onClick={go}
            >
              {t[act]}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
