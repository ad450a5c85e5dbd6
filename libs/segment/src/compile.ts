import { fail, ok, type Result } from '#libs/kernel';
import { compileExpression, type ScopeTypes } from '#libs/expression';
import { inOrder } from './order.js';
import { problemIn } from './problems.js';
import type { CompiledSegment, SegmentDefinition, SegmentProblem } from './types.js';

/** Names a segment may use when nothing is known of their types. */
export const SEGMENT_SCOPE: ScopeTypes = Object.freeze({
  profile: 'dyn',
  account: 'dyn',
  now: 'timestamp',
});

/**
 * Checks one segment by itself. Refuses, beside what expressions refuse, conditions whose next
 * moment of change cannot be computed (`time_opaque`) and those that read `profile.segments`
 * otherwise than by `inSegment` (`reads_segments`): their order could not be known.
 */
export function compileSegment(
  definition: SegmentDefinition,
  scope: ScopeTypes = SEGMENT_SCOPE,
): Result<CompiledSegment, readonly SegmentProblem[]> {
  const { id, name, when } = definition;
  const compiled = compileExpression(when, { scope, expects: 'bool' });
  if (!compiled.ok) return fail(compiled.error.map((problem) => ({ segment: id, ...problem })));
  const condition = compiled.value;
  const problems: SegmentProblem[] = [];
  if (condition.references.timeOpaque) problems.push(problemIn(definition, 'time_opaque'));
  if (condition.references.listsSegments) problems.push(problemIn(definition, 'reads_segments'));
  return problems.length > 0 ? fail(problems) : ok(Object.freeze({ id, name, condition }));
}

/**
 * Checks the segments of a workspace together and puts each after those it refers to. Refuses
 * with every problem of severity `error`; warnings lie in each `condition.warnings`.
 */
export function compileSegments(
  definitions: readonly SegmentDefinition[],
  scope: ScopeTypes = SEGMENT_SCOPE,
): Result<readonly CompiledSegment[], readonly SegmentProblem[]> {
  const problems: SegmentProblem[] = [];
  const compiled = new Map<string, CompiledSegment>();
  for (const definition of definitions) {
    if (compiled.has(definition.id)) problems.push(problemIn(definition, 'duplicate'));
    const segment = compileSegment(definition, scope);
    if (segment.ok) compiled.set(definition.id, segment.value);
    else problems.push(...segment.error);
  }
  const known = new Set(definitions.map(({ id }) => id));
  const ordered = inOrder(compiled, known);
  problems.push(...(ordered.ok ? [] : ordered.error));
  return problems.length > 0 || !ordered.ok ? fail(problems) : ordered;
}
