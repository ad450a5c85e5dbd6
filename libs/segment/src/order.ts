import { fail, ok, type Result } from '#libs/kernel';
import { problemIn } from './problems.js';
import type { CompiledSegment, SegmentProblem } from './types.js';

interface Search {
  readonly segments: ReadonlyMap<string, CompiledSegment>;
  readonly known: ReadonlySet<string>;
  readonly done: Set<string>;
  readonly ordered: CompiledSegment[];
  readonly problems: SegmentProblem[];
}

/**
 * Puts every segment after those it asks about; ties keep the order given. `known` are the ids
 * that exist, also where the segment itself was refused (then only its own problem is told).
 */
export function inOrder(
  segments: ReadonlyMap<string, CompiledSegment>,
  known: ReadonlySet<string>,
): Result<readonly CompiledSegment[], readonly SegmentProblem[]> {
  const search: Search = { segments, known, done: new Set(), ordered: [], problems: [] };
  for (const id of segments.keys()) visit(id, [], search);
  return search.problems.length > 0 ? fail(search.problems) : ok(search.ordered);
}

function visit(id: string, above: readonly string[], search: Search): void {
  const segment = search.segments.get(id);
  if (segment === undefined || search.done.has(id)) return;
  const { condition } = segment;
  const at = { id, when: condition.source };
  for (const other of condition.references.segments) {
    if (!search.known.has(other)) {
      search.problems.push(problemIn(at, 'unknown_segment', other, placeOf(other, at.when)));
    } else if (other === id || above.includes(other)) {
      const path = [...above.slice(Math.max(0, above.indexOf(other))), id, other];
      search.problems.push(problemIn(at, 'cycle', path.join(' → '), placeOf(other, at.when)));
    } else {
      visit(other, [...above, id], search);
    }
  }
  if (search.done.has(id)) return;
  search.done.add(id);
  search.ordered.push(segment);
}

/** Where a condition names another segment; the whole condition where it spells it otherwise. */
function placeOf(other: string, when: string): { offset: number; length: number } {
  const offset = when.indexOf(other);
  return offset < 0 ? { offset: 0, length: when.length } : { offset, length: other.length };
}
