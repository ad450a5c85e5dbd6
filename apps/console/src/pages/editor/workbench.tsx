import { ActionIcon, Group, Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { lazy, Suspense, useCallback, useDeferredValue, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
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
import { isScenarioPath, outlineOf, stepAt, type Outline } from './model.js';
import { graphOfOutline, keyOf } from './outline-graph.js';
import { OutlineTree } from './outline-tree.js';
import { ProblemList } from './problem-list.js';
import { problemsIn, type PlacedProblem } from './problem-places.js';
import { StepForm } from './step-form.js';
import type { StepActions } from './step-tools.js';
import type { Checked, Editing } from './use-editing.js';
import { useSteps, type Steps } from './use-steps.js';
import { editorWords, labelWords } from './words.js';

const CodeEditor = lazy(async () => ({ default: (await import('./code-editor.js')).CodeEditor }));

const NARROW = '(max-width: 62em)';

interface WorkbenchProps {
  readonly editing: Editing;
  readonly checked: Checked | null;
  readonly isReadOnly: boolean;
  readonly name: string;
}

/** Counts of the people in the published version, for steps that keep their name. */
function useLive(id: string, isPublished: boolean) {
  const options = { everyMs: LIVE_MS, isEnabled: isPublished && id !== '' };
  const { data } = useRead('scenario', { params: { id } }, options);
  return useMemo(() => new Map(data?.graph.nodes.map((node) => [node.id, node])), [data]);
}

function Undoing({ handle }: { readonly handle: Steps['handle'] }) {
  const t = useTexts(editorWords);
  return (
    <Group gap={4}>
      {(['undo', 'redo'] as const).map((name) => (
        <ActionIcon
          key={name}
          variant="subtle"
          aria-label={t[name]}
          title={t[name]}
          onClick={() => handle.current?.[name]()}
        >
          <Icon name={name} size={17} />
        </ActionIcon>
      ))}
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
  if (step === undefined) {
    return (
      <Section title={t.step}>
        <Text size="sm" c="dimmed">
          {t.chooseStep}
        </Text>
      </Section>
    );
  }
  return (
    <Section title={stepLabel(step, labels)}>
      <StepForm
        key={keyOf(step)}
        step={step}
        names={steps.names}
        decisions={decisions}
        isReadOnly={isReadOnly}
        onSet={steps.set}
      />
    </Section>
  );
}

interface PathProps {
  readonly outline: Outline;
  readonly name: string;
  readonly isPublished: boolean;
  readonly chosen: string | null;
  readonly problems: readonly PlacedProblem[];
  readonly actions: StepActions;
  readonly onEntry: (offset: number) => void;
}

/** The path drawn, and as a list. */
function Path({ outline, name, isPublished, chosen, problems, actions, onEntry }: PathProps) {
  const t = useTexts(editorWords);
  const labels = useTexts(labelWords);
  const live = useLive(outline.id, isPublished);
  const graph = useMemo(
    () => graphOfOutline(outline, { labels, entry: t.entryLabel, end: t.end }, live),
    [outline, labels, t, live],
  );
  const steps = useMemo(() => new Map(outline.steps.map((one) => [keyOf(one), one])), [outline]);
  const troubled = useMemo(
    () => new Set(problems.flatMap(({ from }) => stepAt(outline, from) ?? []).map(keyOf)),
    [outline, problems],
  );
  const { entryFrom } = outline;
  const toEntry = useCallback(() => onEntry(entryFrom), [onEntry, entryFrom]);
  const shared = { chosen, troubled, actions };
  return (
    <>
      {!outline.file.isReadable && (
        <Text size="sm" c="var(--mantine-color-error)" role="status">
          {t.unreadable}
        </Text>
      )}
      <Tabs.Panel value="path" keepMounted={false} className={classes['scroll'] ?? ''}>
        <EditorGraph
          label={t.pathOf(name)}
          graph={graph}
          steps={steps}
          onEntry={toEntry}
          {...shared}
        />
      </Tabs.Panel>
      <Tabs.Panel value="outline" keepMounted={false} className={classes['scroll'] ?? ''}>
        <OutlineTree outline={outline} name={name} {...shared} />
      </Tabs.Panel>
    </>
  );
}

interface FileProps extends Omit<WorkbenchProps, 'name'> {
  readonly outline: Outline;
  readonly steps: Steps;
  readonly problems: ReturnType<typeof problemsIn>;
  readonly onOpen: (offset: number) => void;
}

/** The text with its problems, in place and below. */
function File({ editing, checked, isReadOnly, outline, steps, problems, onOpen }: FileProps) {
  const t = useTexts(editorWords);
  const help = useTexts(fieldHelp);
  const { text, setText } = editing;
  const [initial] = useState(text);
  const chosen = outline.steps.find((step) => keyOf(step) === steps.chosen);
  const [from, to] = chosen === undefined ? [null, 0] : [chosen.from, chosen.to];
  const marked = useMemo(() => (from === null ? null : { from, to }), [from, to]);
  const { handle } = steps;
  const ready = useCallback(
    (made: CodeHandle | null) => {
      handle.current = made;
    },
    [handle],
  );
  return (
    <>
      <div className={classes['codeFrame']}>
        <Suspense fallback={<Skeleton h="100%" aria-busy="true" />}>
          <CodeEditor
            label={t.file}
            initial={initial}
            isReadOnly={isReadOnly}
            problems={problems.here}
            marked={marked}
            names={isScenarioPath(editing.file.path) ? steps.names : null}
            help={help}
            onText={setText}
            onCursor={steps.follow}
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
            problems={problems.here}
            elsewhere={problems.elsewhere}
            isChecking={checked?.text !== text}
            onOpen={(problem) => onOpen(problem.from)}
          />
        )}
      </Stack>
    </>
  );
}

/** Which pane is looked at; where there is room for two, the text is always the other. */
function useView(steps: Steps) {
  const isNarrow = useMediaQuery(NARROW) ?? false;
  const [view, setView] = useState('path');
  const { handle, actions: plain } = steps;
  const toFile = useCallback(
    (offset: number) => {
      // Behind another tab the text must be shown before it can be gone to.
      if (isNarrow) flushSync(() => setView('file'));
      handle.current?.goTo(offset, true);
    },
    [handle, isNarrow],
  );
  const actions = useMemo(
    (): StepActions => ({
      ...plain,
      choose(step, toText = false) {
        plain.choose(step);
        if (toText) toFile(step.from);
      },
    }),
    [plain, toFile],
  );
  return { isNarrow, view: !isNarrow && view === 'file' ? 'path' : view, setView, toFile, actions };
}

/** Path, form, text and problems of a scenario: what is done to one shows in the others. */
export function Workbench({ editing, checked, isReadOnly, name }: WorkbenchProps) {
  const t = useTexts(editorWords);
  const { locale } = useLocale();
  const { text, file } = editing;
  const outline = useMemo(() => outlineOf(text), [text]);
  const drawn = useDeferredValue(outline);
  const steps = useSteps(text, isReadOnly);
  const { isNarrow, view, setView, toFile, actions } = useView(steps);
  const problems = useMemo(() => {
    const found = { problems: checked?.problems ?? [], locale };
    return problemsIn(file.path, checked?.text ?? '', found);
  }, [file.path, checked, locale]);
  const asTab = { role: 'tabpanel', id: 'editor-panel-file', 'aria-labelledby': 'editor-tab-file' };
  const shared = { editing, checked, isReadOnly, outline, steps, problems };
  if (!isScenarioPath(file.path)) {
    return (
      <div className={classes['pane']}>
        <File {...shared} onOpen={toFile} />
      </div>
    );
  }
  return (
    <Tabs id="editor" value={view} onChange={(chosen) => setView(chosen ?? 'path')}>
      <Group justify="space-between" mb="sm" wrap="nowrap">
        <Tabs.List>
          <Tabs.Tab value="path">{t.path}</Tabs.Tab>
          <Tabs.Tab value="outline">{t.outline}</Tabs.Tab>
          {isNarrow && <Tabs.Tab value="file">{t.file}</Tabs.Tab>}
        </Tabs.List>
        {!isReadOnly && <Undoing handle={steps.handle} />}
      </Group>
      <div className={classes['panes']} data-narrow={isNarrow}>
        <div className={classes['pane']} hidden={view === 'file'}>
          <Path
            outline={drawn}
            name={name}
            isPublished={file.published !== null}
            chosen={steps.chosen}
            problems={problems.here}
            actions={actions}
            onEntry={toFile}
          />
          <Chosen steps={steps} outline={outline} isReadOnly={isReadOnly} />
        </div>
        <div
          className={classes['pane']}
          hidden={isNarrow && view !== 'file'}
          {...(isNarrow ? asTab : {})}
        >
          <File {...shared} onOpen={toFile} />
        </div>
      </div>
    </Tabs>
  );
}
