import type { ClickHouseReader } from '#libs/adapter-clickhouse';
import type { Database } from '#libs/adapter-postgres';

/** What a store tells of imported invoices. */
export interface RetailFigures {
  /** Invoice lines within the events. */
  readonly lines: number;
  readonly profiles: number;
  readonly orders: number;
  readonly cancellations: number;
  /** Decimal text of two places, GBP. */
  readonly gross: string;
  readonly net: string;
}

const POSTGRES_SQL = `
WITH told AS (
  SELECT name, (body::json->'properties'->>'total')::numeric AS total,
    json_array_length(body::json->'properties'->'products') AS lines
  FROM event WHERE name IN ('order_completed', 'order_cancelled')
)
SELECT sum(lines)::float8 AS lines,
  (SELECT count(*) FROM profile WHERE merged_into IS NULL) AS profiles,
  count(*) FILTER (WHERE name = 'order_completed') AS orders,
  count(*) FILTER (WHERE name = 'order_cancelled') AS cancellations,
  round(sum(total) FILTER (WHERE name = 'order_completed'), 2)::text AS gross,
  round(sum(total), 2)::text AS net
FROM told`;

const CLICKHOUSE_SQL = `
SELECT sum(JSONLength(properties, 'products')) AS lines,
  (SELECT count() FROM relance.profiles) AS profiles,
  countIf(name = 'order_completed') AS orders,
  countIf(name = 'order_cancelled') AS cancellations,
  toDecimalString(sumIf(value, name = 'order_completed'), 2) AS gross,
  toDecimalString(sum(value), 2) AS net
FROM relance.events WHERE name IN ('order_completed', 'order_cancelled')`;

/** What PostgreSQL tells. */
export async function figuresOfStore(database: Database): Promise<RetailFigures | undefined> {
  const { rows } = await database.query<RetailFigures & Record<string, unknown>>(POSTGRES_SQL);
  return rows[0];
}

/** What ClickHouse tells an analyst. */
export async function figuresOfTables(
  reader: ClickHouseReader,
): Promise<RetailFigures | undefined> {
  return (await reader.query<RetailFigures>(CLICKHOUSE_SQL))[0];
}

/** What became of a scenario that everybody of a segment was taken into. */
export interface CampaignFigures {
  readonly enrolments: number;
  readonly people: number;
  readonly decided: number;
  readonly accepted: number;
  /** Of the view `campaign_results`, summed. */
  readonly entered: number;
  readonly sent: number;
  readonly currencies: readonly string[];
  /** People with an order. */
  readonly buyers: number;
}

const CAMPAIGN_SQL = `
SELECT
  (SELECT count() FROM relance.enrolments) AS enrolments,
  (SELECT uniqExact(profile_id) FROM relance.enrolments) AS people,
  (SELECT count() FROM relance.decisions) AS decided,
  (SELECT countIf(accepted_at IS NOT NULL) FROM relance.deliveries) AS accepted,
  (SELECT sum(entered) FROM relance.campaign_results) AS entered,
  (SELECT sum(sent) FROM relance.campaign_results) AS sent,
  (SELECT groupUniqArray(currency) FROM relance.campaign_results) AS currencies,
  (SELECT uniqExact(profile_id) FROM relance.events WHERE name = 'order_completed') AS buyers`;

/** What ClickHouse tells an analyst of the only scenario there is. */
export async function campaignOf(reader: ClickHouseReader): Promise<CampaignFigures | undefined> {
  return (await reader.query<CampaignFigures>(CAMPAIGN_SQL))[0];
}

/** Messages in the sandbox, and the different deliveries and addresses among them. */
export async function caughtMails(
  database: Database,
): Promise<{ readonly mails: number; readonly deliveries: number; readonly addresses: number }> {
  const { rows } = await database.query<{ mails: number; deliveries: number; addresses: number }>(
    `SELECT count(*) AS mails, count(DISTINCT delivery_id) AS deliveries,
       count(DISTINCT recipient) AS addresses
     FROM sandbox_message WHERE channel = 'email' AND recipient LIKE '%@example.test'`,
  );
  return rows[0] ?? { mails: 0, deliveries: 0, addresses: 0 };
}
