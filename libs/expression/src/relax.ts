import type { Node } from './ast.js';

interface CheckerLike {
  readonly dynType: unknown;
  getType(name: string): unknown;
}
type Check = (checker: CheckerLike, node: Node, context: unknown) => unknown;

/** Softens two of the CEL library's type rules that JSON data would trip over for no gain. */
export function relax(node: Node): void {
  if (node.op === '?:') allowMixedBranches(node);
  if (node.op === 'list' || node.op === 'map') giveEmptyItsType(node);
}

/**
 * Lets `x ? y * 0.25 : 0` through: CEL wants one type of number in both branches, JSON has one
 * only. The answer is dynamic then, so that whatever uses it looks at the value it gets.
 */
function allowMixedBranches(node: Node): void {
  const strict = node.meta.check as Check;
  node.setMeta('check', (checker: CheckerLike, self: Node, context: unknown) => {
    try {
      return strict(checker, self, context);
    } catch (thrown) {
      const [, yes, no] = self.args as [Node, Node, Node];
      const types = new Set([yes.checkedType?.name, no.checkedType?.name]);
      if (types.has('int') && types.has('double')) return checker.dynType;
      throw thrown;
    }
  });
}

/** `[]` holds anything; the library's own type for it makes our mixed operators ambiguous. */
function giveEmptyItsType(node: Node): void {
  if ((node.args as readonly unknown[]).length > 0) return;
  const type = node.op;
  node.setMeta('check', (checker: CheckerLike) => checker.getType(type));
}
