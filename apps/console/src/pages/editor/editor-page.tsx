import { Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call, type ApiError } from '../../api/client.js';
import { useRead } from '../../api/queries.js';
import { useMe } from '../../api/session.js';
import { useLocale } from '../../i18n/locale.js';
import { useTexts } from '../../i18n/text.js';
import { Empty } from '../../ui/empty.js';
import { LoadingRows } from '../../ui/loaded.js';
import { Page } from '../../ui/page.js';
import { ProblemNote } from '../../ui/problem-note.js';
import { EditorBar } from './editor-bar.js';
import { FileNotes } from './file-notes.js';
import { outlineOf } from './model.js';
import { useEditing, useLint, type DraftFile } from './use-editing.js';
import { editorWords } from './words.js';
import { Workbench } from './workbench.js';

const route = getRouteApi('/shell/editor');

interface OpenedProps {
  readonly file: DraftFile;
  readonly onReopen: () => void;
}

function Opened({ file, onReopen }: OpenedProps) {
  const t = useTexts(editorWords);
  const { locale } = useLocale();
  const client = useQueryClient();
  const navigate = useNavigate();
  const role = useMe().data?.role;
  const isAllowed = role === 'marketer' || role === 'admin';
  // A file that the draft takes away has no text to change: it is published so, or kept.
  const isReadOnly = !isAllowed || file.text === null;
  const editing = useEditing(file, !isReadOnly);
  const checked = useLint(file.path, editing.text, !isReadOnly);
  const name = outlineOf(file.text ?? '').names[locale] ?? file.path;
  const discard = async (): Promise<void> => {
    const { path, hash, published } = (await editing.save()) ?? editing.file;
    await call(locale, 'discardDraft', { body: { files: [{ path, hash }] } });
    notifications.show({ message: t.discarded });
    await client.invalidateQueries({ queryKey: ['draft'] });
    if (published === null) await navigate({ to: '/scenarios' });
    else onReopen();
  };
  const tell = (error: unknown): void => {
    notifications.show({ message: (error as ApiError).message, color: 'red' });
  };
  return (
    <Page
      title={t.editing(name)}
      intro={
        <>
          <Text span c="dimmed" ff="monospace" size="sm">
            {file.path}
          </Text>
          {editing.file.origin !== null && isAllowed && (
            <Text size="xs" mt={4}>
              {editing.file.origin === 'folder' ? t.fromFolder : t.fromConsole}
            </Text>
          )}
        </>
      }
      aside={
        <EditorBar
          editing={editing}
          isAllowed={isAllowed}
          onDiscard={() => void discard().catch(tell)}
        />
      }
    >
      <FileNotes
        editing={editing}
        isAllowed={isAllowed}
        onReopen={onReopen}
        onDiscard={() => void discard().catch(tell)}
      />
      <Workbench editing={editing} checked={checked} isReadOnly={isReadOnly} name={name} />
    </Page>
  );
}

/** A scenario's file to be changed: its path, its text and its problems, side by side. */
export function EditorPage() {
  const t = useTexts(editorWords);
  const { file: path = '' } = route.useSearch();
  const [turn, setTurn] = useState(0);
  const query = useRead('draftFile', { query: { path } }, { isEnabled: path !== '' });
  const reopen = (): void => {
    void query.refetch().then(() => setTurn((now) => now + 1));
  };
  const { data, error, isFetchedAfterMount } = query;
  if (path === '' || error?.status === 404) {
    return (
      <Page title={t.title}>
        <Empty icon="scenario" title={t.noFile}>
          {t.noFileHint}
        </Empty>
      </Page>
    );
  }
  // What was kept from an earlier visit may have been saved over since.
  if (data === undefined || !isFetchedAfterMount) {
    return (
      <Page title={t.title}>
        {error === null ? <LoadingRows /> : <ProblemNote error={error} onRetry={reopen} />}
      </Page>
    );
  }
  return <Opened key={`${data.path} ${turn}`} file={data} onReopen={reopen} />;
}
