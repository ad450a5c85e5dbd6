import type { Place } from '#libs/kernel';
import type { ReadPaths } from './reads.js';

/** Roots a template may read. */
const ROOTS = ['profile', 'account', 'entry', 'decision', 'vars', 'workspace'];

/** Names given beside the roots, and words that are no variables. */
const WORDS = [
  'unsubscribe_url',
  'preferences_url',
  'else',
  'this',
  'true',
  'false',
  'null',
  'undefined',
  'as',
];

/** A variable of a template and where it stands. */
export interface TemplateVariable {
  /** `['profile', 'firstName']`. */
  readonly path: readonly string[];
  readonly offset: number;
  /** Within a block such as `each`, where a bare name may be an element's. */
  readonly isInBlock: boolean;
}

/**
 * The variables a Handlebars text names. Reads mustaches by their outline only; the channel
 * compiles the template for good, and withholds at run time what lint could not know.
 */
export function variablesOf(source: string): readonly TemplateVariable[] {
  const variables: TemplateVariable[] = [];
  let depth = 0;
  for (const mustache of source.matchAll(/\{\{\{?([#/^!>&~]*)([^{}]*)\}?\}\}/g)) {
    const [whole, sign = '', inner = ''] = mustache;
    if (sign.includes('!')) continue;
    if (sign.includes('/')) {
      depth -= 1;
      continue;
    }
    const start = mustache.index + whole.indexOf(inner);
    variables.push(...variablesIn(inner, { start, isInBlock: depth > 0, hasHelper: sign !== '' }));
    if (sign.includes('#')) depth += 1;
  }
  return variables;
}

/** Known variables as paths, for what a scenario must keep. */
export function templateReads(source: string): ReadPaths {
  return variablesOf(source)
    .filter(({ path }) => ROOTS.includes(path[0] ?? ''))
    .map(({ path }) => path);
}

/** Whether a variable cannot exist: an unknown root, or a trait the profile does not have. */
export function isUnknown(variable: TemplateVariable, traits: ReadonlySet<string>): boolean {
  const [root = '', first] = variable.path;
  if (WORDS.includes(root)) return false;
  if (!ROOTS.includes(root)) return !variable.isInBlock;
  return root === 'profile' && first !== undefined && !traits.has(first);
}

/** The place of an offset in a text that is a file of its own. */
export function placeInText(file: string, source: string, offset: number): Place {
  const before = source.slice(0, offset).split(/\r\n|\r|\n/);
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function variablesIn(
  inner: string,
  at: { readonly start: number; readonly isInBlock: boolean; readonly hasHelper: boolean },
): readonly TemplateVariable[] {
  const text = inner.replace(/"[^"]*"|'[^']*'/g, (literal) => ' '.repeat(literal.length));
  const words = [...text.matchAll(/(\.\.\/|@)?[A-Za-z_][\w]*(?:\.[\w]+)*(=)?/g)];
  const found: TemplateVariable[] = [];
  for (const [index, word] of words.entries()) {
    const [whole, prefix, equals] = word;
    // The first of several words, or after a bracket, is a helper's name; `name=` is an argument's.
    const isFirst = index === 0 && (words.length > 1 || at.hasHelper);
    const isCalled = /\(\s*$/.test(text.slice(0, word.index));
    const isHelper = (isFirst || isCalled) && !whole.includes('.');
    if (prefix !== undefined || equals !== undefined || isHelper) continue;
    const path = whole.split('.');
    found.push({ path, offset: at.start + word.index, isInBlock: at.isInBlock });
  }
  return found;
}
