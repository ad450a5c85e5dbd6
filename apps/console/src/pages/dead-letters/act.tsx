import { Button, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import type { ApiBodyInput } from '#libs/contracts';
import { useDo } from '../../api/queries.js';
import { useFormat } from '../../format/format.js';
import { common } from '../../i18n/common.js';
import { useTexts } from '../../i18n/text.js';
import { deadLetterWords } from './words.js';

interface ActProps {
  readonly kind: 'replay' | 'dismiss';
  readonly count: number;
  readonly body: ApiBodyInput<'replayDeadLetters'>;
}

const OPERATIONS = { replay: 'replayDeadLetters', dismiss: 'dismissDeadLetters' } as const;

/** Replays or dismisses letters, once it was said how many. */
export function Act({ kind, count, body }: ActProps) {
  const t = { ...useTexts(common), ...useTexts(deadLetterWords) };
  const { number } = useFormat();
  const [isAsking, { open, close }] = useDisclosure(false);
  const act = useDo(OPERATIONS[kind], ['deadLetters', 'status']);
  const go = () =>
    act.mutate(
      { body },
      {
        onSuccess: (done) => {
          const said = kind === 'replay' ? t.replayDone : t.dismissDone;
          const left = done.left > 0 ? t.left(done.left, number(done.left)) : undefined;
          notifications.show({ title: said(done.count, number(done.count)), message: left });
        },
        onError: ({ message }) => notifications.show({ title: t.failed, message, color: 'red' }),
        onSettled: close,
      },
    );
  const ask = kind === 'replay' ? t.replayAsk : t.dismissAsk;
  return (
    <>
      <Button size="compact-sm" variant={kind === 'replay' ? 'light' : 'default'} onClick={open}>
        {t[kind]}
      </Button>
      <Modal
        opened={isAsking}
        onClose={close}
        title={ask(count, number(count))}
        closeButtonProps={{ 'aria-label': t.close }}
      >
        <Text size="sm">{kind === 'replay' ? t.replayHint : t.dismissHint}</Text>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={close}>
            {t.cancel}
          </Button>
          <Button onClick={go} loading={act.isPending} data-autofocus>
            {t[kind]}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
