import type { EpochMs } from '#libs/kernel';
import { epochMsOf, type Bindings, type TimedComparison } from '#libs/expression';
import type { CompiledSegment } from './types.js';

const DAY_MS = 86_400_000;

/**
 * The first instant after `bindings.now` at which time alone may change who is in a segment; null
 * when it cannot. Every answer before that instant equals the one of now, other values being
 * equal; at that instant one comparison changes, which need not change the segment.
 */
export function nextChangeMs(
  segments: readonly CompiledSegment[],
  bindings: Bindings,
): EpochMs | null {
  let next: number | null = null;
  for (const { condition } of segments) {
    for (const comparison of condition.references.timed) {
      const change = changeOf(comparison, bindings);
      if (change !== null && (next === null || change < next)) next = change;
    }
  }
  return next;
}

/** When `daysSince(path) operator days` next changes, or null. */
function changeOf(comparison: TimedComparison, bindings: Bindings): number | null {
  const sinceMs = epochMsOf(valueAt(comparison.path, bindings));
  if (sinceMs === undefined) return null;
  const boundaryMs = Math.round(sinceMs + comparison.days * DAY_MS);
  if (!Number.isSafeInteger(boundaryMs)) return null;
  const heldAt = (atMs: number) => compare((atMs - sinceMs) / DAY_MS, comparison);
  // Days are fractions in floating point: the very millisecond of change is tried, not computed.
  for (let atMs = boundaryMs - 1; atMs <= boundaryMs + 2; atMs++) {
    if (atMs > bindings.now && heldAt(atMs) !== heldAt(atMs - 1)) return atMs;
  }
  return null;
}

function compare(elapsedDays: number, { operator, days }: TimedComparison): boolean {
  switch (operator) {
    case '<':
      return elapsedDays < days;
    case '<=':
      return elapsedDays <= days;
    case '>':
      return elapsedDays > days;
    case '>=':
      return elapsedDays >= days;
    case '==':
      return elapsedDays === days;
    case '!=':
      return elapsedDays !== days;
  }
}

function valueAt(path: readonly string[], bindings: Bindings): unknown {
  let value: unknown = bindings;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}
