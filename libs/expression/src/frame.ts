import type { EvaluationCode, Bindings } from './types.js';
import { LIMITS } from './limits.js';
import { withMaps } from './odd-objects.js';

/** A refusal raised inside an evaluation; it never leaves this library as an exception. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly code: EvaluationCode,
    readonly detail: string,
    readonly path?: readonly string[],
  ) {
    super(detail);
  }
}

/** What the helpers read while one evaluation runs. */
interface Frame {
  readonly bindings: Bindings;
  iterations: number;
  /** The CEL library took a field of the data for the class of its object. */
  isMisled: boolean;
}

// CEL hands its functions their arguments only. Evaluation is synchronous, so the bindings of the
// one that runs can lie here; `inFrame` restores the outer one, so that nesting is safe.
let current: Frame | undefined;

/**
 * Runs an evaluation with its bindings in reach of the helpers. One that fails because data misled
 * the CEL library runs again over data that does not: an error is all that such data can bring about,
 * and to look for it beforehand would cost every evaluation.
 */
export function inFrame<Answer>(bindings: Bindings, run: (bindings: Bindings) => Answer): Answer {
  const outer = current;
  const frame: Frame = { bindings, iterations: 0, isMisled: false };
  current = frame;
  try {
    return run(bindings);
  } catch (thrown) {
    if (!frame.isMisled) throw thrown;
    const plain = withMaps({ ...bindings }) as Bindings;
    current = { bindings: plain, iterations: 0, isMisled: false };
    return run(plain);
  } finally {
    current = outer;
  }
}

/** Notes that the running evaluation was misled by its data. */
export function noteMisled(): void {
  if (current !== undefined) current.isMisled = true;
}

/** A value of the bindings by path; refuses with `missing_key` when it is absent. */
export function readBinding(path: readonly string[]): unknown {
  let value: unknown = current?.bindings;
  for (const key of path) value = member(value, key);
  if (value === undefined) throw new Refusal('missing_key', path.join('.'), path);
  return value;
}

/** A field of an object or map, undefined when there is none. */
export function member(value: unknown, key: string): unknown {
  if (value instanceof Map) return value.get(key);
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}

/** Counts the elements about to be iterated; refuses with `limit` past a bound. */
export function countIterations(length: number): void {
  if (length > LIMITS.listIterated) throw new Refusal('limit', `list of ${length}`);
  if (current === undefined) return;
  current.iterations += length;
  if (current.iterations > LIMITS.iterations) throw new Refusal('limit', 'iterations');
}
