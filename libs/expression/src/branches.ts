import type { Node } from './ast.js';

interface CheckerLike {
  readonly dynType: unknown;
}
type Check = (checker: CheckerLike, node: Node, context: unknown) => unknown;

/**
 * Lets `x ? y * 0.25 : 0` through: CEL wants one type of number in both branches, JSON has one
 * only. The answer is dynamic then, so that whatever uses it looks at the value it gets.
 */
export function allowMixedBranches(node: Node): void {
  if (node.op !== '?:') return;
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
