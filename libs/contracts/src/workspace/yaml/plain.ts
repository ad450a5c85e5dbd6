import { fail, ok, type Json, type Result } from '#libs/kernel';
import { isAlias, isMap, isPair, isScalar, isSeq, type Node } from 'yaml';
import type { ProblemCode } from '../../problems/catalogue.js';
import type { ProblemParams } from '../../problems/problem.js';

/** Offsets of a value in the source, and how a text was written. */
export interface Spot {
  readonly start: number;
  readonly end: number;
  readonly keyStart: number;
  /** YAML's name of the style of a text; empty for anything else. */
  readonly style: string;
}

/** A problem at an offset. */
export interface OffsetProblem {
  readonly code: ProblemCode;
  readonly offset: number;
  readonly params: ProblemParams;
}

interface Plain {
  readonly value: Json;
  readonly spots: ReadonlyMap<string, Spot>;
}

interface Walk {
  readonly spots: Map<string, Spot>;
  readonly problems: OffsetProblem[];
  readonly limit: number;
}

/** The map key of a path. */
export function pointerOf(path: readonly (string | number)[]): string {
  return path
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

/**
 * Plain JSON of a syntax tree whose depth is known to be bounded, and where each value stood.
 * Refuses aliases, tags, doubled keys, keys that are no text, numbers that are not finite, and more
 * values than the limit.
 */
export function plainOf(root: Node, limit: number): Result<Plain, readonly OffsetProblem[]> {
  const walk: Walk = { spots: new Map(), problems: [], limit };
  const value = read(walk, root, { pointer: '', keyStart: root.range?.[0] ?? 0 });
  return walk.problems.length > 0
    ? fail(walk.problems.slice(0, 10))
    : ok({ value, spots: walk.spots });
}

interface At {
  readonly pointer: string;
  readonly keyStart: number;
}

function read(walk: Walk, node: unknown, at: At): Json {
  const { start, end } = rangeOf(node, at.keyStart);
  if (walk.spots.size >= walk.limit) {
    if (!walk.problems.some(({ code }) => code === 'RLN-1008')) {
      refuse(walk, 'RLN-1008', start, { limit: walk.limit });
    }
    return null;
  }
  const style = isScalar(node) && typeof node.value === 'string' ? (node.type ?? '') : '';
  walk.spots.set(at.pointer, { start, end, keyStart: at.keyStart, style });
  if (isAlias(node) || hasMarks(node)) {
    refuse(walk, 'RLN-1006', start, {});
    return null;
  }
  if (isSeq(node)) {
    return node.items.map((item, index) =>
      read(walk, item, { pointer: `${at.pointer}/${index}`, keyStart: rangeOf(item, start).start }),
    );
  }
  if (isMap(node)) return readMap(walk, node.items, { ...at, keyStart: start });
  return readScalar(walk, node, start);
}

function readMap(walk: Walk, pairs: readonly unknown[], at: At): Json {
  const members: Record<string, Json> = {};
  for (const pair of pairs) {
    if (!isPair(pair)) continue;
    const keyStart = rangeOf(pair.key, at.keyStart).start;
    const key = isScalar(pair.key) && !hasMarks(pair.key) ? keyText(pair.key.value) : null;
    if (key === null || key === '__proto__') {
      refuse(walk, 'RLN-1006', keyStart, {});
      continue;
    }
    if (Object.hasOwn(members, key)) refuse(walk, 'RLN-1005', keyStart, { key });
    const pointer = `${at.pointer}${pointerOf([key])}`;
    members[key] = read(walk, pair.value, { pointer, keyStart });
  }
  return members;
}

function readScalar(walk: Walk, node: unknown, start: number): Json {
  const value: unknown = isScalar(node) ? node.value : null;
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  refuse(walk, 'RLN-1103', start, {
    path: '',
    found: { fr: 'nombre infini', en: 'a number without end' },
    expected: { fr: 'un nombre', en: 'a number' },
  });
  return null;
}

function keyText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** Anchors and tags: a tag that says what the value is anyway is refused like the others. */
function hasMarks(node: unknown): boolean {
  if (node === null || typeof node !== 'object') return false;
  const { anchor, tag } = node as { anchor?: unknown; tag?: unknown };
  return anchor !== undefined || tag !== undefined;
}

function rangeOf(node: unknown, fallback: number): { start: number; end: number } {
  const range = (node as { range?: readonly number[] | null } | null)?.range;
  return { start: range?.[0] ?? fallback, end: range?.[1] ?? fallback };
}

function refuse(walk: Walk, code: ProblemCode, offset: number, params: ProblemParams): void {
  walk.problems.push({ code, offset, params });
}
