/** A node of the CEL library's syntax tree, as far as this library reads it. */
export interface Node {
  readonly op: string;
  args: unknown;
  readonly start: number;
  readonly end: number;
  readonly meta: {
    readonly alternate?: Node;
    readonly check?: unknown;
    readonly evaluate?: unknown;
  };
  readonly checkedType?: { readonly name: string; readonly kind: string };
  clone(operator: unknown, args: unknown): Node;
  setMeta(key: string, value: unknown): Node;
}

/** The function of a call node and its arguments; a method's receiver comes first. */
export interface Call {
  readonly name: string;
  readonly receiver?: Node;
  readonly args: readonly Node[];
}

/** Reads a `call` or `rcall` node; undefined for any other node. */
export function callOf(node: Node): Call | undefined {
  if (node.op === 'call') {
    const [name, args] = node.args as [string, Node[]];
    return { name, args };
  }
  if (node.op === 'rcall') {
    const [name, receiver, args] = node.args as [string, Node, Node[]];
    return { name, receiver, args };
  }
  return undefined;
}

/** Nodes directly below, in source order. */
export function childrenOf(node: Node): readonly Node[] {
  const call = callOf(node);
  if (call) return call.receiver ? [call.receiver, ...call.args] : call.args;
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
      return [(node.args as [Node, string])[0]];
    case '!_':
    case '-_':
      return [node.args as Node];
    case 'map':
      return (node.args as [Node, Node][]).flat();
    default:
      return node.args as Node[];
  }
}

/** True for `exists`, `all`, `map`, `filter` and the like, and for `sum` over an expression. */
export function iterates(node: Node): boolean {
  if (node.meta.alternate?.op === 'comprehension') return true;
  const call = callOf(node);
  return call?.name === 'sum' && call.receiver === undefined && call.args.length === 2;
}

/** Nodes below with the names that iteration binds for each; the bound name itself is left out. */
export function scopedChildren(node: Node): readonly { node: Node; binds?: string }[] {
  const call = callOf(node);
  if (!call || !iterates(node)) return childrenOf(node).map((child) => ({ node: child }));
  if (call.receiver === undefined) {
    return call.args.map((arg, at) => (at === 0 ? { node: arg } : { node: arg, binds: 'line' }));
  }
  const name = call.args[0]?.args as string;
  const bodies = call.args.slice(1).map((arg) => ({ node: arg, binds: name }));
  return [{ node: call.receiver }, ...bodies];
}

/** Visits every node with the names bound around it; `false` from the visitor skips below. */
export function walk(
  root: Node,
  visit: (node: Node, bound: readonly string[]) => boolean | void,
  bound: readonly string[] = [],
): void {
  if (visit(root, bound) === false) return;
  for (const child of scopedChildren(root)) {
    walk(child.node, visit, child.binds === undefined ? bound : [...bound, child.binds]);
  }
}

/** The member path a node spells (`profile.a["b"]`), or undefined for anything else. */
export function pathOf(node: Node): readonly string[] | undefined {
  if (node.op === 'id') return [node.args as string];
  if (node.op === '.') {
    const [object, field] = node.args as [Node, string];
    const path = pathOf(object);
    return path && [...path, field];
  }
  if (node.op === '[]') {
    const [object, key] = node.args as [Node, Node];
    const path = pathOf(object);
    return path && key.op === 'value' && typeof key.args === 'string'
      ? [...path, key.args]
      : undefined;
  }
  return undefined;
}

/** The text of a literal string, or undefined. */
export function textOf(node: Node | undefined): string | undefined {
  return node?.op === 'value' && typeof node.args === 'string' ? node.args : undefined;
}

/** The number a constant arithmetic expression spells (`2 * 365`), or undefined. */
export function constantOf(node: Node): number | undefined {
  if (node.op === 'value') {
    return typeof node.args === 'number' || typeof node.args === 'bigint'
      ? Number(node.args)
      : undefined;
  }
  if (node.op === '-_') {
    const inner = constantOf(node.args as Node);
    return inner === undefined ? undefined : -inner;
  }
  if (node.op !== '*' && node.op !== '+' && node.op !== '-') return undefined;
  const [left, right] = (node.args as [Node, Node]).map(constantOf);
  if (left === undefined || right === undefined) return undefined;
  if (node.op === '*') return left * right;
  return node.op === '+' ? left + right : left - right;
}
