import type { ClickHouseClient } from '@clickhouse/client';
import type { AnalyticsParam, AnalyticsReader } from '#libs/application';
import { asAnalyticsError } from './connection.js';

/** Reads ClickHouse: counts as numbers, money as decimal text, times in UTC. */
export class ClickHouseReader implements AnalyticsReader {
  readonly #client: ClickHouseClient;

  constructor(client: ClickHouseClient) {
    this.#client = client;
  }

  async query<Row>(
    sql: string,
    params: Readonly<Record<string, AnalyticsParam>> = {},
  ): Promise<readonly Row[]> {
    try {
      const answer = await this.#client.query({
        query: sql,
        query_params: { ...params },
        format: 'JSONEachRow',
        clickhouse_settings: {
          output_format_json_quote_64bit_integers: 0,
          output_format_json_quote_decimals: 1,
        },
      });
      return await answer.json<Row>();
    } catch (error) {
      throw asAnalyticsError(error);
    }
  }
}
