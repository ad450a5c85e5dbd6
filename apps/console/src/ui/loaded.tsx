import { Alert, Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ApiError } from '../api/client.js';
import { common } from '../i18n/common.js';
import { useTexts } from '../i18n/text.js';
import { ProblemNote } from './problem-note.js';

/** What is needed of a query to show it. */
export interface Loading<Data> {
  readonly data: Data | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

interface LoadedProps<Data> {
  readonly query: Loading<Data>;
  /** Rows of grey while it loads. */
  readonly rows?: number;
  readonly children: (data: Data) => ReactNode;
}

/** Grey rows with a word for screen readers. */
export function LoadingRows({ rows = 6 }: { readonly rows?: number }) {
  const t = useTexts(common);
  return (
    <Stack gap="sm" aria-busy="true">
      <VisuallyHidden role="status">{t.loading}</VisuallyHidden>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height={36} />
      ))}
    </Stack>
  );
}

/** A query's data once there is some; the problem where there is none; both where it went stale. */
export function Loaded<Data>({ query, rows, children }: LoadedProps<Data>) {
  const t = useTexts(common);
  const { data, error } = query;
  const retry = () => void query.refetch();
  if (data === undefined) {
    if (error === null) return <LoadingRows {...(rows === undefined ? {} : { rows })} />;
    return <ProblemNote error={error as ApiError} onRetry={retry} />;
  }
  return (
    <>
      {error !== null && (
        <Alert color="yellow" role="status" mb="md" p="xs">
          {t.staleTitle}
        </Alert>
      )}
      {children(data)}
    </>
  );
}
