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

interface PublishProps {
  readonly editing: Editing;
  readonly isPublishable: boolean;
}

/** Says what publishing changes and how many people it touches, then publishes. */
export function Publish({ editing, isPublishable }: PublishProps) {
  const t = { ...useTexts(common), ...useTexts(editorWords) };
  const { number } = useFormat();
  const { locale } = useLocale();
  const client = useQueryClient();
  const [asked, setAsked] = useState<{ readonly file: DraftFile; readonly plan: Plan }>();
  const [error, setError] = useState<ApiError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const busily = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setError(null);
    await work().catch((thrown: unknown) => setError(thrown as ApiError));
    setBusy(false);
  };
  const ask = (): Promise<void> =>
    busily(async () => {
      const file = await editing.save();
      if (file === null || !file.isDraft) return;
      setAsked({ file, plan: await call(locale, 'planDraft', { body: chosen(file) }) });
    });
  const publish = (file: DraftFile): Promise<void> =>
    busily(async () => {
      await call(locale, 'publishDraft', { body: chosen(file) });
      setAsked(undefined);
      notifications.show({ message: t.published, color: 'green' });
      await editing.reload();
      await client.invalidateQueries();
    });
  const isDraft = editing.file.isDraft || !editing.isSaved;
  return (
    <>
      <Button
        onClick={() => void ask()}
        loading={isBusy && asked === undefined}
        disabled={!isDraft}
      >
        {t.publish}
      </Button>
      <Modal
        opened={asked !== undefined || error !== null}
        onClose={() => {
          setAsked(undefined);
          setError(null);
        }}
        title={t.publishTitle}
        size="lg"
        closeButtonProps={{ 'aria-label': t.close }}
      >
        <Stack>
          {error !== null && <ProblemNote error={error} />}
          {asked !== undefined && (
            <>
              {asked.plan.isPublishable && isPublishable ? (
                <>
                  {asked.plan.changes.length === 0 && <Text size="sm">{t.nothingChanges}</Text>}
                  <List size="sm">
                    {asked.plan.changes.map(({ kind, id, sentence }) => (
                      <List.Item key={`${kind}/${id}`}>{sentence}</List.Item>
                    ))}
                  </List>
                  <Text size="sm" fw={600}>
                    {t.touches(asked.plan.people, number(asked.plan.people))}
                  </Text>
                </>
              ) : (
                <Text size="sm" c="red">
                  {t.mendFirst}
                </Text>
              )}
              <Compare
                label={t.compare}
                before={asked.file.published?.text ?? ''}
                after={asked.file.text ?? ''}
              />
              <Text size="xs" c="dimmed">
                {asked.file.origin === 'console' ? t.fromConsole : t.fromFolder}
              </Text>
              <Group justify="flex-end">
                <Button variant="default" onClick={() => setAsked(undefined)}>
                  {t.cancel}
                </Button>
                <Button
                  onClick={() => void publish(asked.file)}
                  loading={isBusy}
                  disabled={!asked.plan.isPublishable}
                  data-autofocus
                >
                  {t.publishNow}
                </Button>
              </Group>
            </>
          )}
        </Stack>
      </Modal>
    </>
  );
}
