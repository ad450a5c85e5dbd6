declare const mark: unique symbol;

/**
 * One transaction of the store, opaque to use cases: adapters of the same store know what is inside.
 * Everything done with one `Tx` commits together or not at all.
 */
export interface Tx {
  readonly [mark]: 'tx';
}

/** Runs work in one transaction of the store. */
export interface UnitOfWork {
  /**
   * Commits when the promise resolves, rolls back when it rejects. Serialisation failures, deadlocks
   * and lost connections reject with `StoreError` whose `retryable` is true: nothing was done, and
   * the caller may run the same work again.
   */
  transaction<Value>(work: (tx: Tx) => Promise<Value>): Promise<Value>;
}

/** The store did not do the work: infrastructure, never a refusal. */
export class StoreError extends Error {
  override readonly name = 'StoreError';

  constructor(
    message: string,
    readonly retryable: boolean,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
