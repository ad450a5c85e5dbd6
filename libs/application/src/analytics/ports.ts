import type { Fact } from '#libs/contracts';

/** What a query's `{name:Type}` placeholders may hold. */
export type AnalyticsParam = string | number | boolean | null | readonly (string | number)[];

/** Options of one batch. */
export interface AnalyticsInsertOptions {
  /** Wall time, in epoch ms, when the oldest fact of the batch was written to the log. */
  readonly appendedAtMs?: number;
}

/** Writes facts to where analysts read them; the analytics sink is its one caller. */
export interface AnalyticsWriter {
  /** Creates or alters tables and views to this version's. Idempotent. */
  migrate(): Promise<void>;
  /**
   * Writes a batch, all kinds mixed. Idempotent by (id, version): a batch may be sent again whole or
   * in part, and readers see each fact once, in its greatest version. Not atomic across tables: on
   * `AnalyticsError` the caller sends the batch again.
   */
  insert(facts: readonly Fact[], options?: AnalyticsInsertOptions): Promise<void>;
  /**
   * Removes every row about these profiles, physically. Idempotent. To be called when the last fact
   * about them has been inserted: a later one would appear again.
   */
  eraseProfiles(profileIds: readonly string[]): Promise<void>;
  /** Removes every row marked as sample. Idempotent. */
  removeSample(): Promise<void>;
}

/** Reads the public tables and views. */
export interface AnalyticsReader {
  /**
   * Rows of a SELECT; values only through `{name:Type}` placeholders. Counts come as numbers, times
   * as `YYYY-MM-DD hh:mm:ss.sss` in UTC, money as decimal text. Throws `AnalyticsError`.
   */
  query<Row>(
    sql: string,
    params?: Readonly<Record<string, AnalyticsParam>>,
  ): Promise<readonly Row[]>;
}

/** The analytics store did not answer, or refused. */
export class AnalyticsError extends Error {
  override readonly name = 'AnalyticsError';

  constructor(
    message: string,
    /** Worth sending again: no answer, overloaded, restarting. */
    readonly retryable: boolean,
    /** ClickHouse's number of the exception; null when it never answered. */
    readonly code: number | null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
