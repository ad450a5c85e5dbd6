import { notifications } from '@mantine/notifications';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useRead } from '../../api/queries.js';
import { useTexts } from '../../i18n/text.js';
import type { CodeHandle } from './code-editor.js';
import { outlineOf, stepAt, type Outline, type OutlineStep } from './model.js';
import { keyOf } from './outline-graph.js';
import { addStep, canMove, moveStep, removeStep, setField, type Place } from './step-edits.js';
import type { StepField } from './step-fields.js';
import type { StepKind } from './step-kinds.js';
import type { StepActions } from './step-tools.js';
import { editorWords } from './words.js';
import { changed, type Change, type Path } from './yaml-text.js';

const NO_NAMES = { actions: [], segments: [], events: [], purposes: [] };

/** Where a new step will stand. */
function pathOf(place: Place): Path {
  if ('first' in place) return [...place.first, 0];
  const { path } = place.after;
  return [...path.slice(0, -1), Number(path.at(-1)) + 1];
}

/** The step at a path, or the innermost that the path leads into. */
function stepOn(outline: Outline, path: Path): OutlineStep | undefined {
  const key = `${path.join('.')}.`;
  return outline.steps.findLast((step) => key.startsWith(`${keyOf(step)}.`));
}

/**
 * The chosen step, and what is done to steps: each is a change of the text, in the one history of
 * the editor.
 */
export function useSteps(text: string, isReadOnly: boolean) {
  const t = useTexts(editorWords);
  const names = useRead('draft').data?.names ?? NO_NAMES;
  const handle = useRef<CodeHandle>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const now = useRef({ text, names });
  useEffect(() => {
    now.current = { text, names };
  });
  const make = useCallback(
    (changesOf: (outline: Outline) => readonly Change[], next: Path | null): void => {
      const changes = changesOf(outlineOf(now.current.text));
      if (changes.length === 0 || handle.current === null) {
        notifications.show({ message: t.notHere, color: 'orange' });
        return;
      }
      handle.current.change(changes);
      if (next === null) return setChosen(null);
      const step = stepOn(outlineOf(changed(now.current.text, changes)), next);
      setChosen(step === undefined ? null : keyOf(step));
      if (step !== undefined) handle.current.goTo(step.from, false);
    },
    [t],
  );
  const actions = useMemo(
    (): StepActions => ({
      isReadOnly,
      add: (place, kind: StepKind) =>
        make((outline) => addStep(outline, place, kind.make(now.current.names)), pathOf(place)),
      move: (step, by) => {
        const path = [...step.path.slice(0, -1), Number(step.path.at(-1)) + by];
        make((outline) => moveStep(outline, step, by), path);
      },
      canMove: (step, by) => canMove(outlineOf(now.current.text), step, by),
      remove: (step) => make((outline) => removeStep(outline, step), null),
      choose: (step) => {
        setChosen(keyOf(step));
        handle.current?.goTo(step.from, false);
      },
    }),
    [isReadOnly, make],
  );
  const set = useCallback(
    ({ path }: StepField, value: unknown) =>
      make((outline) => setField(outline, path, value), path),
    [make],
  );
  /** The cursor was put somewhere in a text. */
  const follow = useCallback((written: string, offset: number) => {
    const step = stepAt(outlineOf(written), offset);
    setChosen(step === undefined ? null : keyOf(step));
  }, []);
  return { names, handle, chosen, actions, set, follow };
}

/** What `useSteps` gives. */
export type Steps = ReturnType<typeof useSteps>;
