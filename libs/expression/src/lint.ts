import { callOf, childrenOf, constantOf, pathOf, walk, type Node } from './ast.js';
import { intDoubleMix, missingKeyRisk, problemAt, undeclaredKey } from './problems.js';
import { bracketedSource, sourceOf, spanOf } from './span.js';
import { typeAt } from './scope.js';
import { closest } from './suggest.js';
import type { ExpressionProblem, ScopeTypes } from './types.js';

const OF_NUMBERS = new Set(['==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%']);

/** Warnings on a checked tree: it runs, but a person should look again. */
export function lint(root: Node, source: string, scope: ScopeTypes): readonly ExpressionProblem[] {
  return [
    ...mixedNumbers(root, source),
    ...missingKeys(root, source, scope),
    ...undeclaredKeys(root, source, scope),
  ];
}

/** Fields of an open object that its owner does not declare: mistyped, or to be declared. */
function undeclaredKeys(
  root: Node,
  source: string,
  scope: ScopeTypes,
): readonly ExpressionProblem[] {
  const problems = new Map<string, ExpressionProblem>();
  walk(root, (node, bound) => {
    const path = pathOf(node);
    const [name = '', field] = path ?? [];
    const type = scope[name];
    if (field === undefined || bound.includes(name) || typeof type !== 'object') return;
    if (type.owner === undefined || Object.hasOwn(type.fields, field)) return;
    const read = `${name}.${field}`;
    const near = closest(field, Object.keys(type.fields));
    const draft = undeclaredKey(read, type.owner, near === undefined ? near : `${name}.${near}`);
    if (!problems.has(read)) problems.set(read, problemAt(spanOf(node, source), draft));
  });
  return [...problems.values()];
}

/** `event.total >= 30` where `total` is declared a decimal; the hint holds the corrected form. */
function mixedNumbers(root: Node, source: string): readonly ExpressionProblem[] {
  const problems: ExpressionProblem[] = [];
  walk(root, (node) => {
    if (!OF_NUMBERS.has(node.op)) return;
    const operands = node.args as [Node, Node];
    const types = operands.map((operand) => operand.checkedType?.name);
    if (!types.includes('int') || !types.includes('double')) return;
    const draft = intDoubleMix({
      whole: sourceOf(operands[types.indexOf('int')] ?? node, source),
      decimal: sourceOf(operands[types.indexOf('double')] ?? node, source),
      corrected: correctedMix(operands, node.op, source),
    });
    problems.push(problemAt(spanOf(node, source), draft));
  });
  return problems;
}

/** Both operands as decimals. */
function correctedMix(operands: readonly [Node, Node], operator: string, source: string): string {
  const [left, right] = operands.map((operand) => asDouble(operand, source));
  return `${left} ${operator} ${right}`;
}

function asDouble(operand: Node, source: string): string {
  const text = bracketedSource(operand, source);
  if (operand.checkedType?.name !== 'int') return text;
  return constantOf(operand) !== undefined && /^-?\d+$/.test(text)
    ? `${text}.0`
    : `double(${text})`;
}

/** Fields declared optional that are read where no `has()` vouches for them. */
function missingKeys(root: Node, source: string, scope: ScopeTypes): readonly ExpressionProblem[] {
  const problems = new Map<string, ExpressionProblem>();
  const visit = (node: Node, vouched: ReadonlySet<string>, condition: Node): void => {
    const path = pathOf(node);
    const risk = path && optionalPrefix(path, scope);
    if (risk && !vouched.has(risk) && !problems.has(risk)) {
      const guarded = `has(${risk}) && ${sourceOf(condition, source)}`;
      problems.set(risk, problemAt(spanOf(node, source), missingKeyRisk(risk, guarded)));
    }
    if (path || callOf(node)?.name === 'has') return;
    for (const child of childrenOf(node)) {
      visit(child, vouchedIn(node, child, vouched), splits(node) ? child : condition);
    }
  };
  visit(root, new Set(), root);
  return [...problems.values()];
}

function splits(node: Node): boolean {
  return node.op === '&&' || node.op === '||';
}

/** The shortest optional field on a path, dotted. */
function optionalPrefix(path: readonly string[], scope: ScopeTypes): string | undefined {
  for (let end = 1; end < path.length; end++) {
    const object = typeAt(scope, path.slice(0, end));
    const field = path[end] ?? '';
    if (typeof object === 'object' && object.optional?.includes(field)) {
      return path.slice(0, end + 1).join('.');
    }
  }
  return undefined;
}

/** Fields that are certainly there when `child` matters. */
function vouchedIn(node: Node, child: Node, vouched: ReadonlySet<string>): ReadonlySet<string> {
  const added: string[] = [];
  const others = () => childrenOf(node).filter((other) => other !== child);
  // CEL's && and || forget an error on one side when the other side decides, so order is free.
  if (node.op === '&&') others().forEach((other) => added.push(...present(other, true)));
  if (node.op === '||') others().forEach((other) => added.push(...present(other, false)));
  if (node.op === '?:') {
    const [condition, yes, no] = node.args as [Node, Node, Node];
    if (child === yes) added.push(...present(condition, true));
    if (child === no) added.push(...present(condition, false));
  }
  return added.length === 0 ? vouched : new Set([...vouched, ...added]);
}

/** Fields that are there whenever the condition has this answer. */
function present(condition: Node, answer: boolean): readonly string[] {
  if (condition.op === '!_') return present(condition.args as Node, !answer);
  if (condition.op === (answer ? '&&' : '||')) {
    return childrenOf(condition).flatMap((part) => present(part, answer));
  }
  const call = callOf(condition);
  const path = call?.name === 'has' && call.args[0] ? pathOf(call.args[0]) : undefined;
  if (!path || !answer) return [];
  return path.map((_, at) => path.slice(0, at + 1).join('.'));
}
