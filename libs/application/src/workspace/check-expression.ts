import type { Place } from '#libs/kernel';
import {
  compileExpression,
  type Compiled,
  type Expectation,
  type ExpressionProblem,
  type ScopeTypes,
} from '#libs/expression';
import type { DocumentPath, SourceDocument } from '#libs/contracts';
import { checkName, type ProblemList } from './problem-list.js';

/** An expression in a file, and what it is held to. */
export interface ExpressionAt {
  readonly document: SourceDocument;
  readonly path: DocumentPath;
  /** Its text; a number written in its place is its own text. */
  readonly source: string;
  readonly scope: ScopeTypes;
  readonly expects: Expectation;
}

/** Checks an expression; its problems are placed inside the value of the file. */
export function checkExpression(
  list: ProblemList,
  at: ExpressionAt,
  segments: ReadonlySet<string>,
): Compiled | null {
  const { source, scope, expects } = at;
  const compiled = compileExpression(source, { scope, expects });
  if (!compiled.ok) {
    for (const problem of compiled.error) addExpressionProblem(list, at, problem);
    return null;
  }
  for (const warning of compiled.value.warnings) addExpressionProblem(list, at, warning);
  for (const segment of compiled.value.references.segments) {
    const offset = Math.max(0, source.indexOf(segment));
    checkName(list, 'segment', { name: segment, place: placeAt(at, offset) }, segments);
  }
  return compiled.value;
}

function addExpressionProblem(
  list: ProblemList,
  at: ExpressionAt,
  problem: ExpressionProblem,
): void {
  const code = problem.severity === 'error' ? 'RLN-1501' : 'RLN-1502';
  const params = { detail: problem.message, advice: problem.hint ?? '' };
  list.add(code, placeAt(at, problem.offset), params);
}

function placeAt(at: ExpressionAt, offset: number): Place {
  return at.document.placeIn(at.path, offset);
}
