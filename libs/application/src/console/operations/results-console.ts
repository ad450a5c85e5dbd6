import type { ApiResponse } from '#libs/contracts';
import { utcDayOf } from '#libs/contracts';
import type { Locale } from '#libs/kernel';
import type { AnalyticsReader } from '../../analytics/ports.js';
import { publishedOf, wordsOf, type ConsoleGround } from '../workspace-source.js';

/** How analysts reach the tables. */
export interface TablesAddress {
  readonly url: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/** What pages for analysts read. */
export interface ResultsConsolePorts {
  readonly ground: ConsoleGround;
  readonly analytics: AnalyticsReader | null;
  readonly address: TablesAddress;
}

const DAYS = 90;
const DAY_MS = 86_400_000;
const MOST_ROWS = 10_000;
const ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;

interface Row {
  readonly group: string;
  readonly day: string;
  readonly currency: string;
  readonly entered: number;
  readonly sent: number;
  readonly delivered: number;
  readonly clicks: number;
  readonly converted: number;
  readonly revenue: string;
  readonly cost: string;
}

/** Results of scenarios and where to query them. */
export class ResultsConsole {
  constructor(private readonly ports: ResultsConsolePorts) {}

  /** `not_found` where no scenario has that id; `analytics_away` without an analytics store. */
  async results(
    scenario: string,
    span: { readonly from?: string | undefined; readonly to?: string | undefined },
    locale: Locale,
  ): Promise<ApiResponse<'results'> | 'not_found' | 'analytics_away'> {
    const { ground, analytics } = this.ports;
    const known = publishedOf(ground)?.definitions.some((one) => one.scenario === scenario);
    if (known !== true || !ID.test(scenario)) return 'not_found';
    if (analytics === null) return 'analytics_away';
    const to = span.to ?? utcDayOf(ground.clock.nowMs() + DAY_MS);
    const from = span.from ?? utcDayOf(ground.clock.nowMs() - DAYS * DAY_MS);
    // Checked by pattern above, so that the query told is the one run, as it stands.
    const sql = resultsSql(scenario, from, to);
    const rows = await analytics.query<Row>(sql);
    return {
      scenario: { id: scenario, name: wordsOf(ground, locale).scenario(scenario) },
      rows: [...rows],
      sql,
    };
  }

  async tables(): Promise<ApiResponse<'tables'> | 'analytics_away'> {
    const { analytics, address } = this.ports;
    if (analytics === null) return 'analytics_away';
    const params = { database: address.database };
    const [tables, columns] = await Promise.all([
      analytics.query<{ name: string; comment: string }>(TABLES_SQL, params),
      analytics.query<{ table: string; name: string; type: string; comment: string }>(
        COLUMNS_SQL,
        params,
      ),
    ]);
    return {
      ...address,
      tables: tables.map(({ name, comment }) => ({
        name,
        comment,
        columns: columns
          .filter((column) => column.table === name)
          .map(({ name: column, type, comment: about }) => ({
            name: column,
            type,
            comment: about,
          })),
      })),
    };
  }
}

const TABLES_SQL = `SELECT name, comment FROM system.tables
WHERE database = {database:String} AND name NOT LIKE '%\\_rows' AND name NOT LIKE '.%'
ORDER BY name LIMIT 200`;
const COLUMNS_SQL = `SELECT table, name, type, comment FROM system.columns
WHERE database = {database:String} AND table NOT LIKE '%\\_rows' ORDER BY table, position LIMIT 5000`;

function resultsSql(scenario: string, from: string, to: string): string {
  return `SELECT group, toString(entry_day) AS day, currency, sum(entered) AS entered, sum(sent) AS sent,
  sum(delivered) AS delivered, sum(human_clicks) AS clicks, sum(converted) AS converted,
  toString(sum(revenue)) AS revenue, toString(sum(cost)) AS cost
FROM relance.campaign_results
WHERE scenario = '${scenario}' AND entry_day BETWEEN '${from}' AND '${to}'
GROUP BY group, entry_day, currency ORDER BY entry_day, group, currency LIMIT ${MOST_ROWS}`;
}
