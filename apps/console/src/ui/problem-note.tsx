import { Alert, Button, Text } from '@mantine/core';
import type { ApiError } from '../api/client.js';
import { common } from '../i18n/common.js';
import { useTexts } from '../i18n/text.js';
import { Icon } from './icon.js';

interface ProblemNoteProps {
  readonly error: ApiError;
  readonly onRetry?: () => void;
}

/** What happened, what to do about it, and the code to tell somebody who helps. */
export function ProblemNote({ error, onRetry }: ProblemNoteProps) {
  const t = useTexts(common);
  const { problem } = error;
  const sentence = problem?.detail ?? problem?.title ?? t.unreachable;
  const hint = problem === null ? t.unreachableHint : problem.hint;
  const code = problem?.code ?? (error.status === 0 ? undefined : `HTTP ${error.status}`);
  return (
    <Alert color="red" role="alert" title={sentence} icon={<Icon name="warning" />}>
      {hint !== undefined && <Text size="sm">{hint}</Text>}
      {code !== undefined && (
        <Text size="xs" c="dimmed" mt={4}>
          {t.code(code)}
        </Text>
      )}
      {onRetry !== undefined && (
        <Button variant="default" size="xs" mt="sm" onClick={onRetry}>
          {t.retry}
        </Button>
      )}
    </Alert>
  );
}
