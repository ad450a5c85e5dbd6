import { notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { useDo } from '../api/queries.js';
import { useTexts } from '../i18n/text.js';
import { SureDialog } from '../ui/sure-dialog.js';
import { pauseWords } from './words.js';

interface PauseDialogProps {
  readonly label: string;
  readonly scenario: string | undefined;
  readonly isPaused: boolean;
  readonly onClose: () => void;
}

/** Says what a pause or its end touches, and does it once that is confirmed. */
export function PauseDialog({ label, scenario, isPaused, onClose }: PauseDialogProps) {
  const t = useTexts(pauseWords);
  const { mutate: count, data, error } = useDo('pause', []);
  const act = useDo('pause', ['pauses', 'scenario', 'scenarios', 'today', 'status']);
  const kind = isPaused ? ('resume' as const) : ('pause' as const);
  const of = scenario === undefined ? {} : { scenario };
  useEffect(() => {
    const wanted = scenario === undefined ? {} : { scenario };
    count({ body: { act: kind, ...wanted, dryRun: true } });
  }, [count, kind, scenario]);
  const go = () =>
    act.mutate(
      { body: { act: kind, ...of } },
      {
        onSuccess: ({ sentence }) => notifications.show({ title: label, message: sentence }),
        onError: ({ message }) => notifications.show({ title: t.failed, message, color: 'red' }),
        onSettled: onClose,
      },
    );
  return (
    <SureDialog
      title={label}
      says={data?.sentence ?? error?.message ?? t.counting}
      confirm={isPaused ? null : t.confirm}
      isReady={data !== undefined}
      isBusy={act.isPending}
      color={isPaused ? 'teal' : 'red'}
      onGo={go}
      onClose={onClose}
    />
  );
}
