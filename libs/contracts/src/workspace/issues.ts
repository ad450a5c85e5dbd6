import type { Json, LocalText, Problem } from '#libs/kernel';
import type { core } from 'zod';
import { problemOf } from '../problems/problem.js';
import { LATER_PUSHES } from './crm.js';
import { EXPECTATIONS, type Expectation } from './expectations.js';
import { keysAt } from './json-schemas.js';
import type { Kind } from './kinds.js';
import { nearest } from './nearest.js';
import { STEP_KEYS } from './steps/step.js';
import type { DocumentPath, SourceDocument } from './yaml/document.js';

type Issue = core.$ZodIssue;

/** The file and the kind it should be of. */
interface FileRead extends SourceDocument {
  readonly kind: Kind;
}

/** Tells zod's findings as problems at their places, one each. */
export function problemsOfIssues(
  kind: Kind,
  document: SourceDocument,
  issues: readonly Issue[],
): readonly Problem[] {
  const file: FileRead = { ...document, kind };
  return issues.flatMap((issue) => problemsOfIssue(file, issue, []));
}

function problemsOfIssue(document: FileRead, issue: Issue, base: DocumentPath): readonly Problem[] {
  const path = [...base, ...(issue.path as DocumentPath)];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(document, [...path, key], key));
    case 'invalid_union':
      return problemsOfUnion(document, issue, path);
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues
        .slice(0, 1)
        .map((inner) => unfit(document, path, { ...inner, input: path.at(-1) } as Issue, true));
    default:
      return [
        valueAt(document.value, path) === undefined
          ? missing(document, path, issue)
          : unfit(document, path, issue, false),
      ];
  }
}

function unknownKey(document: FileRead, path: DocumentPath, key: string): Problem {
  const place = document.placeOfKey(path);
  return problemOf('RLN-1101', place, { key, known: knownKeys(document.kind, path, key) });
}

/** The keys possible there, the likeliest first. */
function knownKeys(kind: Kind, path: DocumentPath, key: string): string {
  const keys = keysAt(kind, path.slice(0, -1));
  const meant = nearest(key, keys);
  return [...(meant === null ? [] : [meant]), ...keys.filter((each) => each !== meant)].join(', ');
}

/** The option meant is the one the value fits best at its top; its problems are told, no others. */
function problemsOfUnion(
  document: FileRead,
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: DocumentPath,
): readonly Problem[] {
  const value = valueAt(document.value, path);
  if (value === undefined) return [missing(document, path, issue)];
  if (isStepAt(path, value)) {
    const step = stepProblem(document, path, value);
    if (step !== null) return [step];
  }
  const options = issue.errors.filter((errors) => errors.length > 0);
  const ranked = [...options].sort((one, other) => misfit(one) - misfit(other));
  const [best] = ranked;
  if (best === undefined || misfit(best) >= WRONG_SORT) {
    return [unfit(document, path, issue, false)];
  }
  return best.flatMap((inner) => problemsOfIssue(document, inner, path));
}

const WRONG_SORT = 1_000;

function misfit(errors: readonly Issue[]): number {
  let cost = 0;
  for (const { code, path, ...rest } of errors) {
    if (path.length === 0) {
      if (code === 'invalid_type' || code === 'invalid_value') cost += WRONG_SORT;
      else if (code === 'unrecognized_keys') cost += 10 * (rest as { keys: unknown[] }).keys.length;
      else cost += 1;
    } else if (path.length === 1 && (rest as { input?: unknown }).input === undefined) cost += 5;
    else cost += 1;
  }
  return cost;
}

function isStepAt(path: DocumentPath, value: Json): boolean {
  const parent = path.at(-2);
  const isInBlock = parent === 'steps' || parent === 'then' || parent === 'else';
  return isInBlock && typeof path.at(-1) === 'number' && isObject(value);
}

/** A step whose key is none of ours. */
function stepProblem(document: FileRead, path: DocumentPath, value: Json): Problem | null {
  const keys = Object.keys(value as object);
  if (keys.some((key) => isIn(STEP_KEYS, key))) return null;
  const [key = ''] = keys;
  const place = document.placeOfKey([...path, key]);
  return problemOf('RLN-1105', place, { key, known: STEP_KEYS.join(', ') });
}

