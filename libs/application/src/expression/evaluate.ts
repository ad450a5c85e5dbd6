import { fail, ok, type Json, type Result } from '#libs/kernel';
import {
  compileExpression,
  DYNAMIC_SCOPE,
  type Bindings,
  type Compiled,
  type EvaluationCode,
} from '#libs/expression';

/** Evaluates an expression of the workspace; compiled once per source text. */
export type Evaluate = (
  source: string,
  bindings: Bindings,
) => Result<Json, EvaluationCode | 'not_compiled'>;

// Sources come from published workspaces only; the bound is against a leak over many publishings.
const MAX_COMPILED = 5_000;

/** An evaluator with a cache of its own. */
export function createEvaluate(): Evaluate {
  const cache = new Map<string, Compiled | null>();
  return (source, bindings) => {
    let compiled = cache.get(source);
    if (compiled === undefined) {
      const attempt = compileExpression(source, { scope: DYNAMIC_SCOPE });
      compiled = attempt.ok ? attempt.value : null;
      if (cache.size >= MAX_COMPILED) cache.clear();
      cache.set(source, compiled);
    }
    if (compiled === null) return fail('not_compiled');
    const answer = compiled.evaluate(bindings);
    return answer.ok ? ok(answer.value) : fail(answer.error.code);
  };
}
