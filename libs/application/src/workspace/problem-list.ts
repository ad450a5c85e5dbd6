import type { Place, Problem } from '#libs/kernel';
import { nearest, problemOf, type ProblemCode, type ProblemParams } from '#libs/contracts';

/** Collects problems while a workspace is checked. */
export interface ProblemList {
  readonly problems: Problem[];
  add(code: ProblemCode, place: Place, params?: ProblemParams): void;
}

/** An empty list. */
export function problemList(): ProblemList {
  const problems: Problem[] = [];
  return {
    problems,
    add: (code, place, params = {}) => {
      problems.push(problemOf(code, place, params));
    },
  };
}

/** By file, line, column, code; each once. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const unique = new Map<string, Problem>();
  for (const problem of problems) {
    const { file, line, column } = problem.place ?? { file: '', line: 0, column: 0 };
    const at = `${line}`.padStart(8, '0') + `${column}`.padStart(8, '0');
    unique.set(`${file} ${at} ${problem.code} ${problem.message['en'] ?? ''}`, problem);
  }
  return [...unique]
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
    .map(([, problem]) => problem);
}

/** Kinds of thing a name may stand for, in words. */
const KIND_WORDS = {
  action: { fr: 'L’action', en: 'The action' },
  segment: { fr: 'Le segment', en: 'The segment' },
  template: { fr: 'Le modèle', en: 'The template' },
  purpose: { fr: 'La finalité', en: 'The purpose' },
  sender: { fr: 'L’expéditeur', en: 'The sender' },
  source: { fr: 'La source', en: 'The source' },
  step: { fr: 'L’étape', en: 'The step' },
  trait: { fr: 'Le trait', en: 'The trait' },
  identity: { fr: 'L’espace d’identifiants', en: 'The id namespace' },
  scenario: { fr: 'Le scénario', en: 'The scenario' },
  event: { fr: 'L’événement', en: 'The event' },
  endpoint: { fr: 'L’adresse d’appel', en: 'The endpoint' },
  aggregate: { fr: 'L’agrégat', en: 'The aggregate' },
  arm: { fr: 'Le bras', en: 'The arm' },
  treatment: { fr: 'Le traitement', en: 'The treatment' },
} as const;

/** A kind of name. */
export type NameKind = keyof typeof KIND_WORDS;

/** The word for a kind, as problems write it. */
export function kindWord(kind: NameKind): { readonly fr: string; readonly en: string } {
  return KIND_WORDS[kind];
}

/** What an unknown name might have meant, or what there is. */
export function suggestionFor(
  name: string,
  known: Iterable<string>,
): { readonly fr: string; readonly en: string } {
  const names = [...known];
  const meant = nearest(name, names);
  if (meant !== null) return { fr: `Vouliez-vous « ${meant} » ?`, en: `Did you mean "${meant}"?` };
  if (names.length === 0) return { fr: 'Il n’y en a aucun.', en: 'There is none.' };
  const list = names.slice(0, 12).join(', ');
  return { fr: `Il y a : ${list}.`, en: `There is: ${list}.` };
}

/** Adds RLN-1301 unless the name is known. */
export function checkName(
  list: ProblemList,
  kind: NameKind,
  at: { readonly name: string; readonly place: Place },
  known: Iterable<string>,
): boolean {
  const names = new Set(known);
  if (names.has(at.name)) return true;
  const params = { kind: kindWord(kind), name: at.name, suggestion: suggestionFor(at.name, names) };
  list.add('RLN-1301', at.place, params);
  return false;
}
