import { Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiResponse } from '#libs/contracts';
import { call, type ApiError } from '../../api/client.js';
import { useFormat } from '../../format/format.js';
import { common } from '../../i18n/common.js';
import { useLocale } from '../../i18n/locale.js';
import { useTexts } from '../../i18n/text.js';
import { Compare } from './compare.js';
import { ProblemNote } from '../../ui/problem-note.js';
import type { DraftFile, Editing } from './use-editing.js';
import { editorWords } from './words.js';

type Plan = ApiResponse<'planDraft'>;

const chosen = ({ path, hash }: DraftFile) => ({ files: [{ path, hash }] });

interface Asked {
  readonly file: DraftFile;
  readonly plan: Plan;
}

interface PublishProps {
  readonly editing: Editing;
}

/** What publishing changes, for how many people; or that it cannot be. */
function PlanSummary({ plan }: { readonly plan: Plan }) {
  const t = useTexts(editorWords);
  const { number } = useFormat();
  if (!plan.isPublishable) {
    return (
      <Text size="sm" c="var(--mantine-color-error)">
        {t.mendFirst}
      </Text>
    );
  }
  return (
    <>
      {plan.changes.length === 0 && <Text size="sm">{t.nothingChanges}</Text>}
      <List size="sm">
        {plan.changes.map(({ kind, id, sentence }) => (
          <List.Item key={`${kind}/${id}`}>{sentence}</List.Item>
        ))}
      </List>
      <Text size="sm" fw={600}>
        {t.touches(plan.people, number(plan.people))}
      </Text>
    </>
  );
}

interface ConfirmProps {
  readonly asked: Asked;
  readonly isBusy: boolean;
  readonly onCancel: () => void;
  readonly onPublish: () => void;
}

function Confirm({ asked: { file, plan }, isBusy, onCancel, onPublish }: ConfirmProps) {
  const t = { ...useTexts(common), ...useTexts(editorWords) };
  return (
    <>
      <PlanSummary plan={plan} />
      <Compare label={t.compare} before={file.published?.text ?? ''} after={file.text ?? ''} />
      <Text size="xs" c="dimmed">
        {file.origin === 'console' ? t.fromConsole : t.fromFolder}
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onCancel}>
          {t.cancel}
        </Button>
        <Button onClick={onPublish} loading={isBusy} disabled={!plan.isPublishable} data-autofocus>
          {t.publishNow}
        </Button>
      </Group>
    </>
  );
}

function usePublishing(editing: Editing) {
  const t = useTexts(editorWords);
  const { locale } = useLocale();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const [error, setError] = useState<ApiError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const busily = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setError(null);
    await work().catch((thrown: unknown) => setError(thrown as ApiError));
    setBusy(false);
  };
  return {
    asked,
    error,
    isBusy,
    close: () => {
      setAsked(undefined);
      setError(null);
    },
    ask: () =>
      void busily(async () => {
        const file = await editing.save();
        if (file === null || !file.isDraft) return;
        setAsked({ file, plan: await call(locale, 'planDraft', { body: chosen(file) }) });
      }),
    publish: (file: DraftFile) =>
      void busily(async () => {
        await call(locale, 'publishDraft', { body: chosen(file) });
        setAsked(undefined);
        notifications.show({ message: t.published, color: 'green' });
        await editing.reload();
        await client.invalidateQueries();
      }),
  };
}

/** Says what publishing changes and how many people it touches, then publishes. */
export function Publish({ editing }: PublishProps) {
  const t = { ...useTexts(common), ...useTexts(editorWords) };
  const { asked, error, isBusy, close, ask, publish } = usePublishing(editing);
  const isDraft = editing.file.isDraft || !editing.isSaved;
  return (
    <>
      <Button onClick={ask} loading={isBusy && asked === undefined} disabled={!isDraft}>
        {t.publish}
      </Button>
      <Modal
        opened={asked !== undefined || error !== null}
        onClose={close}
        title={t.publishTitle}
        size="lg"
        closeButtonProps={{ 'aria-label': t.close }}
      >
        <Stack>
          {error !== null && <ProblemNote error={error} />}
          {asked !== undefined && (
            <Confirm
              asked={asked}
              isBusy={isBusy}
              onCancel={close}
              onPublish={() => publish(asked.file)}
            />
          )}
        </Stack>
      </Modal>
    </>
  );
}
