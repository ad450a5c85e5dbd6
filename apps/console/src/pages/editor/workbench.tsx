import { ActionIcon, Group, Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { useElementSize, useMediaQuery } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { lazy, Suspense, useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import { LIVE_MS, useRead } from '../../api/queries.js';
import { useLocale } from '../../i18n/locale.js';
import { useTexts } from '../../i18n/text.js';
import { Icon } from '../../ui/icon.js';
import { Section } from '../../ui/section.js';
import type { CodeHandle } from './code-editor.js';
import { EditorGraph } from './editor-graph.js';
import classes from './editor.module.css';
import { fieldHelp } from './field-help.js';
import { stepLabel } from './labels.js';
import { outlineOf, stepAt, type Outline, type OutlineStep } from './model.js';
import { graphOfOutline, keyOf } from './outline-graph.js';
import { OutlineTree } from './outline-tree.js';
import { ProblemList } from './problem-list.js';
import { problemsIn } from './problem-places.js';
import { addStep, canMove, moveStep, removeStep, setField } from './step-edits.js';
import type { StepField } from './step-fields.js';
import { StepForm } from './step-form.js';
import type { StepActions } from './step-tools.js';
import type { Checked, Editing } from './use-editing.js';
import { editorWords, labelWords } from './words.js';
import { changed, type Change } from './yaml-text.js';

const CodeEditor = lazy(async () => ({ default: (await import('./code-editor.js')).CodeEditor }));

const NARROW = '(max-width: 62em)';
const NO_NAMES = { actions: [], segments: [], events: [], purposes: [] };

interface WorkbenchProps {
  readonly editing: Editing;
  readonly checked: Checked | null;
  readonly isReadOnly: boolean;
  readonly name: string;
}

/** The chosen step and the changes of the text that the path makes, one history for both. */
function useSteps(outline: Outline, isReadOnly: boolean) {
  const t = useTexts(editorWords);
  const { data: draft } = useRead('draft');
  const names = draft?.names ?? NO_NAMES;
  const handle = useRef<CodeHandle>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const now = useRef({ outline, names });
  now.current = { outline, names };

  const make = useCallback(
    (changes: readonly Change[], next?: (after: Outline) => OutlineStep | undefined): void => {
      if (changes.length === 0 || handle.current === null) {
        notifications.show({ message: t.notHere, color: 'orange' });
        return;
      }
      handle.current.change(changes);
      const after = outlineOf(changed(now.current.outline.file.text, changes));
      const step = next?.(after);
      setChosen(step === undefined ? null : keyOf(step));
      if (step !== undefined) handle.current.goTo(step.from, false);
    },
    [t],
  );
  const actions = useMemo((): StepActions => {
    const at = (after: Outline, path: readonly (string | number)[]) =>
      after.steps.find((step) => keyOf(step) === path.join('.'));
    return {
      isReadOnly,
      add(place, kind) {
        const path =
          'after' in place
            ? [...place.after.path.slice(0, -1), Number(place.after.path.at(-1)) + 1]
            : [...place.first, 0];
        const step = kind.make(now.current.names);
        make(addStep(now.current.outline, place, step), (after) => at(after, path));
      },
      move(step, by) {
        const path = [...step.path.slice(0, -1), Number(step.path.at(-1)) + by];
        make(moveStep(now.current.outline, step, by), (after) => at(after, path));
      },
      canMove: (step, by) => canMove(now.current.outline, step, by),
      remove: (step) => make(removeStep(now.current.outline, step)),
      choose(step, toText = false) {
        setChosen(keyOf(step));
        handle.current?.goTo(step.from, toText);
      },
    };
  }, [isReadOnly, make]);
  const set = useCallback(
    ({ path }: StepField, value: unknown) => {
      const key = path.slice(0, 2).join('.');
      make(setField(now.current.outline, path, value), (after) =>
        after.steps.findLast((step) => {
          const own = keyOf(step);
          return own === key || path.join('.').startsWith(`${own}.`);
        }),
      );
    },
    [make],
  );
  return { names, handle, chosen, setChosen, actions, set };
}

type Steps = ReturnType<typeof useSteps>;

/** Counts of the people in the published version, for steps that keep their name. */
function useLive(id: string, isPublished: boolean) {
  const params = { id };
  const options = { everyMs: LIVE_MS, isEnabled: isPublished && id !== '' };
  const { data } = useRead('scenario', { params }, options);
  return useMemo(() => new Map(data?.graph.nodes.map((node) => [node.id, node])), [data]);
}

function Undoing({ handle }: { readonly handle: Steps['handle'] }) {
  const t = useTexts(editorWords);
  return (
    <Group gap={4}>
      <ActionIcon
        variant="subtle"
        aria-label={t.undo}
        title={t.undo}
        onClick={() => handle.current?.undo()}
      >
        <Icon name="undo" size={17} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        aria-label={t.redo}
        title={t.redo}
        onClick={() => handle.current?.redo()}
      >
        <Icon name="redo" size={17} />
      </ActionIcon>
    </Group>
  );
}

interface ChosenProps {
  readonly steps: Steps;
  readonly outline: Outline;
  readonly isReadOnly: boolean;
}

function Chosen({ steps, outline, isReadOnly }: ChosenProps) {
  const t = useTexts(editorWords);
  const labels = useTexts(labelWords);
  const step = outline.steps.find((one) => keyOf(one) === steps.chosen);
  const decisions = outline.steps.filter(({ type }) => type === 'decide').map(({ id }) => id);
  return (
    <Section title={step === undefined ? t.step : stepLabel(step, labels)}>
      {step === undefined ? (
        <Text size="sm" c="dimmed">
          {t.chooseStep}
        </Text>
      ) : (
        <StepForm
          key={keyOf(step)}
          step={step}
          names={steps.names}
          decisions={decisions}
          isReadOnly={isReadOnly}
          onSet={steps.set}
        />
      )}
    </Section>
  );
}

function useTroubled(outline: Outline, places: readonly { readonly from: number }[]) {
  return useMemo(() => {
    const steps = places.flatMap(({ from }) => stepAt(outline, from) ?? []);
    return new Set(steps.map(keyOf));
  }, [outline, places]);
}

/** Path, form, text and problems of a scenario: what is done to one shows in the others. */
export function Workbench({ editing, checked, isReadOnly, name }: WorkbenchProps) {
  const t = useTexts(editorWords);
  const labels = useTexts(labelWords);
  const help = useTexts(fieldHelp);
  const { locale } = useLocale();
  const { text, file, setText } = editing;
  const [initial] = useState(text);
  const isNarrow = useMediaQuery(NARROW) ?? false;
  const [view, setView] = useState('path');
  const shown = !isNarrow && view === 'file' ? 'path' : view;
  const outline = useMemo(() => outlineOf(text), [text]);
  const drawn = useDeferredValue(outline);
  const steps = useSteps(outline, isReadOnly);
  const live = useLive(outline.id, file.published !== null);
  const graph = useMemo(
    () => graphOfOutline(drawn, { labels, entry: t.entryLabel, end: t.end }, live),
    [drawn, labels, t, live],
  );
  const byKey = useMemo(() => new Map(drawn.steps.map((step) => [keyOf(step), step])), [drawn]);
  const isChecking = checked?.text !== text && !isReadOnly;
  const found = useMemo(
    () =>
      problemsIn(file.path, checked?.text ?? text, { problems: checked?.problems ?? [], locale }),
    [file.path, checked, text, locale],
  );
  const troubled = useTroubled(drawn, found.here);
  const chosen = outline.steps.find((step) => keyOf(step) === steps.chosen);
  const marked = useMemo(
    () => (chosen === undefined ? null : { from: chosen.from, to: chosen.to }),
    [chosen],
  );
  const { handle, setChosen } = steps;
  const ready = useCallback(
    (made: CodeHandle | null) => {
      handle.current = made;
    },
    [handle],
  );
  const toFile = useCallback(
    (offset: number) => {
      setView((now) => (isNarrow ? 'file' : now));
      // The text is shown first, where it was behind another tab.
      setTimeout(() => handle.current?.goTo(offset, true), 0);
    },
    [handle, isNarrow],
  );
  const follow = useCallback(
    (offset: number) => {
      const step = stepAt(outlineOf(latest.current), offset);
      setChosen(step === undefined ? null : keyOf(step));
    },
    [setChosen],
  );
  const latest = useRef(text);
  const written = useCallback(
    (now: string) => {
      latest.current = now;
      setText(now);
    },
    [setText],
  );
  const actions = useMemo(
    (): StepActions => ({
      ...steps.actions,
      choose(step, toText = false) {
        steps.actions.choose(step);
        if (toText) toFile(step.from);
      },
    }),
    [steps.actions, toFile],
  );
  const pathPanel = (
    <EditorGraph
      label={t.pathOf(name)}
      graph={graph}
      steps={byKey}
      chosen={steps.chosen}
      troubled={troubled}
      actions={actions}
      onEntry={() => toFile(drawn.entryFrom)}
    />
  );
  const { ref, width } = useElementSize();
  return (
    <Tabs id="editor" value={shown} onChange={(chosenView) => setView(chosenView ?? 'path')}>
      <Group justify="space-between" mb="sm" wrap="nowrap">
        <Tabs.List>
          <Tabs.Tab value="path">{t.path}</Tabs.Tab>
          <Tabs.Tab value="outline">{t.outline}</Tabs.Tab>
          {isNarrow && <Tabs.Tab value="file">{t.file}</Tabs.Tab>}
        </Tabs.List>
        {!isReadOnly && <Undoing handle={handle} />}
      </Group>
      <div className={classes['panes']} data-narrow={isNarrow} ref={ref}>
        <div className={classes['pane']} hidden={shown === 'file'}>
          {!drawn.file.isReadable && (
            <Text size="sm" c="red" role="status">
              {t.unreadable}
            </Text>
          )}
          <Tabs.Panel value="path" keepMounted={false} className={classes['scroll'] ?? ''}>
            {width > 0 && pathPanel}
          </Tabs.Panel>
          <Tabs.Panel value="outline" keepMounted={false} className={classes['scroll'] ?? ''}>
            <OutlineTree
              outline={drawn}
              name={name}
              chosen={steps.chosen}
              troubled={troubled}
              actions={actions}
            />
          </Tabs.Panel>
          <Chosen steps={steps} outline={outline} isReadOnly={isReadOnly} />
        </div>
        <div
          className={classes['pane']}
          hidden={isNarrow && shown !== 'file'}
          {...(isNarrow
            ? { role: 'tabpanel', id: 'editor-panel-file', 'aria-labelledby': 'editor-tab-file' }
            : {})}
        >
          <div className={classes['codeFrame']}>
            <Suspense fallback={<Skeleton h="100%" aria-busy="true" />}>
              <CodeEditor
                label={t.file}
                initial={initial}
                isReadOnly={isReadOnly}
                problems={found.here}
                marked={marked}
                names={steps.names}
                help={help}
                onText={written}
                onCursor={follow}
                onReady={ready}
              />
            </Suspense>
          </div>
          <Stack gap="xs">
            <Text size="xs" c="dimmed">
              {t.keys}
            </Text>
            {!isReadOnly && (
              <ProblemList
                problems={found.here}
                elsewhere={found.elsewhere}
                isChecking={isChecking}
                onOpen={({ from }) => toFile(from)}
              />
            )}
          </Stack>
        </div>
      </div>
    </Tabs>
  );
}
