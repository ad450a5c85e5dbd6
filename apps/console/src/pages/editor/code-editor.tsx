import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, redo, undo } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import {
  Compartment,
  EditorState,
  StateEffect,
  StateField,
  type Extension,
} from '@codemirror/state';
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { codeTheme, yamlColours } from './code-theme.js';
import classes from './editor.module.css';
import { helpAt, proposalsAt, type FieldHelp, type Names } from './completion.js';
import type { Change } from './yaml-text.js';

/** A problem as the text shows it. */
export interface CodeProblem {
  readonly from: number;
  readonly to: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** What others do with the text; every change is one more in the editor's own history. */
export interface CodeHandle {
  readonly change: (changes: readonly Change[]) => void;
  readonly goTo: (offset: number, focus: boolean) => void;
  readonly undo: () => void;
  readonly redo: () => void;
}

interface CodeEditorProps {
  readonly label: string;
  readonly initial: string;
  readonly isReadOnly: boolean;
  readonly problems: readonly CodeProblem[];
  /** Lines of the chosen step. */
  readonly marked: { readonly from: number; readonly to: number } | null;
  /** What may be written, and what keys are for; null where the schema is not a scenario's. */
  readonly names: Names | null;
  readonly help: FieldHelp;
  readonly onText: (text: string) => void;
  /** Where the cursor was put by whoever writes. */
  readonly onCursor: (text: string, offset: number) => void;
  readonly onReady: (handle: CodeHandle | null) => void;
}

type Given = Pick<CodeEditorProps, 'names' | 'help' | 'onText' | 'onCursor'>;

const mark = StateEffect.define<{ from: number; to: number } | null>();
const stepLine = Decoration.line({ class: 'cm-step' });

/** Marks the lines of the chosen step. */
const marks = StateField.define({
  create: () => Decoration.none,
  update(before, { state, effects, changes }) {
    const wish = effects.find((effect) => effect.is(mark));
    if (wish === undefined) return before.map(changes);
    const { value } = wish;
    if (value === null || value.from > state.doc.length) return Decoration.none;
    const first = state.doc.lineAt(value.from).number;
    const last = state.doc.lineAt(Math.min(value.to, state.doc.length)).number;
    return Decoration.set(
      Array.from({ length: last - first + 1 }, (_, index) =>
        stepLine.range(state.doc.line(first + index).from),
      ),
    );
  },
  provide: (field) => EditorView.decorations.from(field),
});

const byGraph = 'relance.graph';
const SHOWN_ABOVE_PX = 60;

function completing(given: () => Given) {
  return (context: CompletionContext): CompletionResult | null => {
    const { names, help } = given();
    if (names === null) return null;
    const text = context.state.doc.toString();
    const { from, items } = proposalsAt(text, context.pos, { names, help });
    if (items.length === 0 || (!context.explicit && from === context.pos)) return null;
    const options = items.map(({ label, insert, kind, help: info }): Completion => ({
      label,
      apply: insert,
      type: { key: 'property', value: 'enum', name: 'constant' }[kind],
      ...(info === '' ? {} : { info }),
    }));
    return { from, options, validFor: /^[\w-]*$/ };
  };
}

function hovering(given: () => Given): Extension {
  return hoverTooltip(({ state }, at) => {
    const { names, help } = given();
    const found = names === null ? null : helpAt(state.doc.toString(), at, help);
    if (found === null) return null;
    const create = () => {
      const dom = document.createElement('div');
      dom.className = 'cm-help';
      dom.textContent = found.text;
      return { dom };
    };
    return { pos: found.from, end: found.to, create };
  });
}

function extensionsOf(given: () => Given, label: string): Extension {
  return [
    // Other signs at the end of a line stay in it: the text is given back byte for byte.
    EditorState.lineSeparator.of('\n'),
    lineNumbers(),
    lintGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    yaml(),
    syntaxHighlighting(yamlColours),
    codeTheme,
    marks,
    autocompletion({ override: [completing(given)] }),
    hovering(given),
    // Tab leaves the text, as it leaves every other field.
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
    EditorView.updateListener.of(({ docChanged, selectionSet, state, transactions }) => {
      if (docChanged) given().onText(state.doc.toString());
      const isOwn = !transactions.some((one) => one.isUserEvent(byGraph));
      if ((selectionSet || docChanged) && isOwn) {
        given().onCursor(state.doc.toString(), state.selection.main.head);
      }
    }),
  ];
}

function handleOf(view: EditorView): CodeHandle {
  return {
    change: (changes) => {
      view.dispatch({ changes: [...changes], userEvent: byGraph, scrollIntoView: false });
    },
    goTo: (offset, focus) => {
      const anchor = Math.min(offset, view.state.doc.length);
      view.dispatch({ selection: { anchor }, userEvent: byGraph });
      // Only the text moves: the page stays where it is under the pointer.
      view.scrollDOM.scrollTop = view.lineBlockAt(anchor).top - SHOWN_ABOVE_PX;
      if (focus) view.focus();
    },
    undo: () => void undo(view),
    redo: () => void redo(view),
  };
}

/** The file, with its problems in place. Loaded when an editor is first opened. */
export function CodeEditor(props: CodeEditorProps) {
  const { label, initial, isReadOnly, problems, marked, onReady } = props;
  const frame = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef<Given>(props);
  const writable = useRef(new Compartment());
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    if (frame.current === null) return undefined;
    const made = new EditorView({
      parent: frame.current,
      state: EditorState.create({
        doc: initial,
        extensions: [extensionsOf(() => latest.current, label), writable.current.of([])],
      }),
    });
    view.current = made;
    onReady(handleOf(made));
    return () => {
      onReady(null);
      made.destroy();
      view.current = null;
    };
    // The text lives in the editor from here on; another file comes with another key.
  }, [label, initial, onReady]);
  useEffect(() => {
    const state = isReadOnly ? [EditorState.readOnly.of(true)] : [];
    view.current?.dispatch({ effects: writable.current.reconfigure(state) });
  }, [isReadOnly]);
  useEffect(() => {
    const now = view.current;
    if (now === null) return;
    const end = now.state.doc.length;
    const shown = problems.map(({ from, to, severity, message }): Diagnostic => ({
      from: Math.min(from, end),
      to: Math.min(to, end),
      severity,
      message,
    }));
    now.dispatch(setDiagnostics(now.state, shown));
  }, [problems]);
  useEffect(() => {
    view.current?.dispatch({ effects: mark.of(marked) });
  }, [marked]);
  return <div ref={frame} className={classes['code']} />;
}
