import type { EpochMs, LocalText, Result } from '#libs/kernel';

/** What an expression answers with: plain JSON data. Times are epoch ms, durations are ms. */
export type Value =
  null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

/**
 * Values of the names at one instant. `now` is the only clock. Names that are absent or undefined
 * count as missing keys; numbers are JSON numbers, times are epoch ms or ISO 8601 text.
 * Answers to zoned questions lie in `context.answers`, by `Question.key`.
 */
export interface Bindings {
  readonly now: EpochMs;
  readonly [name: string]: unknown;
}

/** Type of a name or field. `dyn`: known only when evaluated. */
export type ScopeType =
  'dyn' | 'bool' | 'int' | 'double' | 'string' | 'timestamp' | 'list' | 'map' | ObjectType;

/** An object with known fields. */
export interface ObjectType {
  readonly fields: Readonly<Record<string, ScopeType>>;
  /** Fields that may be absent: reading one without `has()` is a warning. */
  readonly optional?: readonly string[];
  /** True when fields not listed may exist too (then of type `dyn`). Default false. */
  readonly open?: boolean;
  /** Who declares the fields, by name: reading a field not listed of such an object is a warning. */
  readonly owner?: string;
}

/** The names an expression may use. */
export type ScopeTypes = Readonly<Record<string, ScopeType>>;

/** Why an expression is refused, or what deserves a second look. A closed list. */
export type ExpressionProblemCode =
  | 'syntax'
  | 'unknown_name'
  | 'type'
  | 'too_large'
  | 'too_deep'
  | 'list_too_long'
  | 'macro_depth'
  | 'regex_unbounded'
  | 'missing_key_risk'
  | 'int_double_mix'
  | 'undeclared_key';

/** One problem in an expression; `offset` and `length` count UTF-16 units of the source from 0. */
export interface ExpressionProblem {
  readonly code: ExpressionProblemCode;
  readonly severity: 'error' | 'warning';
  readonly message: LocalText;
  readonly hint?: LocalText;
  readonly offset: number;
  readonly length: number;
}

/** Why an expression has no value. A closed list. */
export type EvaluationCode = 'missing_key' | 'type' | 'arithmetic' | 'limit';

/** Why an expression has no value for these bindings; `path` names the key that is missing. */
export interface EvaluationProblem {
  readonly code: EvaluationCode;
  readonly message: LocalText;
  readonly path?: readonly string[];
}

/** A question about local time that the host answers in `context.answers[key]`. */
export interface Question {
  readonly name: 'hourLocal' | 'isHoliday';
  readonly args: readonly string[];
  /** The question as written in canonical form: `hourLocal()`, `isHoliday("FR")`. */
  readonly key: string;
}

/** `daysSince(path) operator days`; mirrored where the source has `days` on the left. */
export interface TimedComparison {
  readonly path: readonly string[];
  readonly operator: '<' | '<=' | '>' | '>=' | '==' | '!=';
  readonly days: number;
}

/** What an expression reads. Lists are sorted and hold no duplicates. */
export interface References {
  /** Longest member paths read: `['profile', 'aggregates', 'orders_365d']`. */
  readonly paths: readonly (readonly string[])[];
  readonly questions: readonly Question[];
  /** Segments asked about with `inSegment`. */
  readonly segments: readonly string[];
  /** True when `profile.segments`, or the whole profile, is read otherwise than by `inSegment`. */
  readonly listsSegments: boolean;
  /** Moments at which time alone may change the answer. */
  readonly timed: readonly TimedComparison[];
  /** True when time is also used in a way `timed` does not tell (`now`, zoned questions, ...). */
  readonly timeOpaque: boolean;
}

/** What the answer must be; `any` accepts every value. */
export type Expectation = 'bool' | 'number' | 'string' | 'any';

/** A checked expression. Immutable, reusable, deterministic. */
export interface Compiled {
  readonly source: string;
  readonly references: References;
  readonly warnings: readonly ExpressionProblem[];
  /** Never throws; the same bindings give the same answer. */
  readonly evaluate: (bindings: Bindings) => Result<Value, EvaluationProblem>;
}
