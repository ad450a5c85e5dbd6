import type { Node } from './ast.js';

/** A piece of the source. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/**
 * Where a node stands in the source, brackets included. The library's own ends leave out brackets
 * around operands (`(a + b) * c` would begin at `a`), so they are widened until they balance.
 */
export function spanOf(node: Node, source: string): Span {
  const { lowest, last } = bracketDepths(source.slice(node.start, node.end));
  const start = widen(source, node.start, { step: -1, missing: -lowest, bracket: '(' });
  const end = widen(source, node.end - 1, { step: 1, missing: last - lowest, bracket: ')' }) + 1;
  return { offset: start, length: end - start };
}

/** The text of a node. */
export function sourceOf(node: Node, source: string): string {
  const { offset, length } = spanOf(node, source);
  return source.slice(offset, offset + length);
}

/** The text of an operand with the brackets written around it, so that it can stand elsewhere. */
export function bracketedSource(node: Node, source: string): string {
  const { offset, length } = spanOf(node, source);
  const before = source.slice(0, offset).trimEnd();
  const after = source.slice(offset + length).trimStart();
  const text = source.slice(offset, offset + length);
  return before.endsWith('(') && after.startsWith(')') ? `(${text})` : text;
}

interface Widening {
  readonly step: -1 | 1;
  readonly missing: number;
  readonly bracket: string;
}

function widen(source: string, from: number, { step, missing, bracket }: Widening): number {
  let at = from;
  for (let left = missing; left > 0; left--) {
    do at += step;
    while (at > 0 && at < source.length - 1 && source[at] !== bracket);
  }
  return at;
}

// Literals, comments and brackets; whatever is in a literal or comment is no bracket.
const TOKENS =
  /[rRbB]?("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|\/\/[^\n]*|[()]/g;

function bracketDepths(text: string): { lowest: number; last: number } {
  let depth = 0;
  let lowest = 0;
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    lowest = Math.min(lowest, depth);
  }
  return { lowest, last: depth };
}
