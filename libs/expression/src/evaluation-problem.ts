import { EvaluationError } from '@marcbachmann/cel-js';
import type { LocalText } from '#libs/kernel';
import { pathOf, type Node } from './ast.js';
import { Refusal } from './frame.js';
import type { EvaluationCode, EvaluationProblem } from './types.js';

const MISSING = new Set(['no_such_key', 'unknown_variable', 'index_out_of_bounds']);
const ARITHMETIC = new Set(['division_by_zero', 'modulo_by_zero', 'numeric_overflow']);

/** The value for whatever an evaluation threw; nothing leaves `evaluate` as an exception. */
export function evaluationProblem(thrown: unknown): EvaluationProblem {
  if (thrown instanceof Refusal) {
    return problem(thrown.code, thrown.detail, thrown.path);
  }
  if (thrown instanceof EvaluationError) {
    const path = thrown.node && pathOf(thrown.node as unknown as Node);
    if (MISSING.has(thrown.code)) return problem('missing_key', path?.join('.') ?? '', path);
    return problem(ARITHMETIC.has(thrown.code) ? 'arithmetic' : 'type', thrown.summary);
  }
  if (thrown instanceof RangeError) return problem('limit', thrown.message);
  return problem('type', thrown instanceof Error ? thrown.message : '');
}

const TEXTS: Record<EvaluationCode, (detail: string) => LocalText> = {
  missing_key: (detail) => ({
    fr: `valeur absente : ${detail}`,
    en: `missing value: ${detail}`,
  }),
  type: (detail) => ({
    fr: `valeur d'un type qui ne convient pas : ${detail}`,
    en: `value of an unsuitable type: ${detail}`,
  }),
  arithmetic: (detail) => ({
    fr: `calcul impossible : ${detail}`,
    en: `impossible calculation: ${detail}`,
  }),
  limit: (detail) => ({
    fr: `limite dépassée : ${detail}`,
    en: `limit exceeded: ${detail}`,
  }),
};

function problem(
  code: EvaluationCode,
  detail: string,
  path?: readonly string[],
): EvaluationProblem {
  const message = TEXTS[code](detail);
  return path ? { code, message, path } : { code, message };
}
