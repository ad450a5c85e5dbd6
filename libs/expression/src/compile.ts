import { fail, ok, type Result } from '#libs/kernel';
import { walk, type Node } from './ast.js';
import { relax } from './relax.js';
import { checkingEnvironment } from './checking.js';
import { evaluationProblem } from './evaluation-problem.js';
import { LIMITS } from './limits.js';
import { lint } from './lint.js';
import { problemAt, tooLong, unexpectedType } from './problems.js';
import { programOf, type Program } from './program.js';
import { referencesOf } from './references.js';
import { brokenRules } from './rules.js';
import { spanOf } from './span.js';
import { problemOfRefusal } from './syntax-problem.js';
import type {
  Bindings,
  Compiled,
  EvaluationProblem,
  Expectation,
  ExpressionProblem,
  ScopeTypes,
  Value,
} from './types.js';
import { expected, plainValue } from './value.js';

/** Names and answer that an expression is held to. */
export interface CompileOptions {
  readonly scope: ScopeTypes;
  /** Default `any`. */
  readonly expects?: Expectation;
}

/** What explaining needs beside the public face of a compiled expression. */
export interface Internals {
  readonly root: Node;
  readonly scope: ScopeTypes;
}

const internals = new WeakMap<Compiled, Internals>();

/** The tree behind a compiled expression. */
export function internalsOf(compiled: Compiled): Internals | undefined {
  return internals.get(compiled);
}

/**
 * Checks an expression against a scope and makes it ready to run. Refuses with every problem of
 * severity `error` found; warnings lie in the answer. Deterministic; compile once, evaluate often.
 */
export function compileExpression(
  source: string,
  options: CompileOptions,
): Result<Compiled, readonly ExpressionProblem[]> {
  if (source.length > LIMITS.sourceLength) {
    return fail([problemAt({ offset: 0, length: source.length }, tooLong())]);
  }
  try {
    const { run, root } = programOf(source, options.scope);
    const { errors, warnings } = problemsOf(source, root, options);
    if (errors.length > 0) return fail(errors);
    const compiled: Compiled = Object.freeze({
      source,
      references: referencesOf(root),
      warnings,
      evaluate: evaluator(run, options.expects ?? 'any'),
    });
    internals.set(compiled, { root, scope: options.scope });
    return ok(compiled);
  } catch (thrown) {
    return fail([problemOfRefusal(thrown, source, options.scope)]);
  }
}

interface Verdict {
  readonly errors: readonly ExpressionProblem[];
  readonly warnings: readonly ExpressionProblem[];
}

function problemsOf(source: string, runRoot: Node, options: CompileOptions): Verdict {
  const { scope, expects = 'any' } = options;
  const parsed = checkingEnvironment(scope, runRoot).parse(source);
  const root = parsed.ast as unknown as Node;
  walk(root, relax);
  const errors = [...brokenRules(root, source)];
  const checked = parsed.check();
  if (!checked.valid) {
    errors.push(problemOfRefusal(checked.error, source, scope));
  } else if (!answers(checked.type ?? 'dyn', expects)) {
    const draft = unexpectedType(expects, checked.type ?? 'dyn');
    errors.push(problemAt(spanOf(root, source), draft));
  }
  return { errors, warnings: errors.length > 0 ? [] : lint(root, source, scope) };
}

const ANSWERS: Record<Expectation, readonly string[] | undefined> = {
  bool: ['bool', 'dyn'],
  number: ['int', 'uint', 'double', 'dyn'],
  string: ['string', 'dyn'],
  any: undefined,
};

function answers(type: string, expects: Expectation): boolean {
  return ANSWERS[expects]?.includes(type) ?? true;
}

function evaluator(run: Program, expects: Expectation) {
  return (bindings: Bindings): Result<Value, EvaluationProblem> => {
    try {
      return expected(plainValue(run(bindings)), expects);
    } catch (thrown) {
      return fail(evaluationProblem(thrown));
    }
  };
}

/**
 * Whether a condition holds. One that cannot be evaluated, or whose answer is no truth value,
 * does not hold, and the reason says why.
 */
export function holds(
  compiled: Compiled,
  bindings: Bindings,
): { readonly held: boolean; readonly reason?: EvaluationProblem } {
  const answer = compiled.evaluate(bindings);
  const truth = answer.ok ? expected(answer.value, 'bool') : answer;
  return truth.ok ? { held: truth.value === true } : { held: false, reason: truth.error };
}
