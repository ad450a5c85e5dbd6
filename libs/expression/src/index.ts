export { compileExpression, holds, type CompileOptions } from './compile.js';
export { explain, type ExplainedCondition, type Explanation } from './explain.js';
export { outlineOf, type Comparison, type Outline, type Term } from './outline.js';
export { DYNAMIC_SCOPE, IMPORT_SCOPE } from './scope.js';
export { LIMITS } from './limits.js';
export { questionKey } from './question.js';
export { epochMsOf } from './timestamp.js';
export type {
  Bindings,
  Compiled,
  EvaluationCode,
  EvaluationProblem,
  Expectation,
  ExpressionProblem,
  ExpressionProblemCode,
  ObjectType,
  Question,
  References,
  ScopeType,
  ScopeTypes,
  TimedComparison,
  Value,
} from './types.js';
