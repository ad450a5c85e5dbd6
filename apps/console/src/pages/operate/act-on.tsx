import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { ApiBodyInput } from '#libs/contracts';
import { useDo } from '../../api/queries.js';
import { useTexts } from '../../i18n/text.js';
import { SureDialog } from '../../ui/sure-dialog.js';
import { operateWords } from './words.js';

type Body = ApiBodyInput<'actOnEnrolments'>;

interface ActOnProps {
  readonly act: Body['act'];
  readonly filter: NonNullable<Body['filter']>;
}

/** Does something to every enrolment of a filter, once it was said how many, and confirmed. */
export function ActOn({ act, filter }: ActOnProps) {
  const t = useTexts(operateWords);
  const [isAsking, setAsking] = useState(false);
  const ask = useDo('actOnEnrolments', []);
  const doIt = useDo('actOnEnrolments', ['enrolments', 'troubles', 'operatorActs']);
  const color = act === 'stop' ? 'red' : 'blue';
  const begin = () => {
    ask.mutate({ body: { act, filter, dryRun: true } });
    setAsking(true);
  };
  const close = () => setAsking(false);
  const go = () =>
    doIt.mutate(
      { body: { act, filter } },
      {
        onSuccess: ({ sentence }) => notifications.show({ title: t[act], message: sentence }),
        onError: ({ message }) => notifications.show({ title: t.failed, message, color: 'red' }),
        onSettled: close,
      },
    );
  return (
    <>
      <Button size="compact-sm" variant="light" color={color} onClick={begin}>
        {t[act]}
      </Button>
      {isAsking && (
        <SureDialog
          title={t[act]}
          says={ask.data?.sentence ?? ask.error?.message ?? t.counting}
          confirm={t.sure}
          isReady={(ask.data?.enrolments ?? 0) > 0}
          isBusy={doIt.isPending}
          color={color}
          onGo={go}
          onClose={close}
        />
      )}
    </>
  );
}
