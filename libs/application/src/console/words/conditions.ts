import type { Locale } from '#libs/kernel';
import { formatNumber } from '#libs/decision';
import {
  compileExpression,
  DYNAMIC_SCOPE,
  outlineOf,
  type Comparison,
  type Outline,
  type Term,
} from '#libs/expression';
import { labelOf } from './labels.js';
import { quoted, say, type Bilingual } from './text.js';

/** How the words of a condition name what the workspace names. */
export interface ConditionNames {
  readonly action: (id: string) => string;
  readonly segment: (id: string) => string;
}

interface Told {
  readonly locale: Locale;
  readonly names: ConditionNames;
}

const SIGNS: Readonly<Record<Comparison, string>> = {
  '==': '=',
  '!=': '≠',
  '<': '<',
  '<=': '≤',
  '>': '>',
  '>=': '≥',
};

/** Where a value comes from, where it is not of the person. */
const ROOTS: Readonly<Record<string, Bilingual>> = {
  event: { fr: 'à l’évènement', en: 'of the event' },
  entry: { fr: 'à l’entrée', en: 'at entry' },
  account: { fr: 'du compte', en: 'of the account' },
};

/** A condition of the workspace in words; null where its form has none. */
export function conditionText(
  source: string,
  locale: Locale,
  names: ConditionNames,
): string | null {
  const compiled = compileExpression(source, { scope: DYNAMIC_SCOPE, expects: 'bool' });
  const outline = compiled.ok ? outlineOf(compiled.value) : null;
  return outline === null ? null : wordsOf(outline, { locale, names });
}

/** The same, told as what it is where there are no words for it. */
export function conditionOrMention(source: string, locale: Locale, names: ConditionNames): string {
  const mention = say(locale, 'selon une condition du fichier', 'on a condition of the file');
  return conditionText(source, locale, names) ?? mention;
}

function wordsOf(outline: Outline, told: Told): string | null {
  const { locale, names } = told;
  switch (outline.kind) {
    case 'all':
    case 'any':
      return joined(outline, told);
    case 'not':
      return negated(outline.part, told);
    case 'compare':
      return compared(outline, told);
    case 'one_of': {
      const of = termText(outline.of, told);
      const among = outline.among.map((term) => termText(term, told));
      if (of === null || among.includes(null)) return null;
      return say(locale, `${of} parmi ${among.join(', ')}`, `${of} among ${among.join(', ')}`);
    }
    case 'in_segment': {
      const name = quoted(names.segment(outline.segment), locale);
      return say(locale, `dans le segment ${name}`, `in the segment ${name}`);
    }
    case 'has':
      return ofPath(outline.path, told, { fr: 'connu', en: 'known' });
    case 'true':
      return ofPath(outline.path, told, { fr: 'oui', en: 'yes' });
  }
}

function joined(outline: Extract<Outline, { parts: unknown }>, told: Told): string | null {
  const { locale } = told;
  const parts: string[] = [];
  for (const part of outline.parts) {
    const text = wordsOf(part, told);
    if (text === null) return null;
    const isGroup = part.kind === 'all' || part.kind === 'any';
    parts.push(isGroup ? `(${text})` : text);
  }
  return parts.join(
    outline.kind === 'all' ? say(locale, ' et ', ' and ') : say(locale, ' ou ', ' or '),
  );
}

function negated(part: Outline, told: Told): string | null {
  const { locale, names } = told;
  switch (part.kind) {
    case 'not':
      return wordsOf(part.part, told);
    case 'in_segment': {
      const name = quoted(names.segment(part.segment), locale);
      return say(locale, `hors du segment ${name}`, `not in the segment ${name}`);
    }
    case 'has':
      return ofPath(part.path, told, { fr: 'inconnu', en: 'unknown' });
    case 'true':
      return ofPath(part.path, told, { fr: 'non', en: 'no' });
    case 'all':
    case 'any':
    case 'compare':
    case 'one_of': {
      const text = wordsOf(part, told);
      return text === null ? null : say(locale, `pas (${text})`, `not (${text})`);
    }
  }
}

function compared(
  { by, left, right }: Extract<Outline, { kind: 'compare' }>,
  told: Told,
): string | null {
  const isNull = (term: Term): boolean => term.kind === 'literal' && term.value === null;
  if (left.kind === 'path' && isNull(right) && (by === '==' || by === '!=')) {
    const state = by === '!=' ? { fr: 'connu', en: 'known' } : { fr: 'inconnu', en: 'unknown' };
    return ofPath(left.path, told, state);
  }
  const [first, second] = [termText(left, told, right), termText(right, told, left)];
  return first === null || second === null ? null : `${first} ${SIGNS[by]} ${second}`;
}

function ofPath(path: readonly string[], told: Told, state: Bilingual): string | null {
  const name = pathText(path, told.locale);
  const { locale } = told;
  return name === null ? null : `${name}${locale === 'fr' ? ' :' : ':'} ${state[locale]}`;
}

/** A term beside the other of its comparison: an action's id reads by its name beside a choice. */
function termText(term: Term, told: Told, beside?: Term): string | null {
  const { locale, names } = told;
  switch (term.kind) {
    case 'path':
      return pathText(term.path, locale);
    case 'days_since': {
      const name = pathText(term.path, locale);
      if (name === null) return null;
      return say(
        locale,
        `jours depuis ${quoted(name, locale)}`,
        `days since ${quoted(name, locale)}`,
      );
    }
    case 'literal': {
      const { value } = term;
      if (value === null) return null;
      if (typeof value === 'boolean')
        return value ? say(locale, 'oui', 'yes') : say(locale, 'non', 'no');
      if (typeof value === 'number') {
        return formatNumber(value, Number.isInteger(value) ? 0 : 2, locale);
      }
      const isAction = beside?.kind === 'path' && isChosenAction(beside.path);
      return isAction ? quoted(names.action(value), locale) : value;
    }
  }
}

function isChosenAction(path: readonly string[]): boolean {
  return path.length === 3 && path[0] === 'decision' && path[2] === 'action';
}

/** What a path names; null where nobody would know it by a name. */
function pathText([root = '', ...rest]: readonly string[], locale: Locale): string | null {
  if (isChosenAction([root, ...rest])) return say(locale, 'action choisie', 'action chosen');
  if (root === 'account' && rest.length === 0) return say(locale, 'Compte', 'Account');
  const names = root === 'profile' && rest[0] === 'aggregates' ? rest.slice(1) : rest;
  const [name] = names;
  if (name === undefined || names.length > 1) return null;
  if (root === 'profile') return labelOf(name, locale);
  const where = ROOTS[root];
  return where === undefined ? null : `${labelOf(name, locale)} ${where[locale]}`;
}
