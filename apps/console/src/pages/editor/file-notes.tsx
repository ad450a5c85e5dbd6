import { Alert, Button, Group, Modal, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTexts } from '../../i18n/text.js';
import { common } from '../../i18n/common.js';
import { Icon } from '../../ui/icon.js';
import { ProblemNote } from '../../ui/problem-note.js';
import { Compare } from './compare.js';
import type { Editing } from './use-editing.js';
import { editorWords } from './words.js';

interface FileNotesProps {
  readonly editing: Editing;
  readonly isAllowed: boolean;
  /** Opens the file anew, as it is saved. */
  readonly onReopen: () => void;
  readonly onDiscard: () => void;
}

interface BehindProps extends Pick<FileNotesProps, 'editing' | 'onDiscard'> {
  readonly keep: ReactNode;
}

/** The file was published otherwise since: both texts, and the choice between them. */
function Behind({ editing, keep, onDiscard }: BehindProps) {
  const t = { ...useTexts(common), ...useTexts(editorWords) };
  const [isComparing, compare] = useState(false);
  const { file, text } = editing;
  return (
    <Alert color="orange" role="alert" title={t.behindTitle} icon={<Icon name="warning" />}>
      <Text size="sm">{t.behindHint}</Text>
      <Group gap="xs" mt="xs">
        <Button size="xs" variant="default" onClick={() => compare(true)}>
          {t.compare}
        </Button>
        <Button size="xs" variant="default" onClick={onDiscard}>
          {t.takeTheirs}
        </Button>
        {keep}
      </Group>
      <Modal
        opened={isComparing}
        onClose={() => compare(false)}
        title={t.compare}
        size="xl"
        closeButtonProps={{ 'aria-label': t.close }}
      >
        <Compare label={t.compare} before={file.published?.text ?? ''} after={text} />
      </Modal>
    </Alert>
  );
}

/** What somebody who edits must know: where the file came from, and who else changed it. */
export function FileNotes({ editing, isAllowed, onReopen, onDiscard }: FileNotesProps) {
  const t = { ...useTexts(common), ...useTexts(editorWords) };
  const { file, error } = editing;
  if (!isAllowed) {
    return (
      <Alert role="note" color="gray" icon={<Icon name="info" />} py="xs">
        {t.readOnly}
      </Alert>
    );
  }
  if (file.text === null) {
    return (
      <Alert role="note" color="orange" icon={<Icon name="warning" />} py="xs">
        {t.removing}
      </Alert>
    );
  }
  const keep = (
    <Button size="xs" variant="default" onClick={() => void editing.keepMine()}>
      {t.keepMine}
    </Button>
  );
  if (error !== null && error.problem?.code !== 'RLN-2070') {
    return <ProblemNote error={error} onRetry={() => void editing.keepMine()} />;
  }
  if (error !== null) {
    return (
      <Alert color="orange" role="alert" title={t.changedTitle} icon={<Icon name="warning" />}>
        <Text size="sm">{error.problem?.hint}</Text>
        <Group gap="xs" mt="xs">
          <Button size="xs" variant="default" onClick={onReopen}>
            {t.takeTheirs}
          </Button>
          {keep}
        </Group>
      </Alert>
    );
  }
  return file.isBehind ? <Behind editing={editing} keep={keep} onDiscard={onDiscard} /> : null;
}
