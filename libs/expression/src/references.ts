import { callOf, constantOf, iterates, pathOf, scopedChildren, textOf, type Node } from './ast.js';
import { questionKey } from './question.js';
import type { Question, References, TimedComparison } from './types.js';

interface Found {
  readonly paths: Map<string, readonly string[]>;
  readonly questions: Map<string, Question>;
  readonly segments: Set<string>;
  readonly timed: Map<string, TimedComparison>;
  listsSegments: boolean;
  timeOpaque: boolean;
}

type Bound = readonly string[];

/** Each comparison and what it is when its sides are swapped. */
const MIRRORED: Readonly<Record<string, TimedComparison['operator']>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
};

/** Everything an expression reads, so that hosts load and answer exactly that. */
export function referencesOf(root: Node): References {
  const found: Found = {
    paths: new Map(),
    questions: new Map(),
    segments: new Set(),
    timed: new Map(),
    listsSegments: false,
    timeOpaque: false,
  };
  collect(root, [], found);
  return {
    paths: sorted(found.paths),
    questions: sorted(found.questions),
    segments: [...found.segments].sort(),
    listsSegments: found.listsSegments,
    timed: sorted(found.timed),
    timeOpaque: found.timeOpaque,
  };
}

function sorted<Item>(byKey: ReadonlyMap<string, Item>): readonly Item[] {
  return [...byKey.entries()]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, item]) => item);
}

function collect(node: Node, bound: Bound, found: Found): void {
  if (isTimed(node, bound, found)) return;
  const path = pathOf(node);
  if (path) return addPath(path, bound, found);
  readHelper(node, found);
  for (const child of scopedChildren(node)) {
    collect(child.node, child.binds === undefined ? bound : [...bound, child.binds], found);
  }
}

function addPath(path: readonly string[], bound: Bound, found: Found): void {
  if (bound.includes(path[0] ?? '')) return;
  if (path[0] === 'now') found.timeOpaque = true;
  if (path[0] === 'profile' && (path[1] ?? 'segments') === 'segments') found.listsSegments = true;
  found.paths.set(path.join('\u0000'), path);
}

function readHelper(node: Node, found: Found): void {
  const call = callOf(node);
  if (!call || call.receiver) return;
  const args = call.args.map((arg) => textOf(arg) ?? '');
  if (call.name === 'inSegment' && args[0] !== undefined) {
    found.segments.add(args[0]);
    found.paths.set('profile\u0000segments', ['profile', 'segments']);
  }
  if (call.name === 'daysSince') addPath(['now'], [], found);
  if (call.name !== 'hourLocal' && call.name !== 'isHoliday') return;
  const key = questionKey(call.name, args);
  found.questions.set(key, { name: call.name, args, key });
  found.timeOpaque = true;
}

/** Notes `daysSince(path) > 30`, whose moments of change can be computed; false for other nodes. */
function isTimed(node: Node, bound: Bound, found: Found): boolean {
  const mirrored = MIRRORED[node.op];
  if (mirrored === undefined) return false;
  const [left, right] = node.args as [Node, Node];
  const onLeft = daysSincePath(left);
  const path = onLeft ?? daysSincePath(right);
  const days = constantOf(onLeft ? right : left);
  if (path === undefined || days === undefined || bound.includes(path[0] ?? '')) return false;
  const operator = onLeft ? (node.op as TimedComparison['operator']) : mirrored;
  const key = [...path, operator, days].join('\u0000');
  found.timed.set(key, { path, operator, days });
  found.paths.set('now', ['now']);
  addPath(path, bound, found);
  return true;
}

function daysSincePath(node: Node): readonly string[] | undefined {
  const call = callOf(node);
  if (!call || call.receiver || call.name !== 'daysSince') return undefined;
  const [argument] = call.args;
  const inner = argument && callOf(argument);
  const unwrapped =
    inner?.name.startsWith('timestamp') && !inner.receiver ? inner.args[0] : argument;
  return unwrapped && pathOf(unwrapped);
}

/** Depth of iterations within one another. */
export function macroDepthOf(node: Node): number {
  const below = Math.max(0, ...scopedChildren(node).map((child) => macroDepthOf(child.node)));
  return iterates(node) ? below + 1 : below;
}
