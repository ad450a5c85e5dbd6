import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Looks of the text, by Mantine's colours: light and dark follow the page. */
export const codeTheme = EditorView.theme({
  '&': {
    height: '100%',
    fontSize: '12.5px',
    backgroundColor: 'var(--mantine-color-body)',
    color: 'var(--mantine-color-text)',
  },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.6' },
  '.cm-content': { caretColor: 'var(--mantine-color-text)' },
  '&.cm-focused': {
    outline: '2px solid var(--mantine-primary-color-filled)',
    outlineOffset: '-1px',
  },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: 'var(--mantine-color-indigo-light)' },
  '.cm-gutters': {
    backgroundColor: 'var(--relance-page)',
    color: 'var(--mantine-color-dimmed)',
    borderRight: '1px solid var(--relance-line)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--relance-page)' },
  '.cm-step': { backgroundColor: 'var(--mantine-color-indigo-light)' },
  '.cm-tooltip': {
    border: '1px solid var(--relance-line)',
    borderRadius: 'var(--mantine-radius-md)',
    backgroundColor: 'var(--mantine-color-body)',
    color: 'var(--mantine-color-text)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--mantine-primary-color-filled)',
    color: 'var(--mantine-color-white)',
  },
  '.cm-completionInfo, .cm-help': {
    maxWidth: '340px',
    padding: '8px 10px',
    whiteSpace: 'pre-line',
    fontFamily: 'var(--mantine-font-family)',
    fontSize: '13px',
  },
  '.cm-diagnostic': { fontFamily: 'var(--mantine-font-family)', whiteSpace: 'pre-line' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--mantine-color-red-6)',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--mantine-color-orange-6)',
    textUnderlineOffset: '3px',
  },
});

/** Colours of YAML. */
export const yamlColours = HighlightStyle.define([
  {
    tag: [tags.propertyName, tags.definition(tags.propertyName)],
    color: 'var(--mantine-color-indigo-light-color)',
  },
  {
    tag: [tags.comment, tags.lineComment],
    color: 'var(--mantine-color-dimmed)',
    fontStyle: 'italic',
  },
  {
    tag: [tags.string, tags.special(tags.string)],
    color: 'var(--mantine-color-green-light-color)',
  },
  { tag: [tags.number, tags.bool, tags.keyword], color: 'var(--mantine-color-grape-light-color)' },
]);
