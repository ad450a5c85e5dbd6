import { present } from '#libs/kernel';
import { callOf, childrenOf, constantOf, pathOf, textOf, type Node } from './ast.js';
import { internalsOf } from './compile.js';
import type { Compiled } from './types.js';

/** What a comparison compares. */
export type Term =
  | { readonly kind: 'path'; readonly path: readonly string[] }
  /** `daysSince(path)`. */
  | { readonly kind: 'days_since'; readonly path: readonly string[] }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null };

/** Comparisons that an outline knows. */
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** The plain forms of a condition: what words can be found for. */
export type Outline =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Outline[] }
  | { readonly kind: 'not'; readonly part: Outline }
  | {
      readonly kind: 'compare';
      readonly by: Comparison;
      readonly left: Term;
      readonly right: Term;
    }
  | { readonly kind: 'one_of'; readonly of: Term; readonly among: readonly Term[] }
  | { readonly kind: 'in_segment'; readonly segment: string }
  | { readonly kind: 'has'; readonly path: readonly string[] }
  /** A value that is true by itself: `profile.professional`. */
  | { readonly kind: 'true'; readonly path: readonly string[] };

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** A condition in its plain forms; null where any part of it has none. */
export function outlineOf(compiled: Compiled): Outline | null {
  return outline(present(internalsOf(compiled), 'a compiled expression').root);
}

function outline(node: Node): Outline | null {
  if (node.op === '&&' || node.op === '||') return joined(node);
  if (node.op === '!_') {
    const part = outline(node.args as Node);
    return part === null ? null : { kind: 'not', part };
  }
  if (COMPARISONS.has(node.op)) {
    const [left, right] = (node.args as [Node, Node]).map(termOf);
    const isKnown = left !== undefined && right !== undefined;
    return isKnown ? { kind: 'compare', by: node.op as Comparison, left, right } : null;
  }
  if (node.op === 'in') return oneOf(node);
  const path = pathOf(node);
  return path === undefined ? called(node) : { kind: 'true', path };
}

function joined(node: Node): Outline | null {
  const kind = node.op === '&&' ? 'all' : 'any';
  const parts: Outline[] = [];
  for (const child of childrenOf(node)) {
    const part = outline(child);
    if (part === null) return null;
    // A chain of one operator is one list: three parts for `a && b && c`.
    if (part.kind === kind) parts.push(...part.parts);
    else parts.push(part);
  }
  return { kind, parts };
}

function oneOf(node: Node): Outline | null {
  const [value, list] = node.args as [Node, Node];
  const of = termOf(value);
  if (of === undefined || list.op !== 'list') return null;
  const among = childrenOf(list).map(termOf);
  return among.every((term) => term !== undefined) ? { kind: 'one_of', of, among } : null;
}

function called(node: Node): Outline | null {
  const call = callOf(node);
  const [argument] = call?.args ?? [];
  if (call === undefined || call.receiver !== undefined || argument === undefined) return null;
  const segment = textOf(argument);
  if (call.name === 'inSegment' && segment !== undefined) return { kind: 'in_segment', segment };
  const path = pathOf(argument);
  return call.name === 'has' && path !== undefined ? { kind: 'has', path } : null;
}

function termOf(node: Node): Term | undefined {
  const constant = constantOf(node);
  if (constant !== undefined) return { kind: 'literal', value: constant };
  if (node.op === 'value') {
    const value = node.args;
    const isPlain = value === null || typeof value === 'string' || typeof value === 'boolean';
    return isPlain ? { kind: 'literal', value } : undefined;
  }
  const path = pathOf(node);
  if (path !== undefined) return { kind: 'path', path };
  const call = callOf(node);
  const since = call?.name === 'daysSince' ? pathOf(call.args[0] ?? node) : undefined;
  return since === undefined ? undefined : { kind: 'days_since', path: since };
}
