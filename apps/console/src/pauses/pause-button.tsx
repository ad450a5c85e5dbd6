import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useTexts } from '../i18n/text.js';
import { pauseWords } from './words.js';

// What is asked is loaded when it is asked: the button stands on every page.
const PauseDialog = lazy(async () => ({
  default: (await import('./pause-dialog.js')).PauseDialog,
}));

interface PauseButtonProps {
  /** Without one it is everything. */
  readonly scenario?: string;
  readonly isPaused: boolean;
}

/** Pauses or resumes, once it was said whom and what it touches, and confirmed a second time. */
export function PauseButton({ scenario, isPaused }: PauseButtonProps) {
  const t = useTexts(pauseWords);
  const [isAsking, setAsking] = useState(false);
  const all = isPaused ? t.resumeAll : t.pauseAll;
  const one = isPaused ? t.resumeOne : t.pauseOne;
  const label = scenario === undefined ? all : one;
  return (
    <>
      <Button
        size="compact-sm"
        color={isPaused ? 'teal' : 'red'}
        variant={isPaused ? 'filled' : 'light'}
        onClick={() => setAsking(true)}
      >
        {label}
      </Button>
      {isAsking && (
        <Suspense fallback={null}>
          <PauseDialog
            label={label}
            scenario={scenario}
            isPaused={isPaused}
            onClose={() => setAsking(false)}
          />
        </Suspense>
      )}
    </>
  );
}