function missing(document: FileRead, path: DocumentPath, issue: Issue): Problem {
  const key = String(path.at(-1) ?? '');
  const place = document.placeOfKey(path.slice(0, -1));
  return problemOf('RLN-1102', place, { key, expected: expectedOf(issue) });
}

function unfit(document: FileRead, path: DocumentPath, issue: Issue, isKey: boolean): Problem {
  const place = isKey ? document.placeOfKey(path) : document.placeOf(path);
  const value = isKey ? String(path.at(-1)) : valueAt(document.value, path);
  const isLaterPush = typeof value === 'string' && isIn(LATER_PUSHES, value);
  if (isLaterPush && document.kind === 'crm' && path[0] === 'push') {
    return problemOf('RLN-1201', place, { key: value });
  }
  return problemOf('RLN-1103', place, {
    path: path.slice(-3).map(String).join('.'),
    found: foundOf(value),
    expected: expectedOf(issue),
  });
}

const KINDS: Readonly<Record<string, LocalText>> = {
  string: { fr: 'un texte', en: 'a text' },
  number: { fr: 'un nombre', en: 'a number' },
  int: { fr: 'un nombre entier', en: 'a whole number' },
  boolean: { fr: 'true ou false', en: 'true or false' },
  object: { fr: 'un bloc de clés', en: 'a block of keys' },
  record: { fr: 'un bloc de clés', en: 'a block of keys' },
  array: { fr: 'une liste', en: 'a list' },
  tuple: { fr: 'une liste de deux valeurs', en: 'a list of two values' },
  null: { fr: 'rien', en: 'nothing' },
};

function expectedOf(issue: Issue): LocalText {
  if (Object.hasOwn(EXPECTATIONS, issue.message)) {
    return EXPECTATIONS[issue.message as Expectation];
  }
  switch (issue.code) {
    case 'invalid_type':
      return KINDS[issue.expected] ?? { fr: issue.expected, en: issue.expected };
    case 'invalid_value':
      return oneOf(issue.values.map(String));
    case 'too_small':
      return bound(issue.minimum, { fr: 'au moins', en: 'at least' });
    case 'too_big':
      return bound(issue.maximum, { fr: 'au plus', en: 'at most' });
    case 'invalid_union':
      return anyOf(issue.errors.flatMap((errors) => errors.slice(0, 1).map(expectedOf)));
    default:
      return { fr: 'une autre valeur', en: 'another value' };
  }
}

function oneOf(values: readonly string[]): LocalText {
  const text = values.join(', ');
  return values.length === 1
    ? { fr: text, en: text }
    : { fr: `l’un de ${text}`, en: `one of ${text}` };
}

function bound(limit: number | bigint, word: LocalText): LocalText {
  return { fr: `${word['fr']} ${limit}`, en: `${word['en']} ${limit}` };
}

function anyOf(options: readonly LocalText[]): LocalText {
  const unique = (locale: string) => [...new Set(options.map((each) => each[locale] ?? ''))];
  return { fr: unique('fr').join(' ou '), en: unique('en').join(' or ') };
}

function foundOf(value: Json | undefined): LocalText {
  if (Array.isArray(value)) return { fr: 'une liste', en: 'a list' };
  if (isObject(value)) return { fr: 'un bloc de clés', en: 'a block of keys' };
  if (value === null || value === undefined) return { fr: 'rien', en: 'nothing' };
  const text = typeof value === 'string' ? `« ${value.slice(0, 60)} »` : JSON.stringify(value);
  const quoted = typeof value === 'string' ? `"${value.slice(0, 60)}"` : JSON.stringify(value);
  return { fr: text, en: quoted };
}

function valueAt(root: Json, path: DocumentPath): Json | undefined {
  let value: Json | undefined = root;
  for (const part of path) {
    if (value === null || typeof value !== 'object') return undefined;
    if (!Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, Json>)[part];
  }
  return value;
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIn(list: readonly string[], key: string): boolean {
  return list.includes(key);
}
