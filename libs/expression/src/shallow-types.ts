import type { Environment } from '@marcbachmann/cel-js';

/** How far the type of a list or map is looked into at run time. */
const LEVELS = 3;

/** The part of the CEL library's evaluator that names run-time types. */
interface Evaluator {
  debugType(value: unknown): unknown;
  debugTypeDeep(value: unknown): unknown;
}

/**
 * Bounds how deep the library looks into data to choose an operator. It names the type of a value
 * to the bottom and keeps every name for ever, so that hostile data, nested ever differently,
 * would fill the memory. Below three levels it takes any type, as for dynamic data.
 */
export function boundRuntimeTypes(environment: Environment): void {
  const found: Evaluator[] = [];
  // Functions run with the evaluator as `this`; the library gives no other way to reach it.
  environment.registerFunction(
    'evaluatorOf(): bool',
    function seize(this: Evaluator) {
      found.push(this);
      return true;
    },
    { async: false },
  );
  environment.evaluate('evaluatorOf()');
  found.forEach(limitLevels);
}

function limitLevels(evaluator: Evaluator): void {
  const deep = evaluator.debugTypeDeep.bind(evaluator);
  let level = 0;
  evaluator.debugTypeDeep = (value) => {
    if (typeof value !== 'object' || level >= LEVELS) return evaluator.debugType(value);
    level += 1;
    try {
      return deep(value);
    } finally {
      level -= 1;
    }
  };
}
