import { callOf, textOf, walk, type Node } from './ast.js';
import { LIMITS } from './limits.js';
import {
  literalNeeded,
  macroTooDeep,
  problemAt,
  regexInvalid,
  regexUnbounded,
  unknownName,
  zonedCall,
} from './problems.js';
import { macroDepthOf } from './references.js';
import { refusalOfRegex } from './regex.js';
import { spanOf } from './span.js';
import type { ExpressionProblem } from './types.js';

const ZONED =
  /^get(Date|DayOf(Month|Week|Year)|FullYear|Hours|M(illiseconds|inutes|onth)|Seconds)$/;

/** What CEL permits and Relance does not: unbounded work, and answers that depend on the machine. */
export function brokenRules(root: Node, source: string): readonly ExpressionProblem[] {
  const problems: ExpressionProblem[] = [];
  if (macroDepthOf(root) > LIMITS.macroDepth) {
    problems.push(problemAt(spanOf(root, source), macroTooDeep()));
  }
  walk(root, (node, bound) => {
    const draft = brokenRule(node, bound);
    if (draft) problems.push(problemAt(spanOf(node, source), draft));
  });
  return problems;
}

function brokenRule(node: Node, bound: readonly string[]) {
  // `cel.bind` would let texts double at each level.
  if (node.op === 'id' && node.args === 'cel' && !bound.includes('cel')) {
    return unknownName('cel', undefined);
  }
  const call = callOf(node);
  if (!call) return undefined;
  if (call.receiver) return brokenMethod(call.name, call.args);
  const literal = call.name === 'inSegment' || call.name === 'isHoliday';
  const [only] = call.args;
  if (literal && call.args.length === 1 && textOf(only) === undefined) {
    return literalNeeded(call.name);
  }
  return undefined;
}

function brokenMethod(name: string, args: readonly Node[]) {
  // The library's answers for zones, and for the day of the year, depend on the machine.
  if (ZONED.test(name) && (args.length > 0 || name === 'getDayOfYear')) return zonedCall(name);
  if (name !== 'matches' || args.length !== 1) return undefined;
  const pattern = textOf(args[0]);
  const refusal = pattern === undefined ? 'backtracks' : refusalOfRegex(pattern);
  if (refusal === 'invalid') return regexInvalid();
  return refusal && regexUnbounded();
}
