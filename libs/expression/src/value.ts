import { fail, ok, type Result } from '#libs/kernel';
import { Refusal } from './frame.js';
import { LIMITS } from './limits.js';
import { isTimestamp } from './timestamp.js';
import type { EvaluationProblem, Expectation, Value } from './types.js';
import { evaluationProblem } from './evaluation-problem.js';

/** Turns CEL's values into JSON data; refuses with `type` what JSON cannot carry. */
export function plainValue(value: unknown, depth = 0): Value {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return finite(value);
  if (depth > LIMITS.answerDepth) throw new Refusal('limit', 'answer');
  if (Array.isArray(value)) return value.map((item) => plainValue(item, depth + 1));
  if (value instanceof Set) return plainValue([...value], depth);
  if (typeof value === 'object') return plainObject(value, depth);
  throw new Refusal('type', typeof value);
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new Refusal('arithmetic', String(value));
  return value;
}

function plainObject(value: object, depth: number): Value {
  if (isTimestamp(value)) return finite(value.getTime());
  const prototype: unknown = Object.getPrototypeOf(value);
  if (value instanceof Map || prototype === Object.prototype || prototype === null) {
    const entries = value instanceof Map ? [...value.entries()] : Object.entries(value);
    return Object.fromEntries(
      entries
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [String(key), plainValue(item, depth + 1)]),
    );
  }
  // CEL's unsigned integers and durations; a duration's number is its milliseconds.
  const primitive: unknown = value.valueOf();
  if (typeof primitive === 'bigint' || typeof primitive === 'number') return plainValue(primitive);
  throw new Refusal('type', 'answer');
}

/** Holds an answer to what the caller expects. */
export function expected(value: Value, expects: Expectation): Result<Value, EvaluationProblem> {
  if (expects === 'any') return ok(value);
  const wanted = expects === 'bool' ? 'boolean' : expects;
  if (typeof value === wanted) return ok(value);
  return fail(evaluationProblem(new Refusal('type', expects)));
}
