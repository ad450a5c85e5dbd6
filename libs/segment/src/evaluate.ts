import { explain, holds, type Bindings, type Explanation } from '#libs/expression';
import type { CompiledSegment } from './types.js';

/**
 * Ids of the segments a profile is in, in the order of `segments`, which must come from
 * `compileSegments`. What `profile.segments` held before plays no part. A condition that cannot
 * be evaluated keeps the profile out. Deterministic.
 */
export function evaluateSegments(
  segments: readonly CompiledSegment[],
  bindings: Bindings,
): readonly string[] {
  const members: string[] = [];
  // Each segment sees the answers of those before it: the list grows under the bindings.
  const growing = withMembership(bindings, members);
  for (const { id, condition } of segments) {
    if (holds(condition, growing).held) members.push(id);
  }
  return members;
}

/** Says condition by condition why a profile is in a segment or not; undefined for no such id. */
export function explainSegment(
  segments: readonly CompiledSegment[],
  id: string,
  bindings: Bindings,
): Explanation | undefined {
  const segment = segments.find((candidate) => candidate.id === id);
  if (segment === undefined) return undefined;
  const members = evaluateSegments(segments, bindings);
  return explain(segment.condition, withMembership(bindings, members));
}

function withMembership(bindings: Bindings, segments: readonly string[]): Bindings {
  const profile = bindings['profile'];
  const known = typeof profile === 'object' && profile !== null ? profile : {};
  return { ...bindings, profile: { ...known, segments } };
}

/** Segments entered and left between two evaluations, each in the order of its list. */
export function segmentChanges(
  before: readonly string[],
  after: readonly string[],
): { readonly entered: readonly string[]; readonly left: readonly string[] } {
  const had = new Set(before);
  const has = new Set(after);
  return {
    entered: after.filter((id) => !had.has(id)),
    left: before.filter((id) => !has.has(id)),
  };
}
