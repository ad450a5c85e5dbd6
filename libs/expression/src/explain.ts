import { present } from '#libs/kernel';
import type { Node } from './ast.js';
import { internalsOf } from './compile.js';
import { evaluationProblem } from './evaluation-problem.js';
import { programOf, type Program } from './program.js';
import { sourceOf } from './span.js';
import type { Bindings, Compiled, EvaluationProblem, Value } from './types.js';
import { plainValue } from './value.js';

/** One condition and what became of it. `held` is true when its value is `true`. */
export interface ExplainedCondition {
  readonly kind: 'condition';
  readonly source: string;
  readonly held: boolean;
  readonly value?: Value;
  readonly error?: EvaluationProblem;
}

/** An expression split at its outer `&&` (`all`) and `||` (`any`). */
export type Explanation =
  | ExplainedCondition
  | {
      readonly kind: 'all' | 'any';
      readonly source: string;
      readonly held: boolean;
      readonly parts: readonly Explanation[];
    };

type Tree =
  | { readonly kind: 'condition'; readonly source: string; readonly run: Program }
  | { readonly kind: 'all' | 'any'; readonly source: string; readonly parts: readonly Tree[] };

const trees = new WeakMap<Compiled, Tree>();

/**
 * Says which conditions of an expression hold for these bindings and which do not, in the order
 * written; an expression that is no condition is one part. `held` of the whole agrees with `holds`.
 */
export function explain(compiled: Compiled, bindings: Bindings): Explanation {
  let tree = trees.get(compiled);
  if (tree === undefined) {
    tree = treeOf(compiled);
    trees.set(compiled, tree);
  }
  return explainTree(tree, bindings);
}

function treeOf(compiled: Compiled): Tree {
  const { root, scope } = present(internalsOf(compiled), 'a compiled expression');
  const build = (node: Node): Tree => {
    const source = sourceOf(node, compiled.source);
    if (node.op !== '&&' && node.op !== '||') {
      return { kind: 'condition', source, run: programOf(source, scope).run };
    }
    const kind = node.op === '&&' ? 'all' : 'any';
    return { kind, source, parts: operandsOf(node, node.op).map(build) };
  };
  return build(root);
}

/** Operands of a chain of one operator: three for `a && b && c`. */
function operandsOf(node: Node, operator: string): readonly Node[] {
  if (node.op !== operator) return [node];
  return (node.args as [Node, Node]).flatMap((operand) => operandsOf(operand, operator));
}

function explainTree(tree: Tree, bindings: Bindings): Explanation {
  if (tree.kind === 'condition') return explainCondition(tree.source, tree.run, bindings);
  const parts = tree.parts.map((part) => explainTree(part, bindings));
  const held =
    tree.kind === 'all' ? parts.every((part) => part.held) : parts.some((part) => part.held);
  return { kind: tree.kind, source: tree.source, held, parts };
}

function explainCondition(source: string, run: Program, bindings: Bindings): ExplainedCondition {
  try {
    const value = plainValue(run(bindings));
    return { kind: 'condition', source, held: value === true, value };
  } catch (thrown) {
    return { kind: 'condition', source, held: false, error: evaluationProblem(thrown) };
  }
}
