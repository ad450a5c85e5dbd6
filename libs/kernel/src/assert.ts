/** Our own bug: an invariant of this code does not hold. Never thrown for bad input. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Throws `InvariantError` unless the condition holds. */
export function assert(condition: unknown, message: string): asserts condition {
  if (condition !== true && !condition) throw new InvariantError(message);
}

/** Marks a branch the compiler proves unreachable. */
export function unreachable(value: never): never {
  throw new InvariantError(`unreachable value: ${JSON.stringify(value)}`);
}

/** Returns the value, or throws `InvariantError` where our own code promised there is one. */
export function present<Value>(value: Value | null | undefined, what: string): Value {
  if (value === null || value === undefined) throw new InvariantError(`missing: ${what}`);
  return value;
}
