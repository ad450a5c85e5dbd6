import { relax } from './relax.js';
import { callOf, iterates, pathOf, walk, type Node } from './ast.js';
import { environmentOf } from './environment.js';
import { countIterations, inFrame } from './frame.js';
import { timestampOf } from './helpers.js';
import { readsCells, typeAt } from './scope.js';
import type { Bindings, ScopeTypes } from './types.js';

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
export function programOf(source: string, scope: ScopeTypes): { run: Program; root: Node } {
  const parsed = environmentOf(readsCells(scope) ? 'run_cells' : 'run').parse(source);
  const root = parsed.ast as unknown as Node;
  walk(root, (node, bound) => {
    relax(node);
    limit(node);
    const path = pathOf(node);
    if (!path || bound.includes(path[0] ?? '')) return;
    if (typeAt(scope, path) === 'timestamp') readAsInstant(node);
  });
  return { run: (bindings) => inFrame(bindings, (read) => parsed(read)), root };
}

type Evaluate = (evaluator: EvaluatorLike, node: Node, context: unknown) => unknown;

/** Data carries times as numbers or text; where a time is declared, CEL gets its own kind. */
function readAsInstant(node: Node): void {
  const read = node.meta.evaluate as Evaluate;
  node.setMeta('evaluate', (evaluator: EvaluatorLike, self: Node, context: unknown) => {
    const time = read(evaluator, self, context);
    return time === null ? null : timestampOf(time);
  });
}

/** Swaps the library's unbounded or machine-dependent operations for ours. */
function limit(node: Node): void {
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
