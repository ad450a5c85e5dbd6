import {
  ClickHouseError,
  ClickHouseLogLevel,
  createClient,
  type ClickHouseClient,
} from '@clickhouse/client';
import { AnalyticsError } from '#libs/application';

/** Where ClickHouse answers over HTTP; the same code for the embedded engine and a real server. */
export interface ClickHouseAddress {
  /** `http://127.0.0.1:8123`. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Longest wait for an answer; 60 s unless told. */
  readonly timeoutMs?: number;
}

/** Opens a client; nothing is sent before the first request. `close()` when done. */
export function connect({ url, user, password, timeoutMs }: ClickHouseAddress): ClickHouseClient {
  return createClient({
    url,
    username: user,
    password,
    request_timeout: timeoutMs ?? 60_000,
    // It would print queries with their values; what goes wrong is thrown anyway.
    log: { level: ClickHouseLogLevel.OFF },
    keep_alive: { enabled: true },
    clickhouse_settings: { date_time_output_format: 'simple' },
  });
}

/** Exceptions of ClickHouse that pass by themselves: overload, time-out, memory, restart. */
const PASSING = new Set([159, 202, 209, 210, 236, 241, 242, 252, 319, 425, 745]);

/** An `AnalyticsError` of whatever the client threw; without an answer it is worth sending again. */
export function asAnalyticsError(cause: unknown): AnalyticsError {
  if (cause instanceof ClickHouseError) {
    const code = Number(cause.code);
    return new AnalyticsError(cause.message, PASSING.has(code), code, { cause });
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return new AnalyticsError(`analytics store: ${message}`, true, null, { cause });
}

/** Runs a statement that answers nothing. Throws `AnalyticsError`. */
export async function command(
  client: ClickHouseClient,
  query: string,
  params: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  try {
    await client.command({ query, query_params: { ...params } });
  } catch (error) {
    throw asAnalyticsError(error);
  }
}
