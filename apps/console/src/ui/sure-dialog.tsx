import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { common } from '../i18n/common.js';
import { useTexts } from '../i18n/text.js';

interface SureDialogProps {
  /** What is about to be done; also on the button that does it. */
  readonly title: string;
  /** Whom and what it touches. */
  readonly says: string;
  /** What must be ticked first; null where one click is enough. */
  readonly confirm: string | null;
  /** False while it is not known what it touches, or where it touches nobody. */
  readonly isReady: boolean;
  readonly isBusy: boolean;
  readonly color: 'red' | 'teal' | 'blue';
  readonly onGo: () => void;
  readonly onClose: () => void;
}

/** Asks before something that touches many: says how many, and takes a second confirmation. */
export function SureDialog(props: SureDialogProps) {
  const { title, says, confirm, isReady, isBusy, color, onGo, onClose } = props;
  const t = useTexts(common);
  const [isTicked, setTicked] = useState(false);
  const isSure = confirm === null || isTicked;
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t.close }}>
      <Stack>
        <Text size="sm" role="status">
          {says}
        </Text>
        {confirm !== null && (
          <Checkbox
            label={confirm}
            checked={isTicked}
            onChange={({ currentTarget }) => setTicked(currentTarget.checked)}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t.cancel}
          </Button>
          <Button color={color} disabled={!isSure || !isReady} loading={isBusy} onClick={onGo}>
            {title}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
