import { allowMixedBranches } from './branches.js';
import { callOf, iterates, walk, type Node } from './ast.js';
import { environmentOf, type Flavour } from './environment.js';
import { countIterations, inFrame } from './frame.js';
import { toTimestamp } from './timestamp.js';
import type { Bindings } from './types.js';

/** A parsed expression ready to run; throws what CEL throws. */
export type Program = (bindings: Bindings) => unknown;

interface EvaluatorLike {
  run(node: Node, context: unknown): unknown;
}
interface CheckerLike {
  check(node: Node, context: unknown): unknown;
}

/** Operator put around the list of an iteration: counts its elements first. */
const COUNTED = {
  name: 'counted',
  check: (checker: CheckerLike, node: Node, context: unknown) =>
    checker.check(node.args as Node, context),
  evaluate: (evaluator: EvaluatorLike, node: Node, context: unknown) => {
    const list = evaluator.run(node.args as Node, context);
    countIterations(sizeOf(list));
    return list;
  },
};

function sizeOf(list: unknown): number {
  if (Array.isArray(list)) return list.length;
  if (list instanceof Set || list instanceof Map) return list.size;
  return typeof list === 'object' && list !== null ? Object.keys(list).length : 0;
}

/** Parses for running. Throws the CEL library's errors for a faulty source. */
export function programOf(source: string, flavour: Flavour): { run: Program; root: Node } {
  const parsed = environmentOf(flavour).parse(source);
  const root = parsed.ast as unknown as Node;
  let readsNow = false;
  walk(root, (node) => {
    if (node.op === 'id' && node.args === 'now') readsNow = true;
    allowMixedBranches(node);
    bound(node);
  });
  const run: Program = readsNow
    ? (bindings) => inFrame(bindings, () => parsed(withInstant(bindings)))
    : (bindings) => inFrame(bindings, () => parsed(bindings));
  return { run, root };
}

function withInstant(bindings: Bindings): Record<string, unknown> {
  return { ...bindings, now: toTimestamp(bindings.now) };
}

/** Swaps the library's unbounded or machine-dependent operations for ours. */
function bound(node: Node): void {
  const call = callOf(node);
  if (!call) return;
  const args = node.args as unknown[];
  if (call.receiver === undefined && call.name === 'timestamp') args[0] = 'timestampOf';
  if (call.receiver && call.name === 'matches') args[0] = 'matchesBounded';
  const loop = node.meta.alternate;
  if (call.receiver === undefined || !iterates(node) || loop === undefined) return;
  const parts = loop.args as { iterable: Node };
  parts.iterable = call.receiver.clone(COUNTED, call.receiver).setMeta('async', false);
}
