import { Badge, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { common } from '../../i18n/common.js';
import { useTexts } from '../../i18n/text.js';
import { Icon } from '../../ui/icon.js';
import { Publish } from './publish.js';
import type { Editing } from './use-editing.js';
import { editorWords } from './words.js';

/** Saves a text as a file, exactly. */
function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/** How far the text is saved. */
function Saved({ editing }: { readonly editing: Editing }) {
  const t = useTexts(editorWords);
  const { isSaving, isSaved, file } = editing;
  if (isSaving || !isSaved) {
    return (
      <Badge variant="light" color="gray" tt="none">
        {isSaving ? t.saving : t.unsaved}
      </Badge>
    );
  }
  return (
    <Badge variant="light" color={file.isDraft ? 'indigo' : 'green'} tt="none">
      {file.isDraft ? t.saved : t.asPublished}
    </Badge>
  );
}

interface EditorBarProps {
  readonly editing: Editing;
  readonly isAllowed: boolean;
  readonly onDiscard: () => void;
}

/** State of the draft, and what is done with the whole of it. */
export function EditorBar({ editing, isAllowed, onDiscard }: EditorBarProps) {
  const t = { ...useTexts(common), ...useTexts(editorWords) };
  const [isAsked, ask] = useState(false);
  const { file, text } = editing;
  const name = file.path.split('/').at(-1) ?? file.path;
  return (
    <Group gap="xs">
      <Saved editing={editing} />
      <Button
        variant="default"
        leftSection={<Icon name="download" size={16} />}
        onClick={() => download(name, text)}
      >
        {t.download}
      </Button>
      {isAllowed && (
        <>
          <Button variant="default" disabled={!file.isDraft} onClick={() => ask(true)}>
            {t.discard}
          </Button>
          <Publish editing={editing} />
        </>
      )}
      <Modal
        opened={isAsked}
        onClose={() => ask(false)}
        title={t.discardTitle}
        closeButtonProps={{ 'aria-label': t.close }}
      >
        <Stack>
          <Text size="sm">{t.discardHint}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => ask(false)}>
              {t.cancel}
            </Button>
            <Button
              color="red"
              onClick={() => {
                ask(false);
                onDiscard();
              }}
            >
              {t.discard}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Group>
  );
}
