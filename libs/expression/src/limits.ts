/** Bounds of an expression. Past one it is refused when compiled, or has no value when evaluated. */
export const LIMITS = Object.freeze({
  /** Length of the source, in UTF-16 units. */
  sourceLength: 2_000,
  /** Nodes of the syntax tree. */
  nodes: 300,
  /** Nesting of brackets, calls and choices. */
  depth: 48,
  /** Elements of a literal list or map. */
  listLength: 200,
  callArguments: 16,
  /** Nesting of `exists`, `all`, `map`, `filter`, `sum`. */
  macroDepth: 2,
  /** Elements of one list that is iterated. */
  listIterated: 10_000,
  /** Elements iterated by one evaluation in all. */
  iterations: 100_000,
  /** Length of a text that an expression makes or matches. */
  textLength: 100_000,
  /** Length of a text tested with `matches`. */
  matchedLength: 256,
  /** Steps that a regular expression may cost at worst. */
  regexSteps: 20_000_000,
  /** Nesting of an answer. */
  answerDepth: 64,
});
