import type { Environment } from '@marcbachmann/cel-js';
import { noteMisled } from './frame.js';
import { TypesByClass } from './odd-objects.js';

/** How far the type of a list or map is looked into at run time. */
const LEVELS = 3;

/** The part of the CEL library's evaluator that names run-time types. */
interface Evaluator {
  objectTypesByConstructor: ReadonlyMap<unknown, unknown>;
  debugType(value: unknown): unknown;
  debugTypeDeep(value: unknown): unknown;
}

/**
 * Bounds how deep the library looks into data to choose an operator. It names the type of a value
 * to the bottom and keeps every name for ever, so that hostile data, nested ever differently,
 * would fill the memory. Below three levels it takes any type, as for dynamic data. Also has it
 * say when it takes data for a class.
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
  for (const evaluator of found) {
    limitLevels(evaluator);
    const types = new TypesByClass(evaluator.objectTypesByConstructor, noteMisled);
    evaluator.objectTypesByConstructor = types;
  }
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
