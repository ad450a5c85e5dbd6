/** An expected answer or an expected refusal; faults are thrown instead. */
export type Result<Value, Problem> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: Problem };

/** Wraps an answer. */
export function ok<Value>(value: Value): Result<Value, never> {
  return { ok: true, value };
}

/** Wraps a refusal. */
export function fail<Problem>(error: Problem): Result<never, Problem> {
  return { ok: false, error };
}
