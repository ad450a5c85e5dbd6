import type { LocalText } from '#libs/kernel';
import type { Compiled, ExpressionProblemCode } from '#libs/expression';

/** A named condition over a profile, as the workspace writes it. */
export interface SegmentDefinition {
  readonly id: string;
  readonly name: LocalText;
  /** CEL over `profile`, `account` and `now`; may ask `inSegment("other")`. */
  readonly when: string;
}

/** A checked segment. */
export interface CompiledSegment {
  readonly id: string;
  readonly name: LocalText;
  readonly condition: Compiled;
}

/** Why segments are refused. A closed list: those of expressions and these. */
export type SegmentProblemCode =
  | ExpressionProblemCode
  | 'duplicate'
  | 'unknown_segment'
  | 'cycle'
  | 'time_opaque'
  | 'reads_segments';

/** One problem of one segment; `offset` and `length` lie in `when`. */
export interface SegmentProblem {
  readonly segment: string;
  readonly code: SegmentProblemCode;
  readonly severity: 'error' | 'warning';
  readonly message: LocalText;
  readonly hint?: LocalText;
  readonly offset: number;
  readonly length: number;
}
