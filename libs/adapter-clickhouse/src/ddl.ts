import { assert } from '#libs/kernel';
import type { ColumnSpec, TableSpec, ViewSpec } from './schema/spec.js';
import type { ViewSettings } from './schema/campaign-views.js';
import { TABLES } from './schema/tables.js';
import { viewsFor } from './schema/views.js';

/** The database outsiders know. */
export const DATABASE = 'relance';

/** How long rows are kept, in days of 24 h from the later of the fact's day and its receipt. */
export interface RetentionDays {
  readonly events: number;
  readonly results: number;
}

/** What the schema depends on beside its version. */
export interface SchemaSettings extends ViewSettings {
  readonly retentionDays: RetentionDays;
}

const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
const name = (text: string): string => `\`${text}\``;

function columnLine({ name: column, type, note }: ColumnSpec): string {
  return `  ${name(column)} ${type} COMMENT ${quote(note.en)}`;
}

/** Wall time of the insert: retention counts from the later of the fact and its receipt. */
const RECORDED = "  `recorded_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')";

function ttl(table: TableSpec, { events, results }: RetentionDays): string | null {
  if (table.keep === 'always') return null;
  const days = table.keep === 'events' ? events : results;
  const from = table.month === null ? 'recorded_at' : `greatest(${table.month}, recorded_at)`;
  return `toDateTime(${from}, 'UTC') + toIntervalDay(${days})`;
}

function createRows(table: TableSpec, settings: SchemaSettings): string {
  const columns = [...(table.hidden ?? []), ...table.columns].map(columnLine);
  const expiry = ttl(table, settings.retentionDays);
  return [
    `CREATE TABLE IF NOT EXISTS ${DATABASE}.${table.name}_rows (`,
    [...columns, '  `version` UInt64', RECORDED].join(',\n'),
    ') ENGINE = ReplacingMergeTree(version)',
    table.month === null ? '' : `PARTITION BY toYYYYMM(${table.month})`,
    `ORDER BY ${name(table.key)}`,
    expiry === null ? '' : `TTL ${expiry}`,
    'SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1,',
    '  old_parts_lifetime = 60,',
    '  min_age_to_force_merge_seconds = 600, min_age_to_force_merge_on_partition_only = 1',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** Brings an older table to this version: columns are only ever added. */
function alterRows(table: TableSpec, settings: SchemaSettings): string {
  const expiry = ttl(table, settings.retentionDays);
  const changes = [...(table.hidden ?? []), ...table.columns].map(
    (column) => `ADD COLUMN IF NOT EXISTS ${columnLine(column).trim()}`,
  );
  const ending = expiry === null ? '' : ', MODIFY TTL ' + expiry;
  const quietly = expiry === null ? '' : ' SETTINGS materialize_ttl_after_modify = 0';
  return `ALTER TABLE ${DATABASE}.${table.name}_rows ${changes.join(', ')}${ending}${quietly}`;
}

function createView(view: ViewSpec | TableSpec, select: string): string {
  return [
    `CREATE OR REPLACE VIEW ${DATABASE}.${view.name} (`,
    view.columns.map(columnLine).join(',\n'),
    `) AS ${select.trim()}`,
    `COMMENT ${quote(view.grain.en)}`,
  ].join('\n');
}

function publicSelect(table: TableSpec): string {
  const columns = table.columns.map((column) => name(column.name)).join(', ');
  const select = `SELECT ${columns} FROM ${DATABASE}.${table.name}_rows FINAL`;
  if (table.month === null) return select;
  return `${select} SETTINGS do_not_merge_across_partitions_select_final = 1`;
}

/** A row per insert and table, for the view `freshness`; append-only, kept 7 days. */
const SINK_BATCHES = [
  `CREATE TABLE IF NOT EXISTS ${DATABASE}.sink_batches (`,
  '  `table` LowCardinality(String),',
  "  `written_at` DateTime64(3, 'UTC'),",
  "  `newest_at` DateTime64(3, 'UTC'),",
  '  `rows` UInt64,',
  '  `behind_ms` Nullable(Float64)',
  ') ENGINE = MergeTree ORDER BY (table, written_at)',
  "TTL toDateTime(written_at, 'UTC') + toIntervalDay(7)",
].join('\n');

/** Which statements made the schema: the newest row. */
export const SCHEMA_STAMPS = [
  `CREATE TABLE IF NOT EXISTS ${DATABASE}.schema_stamps (`,
  "  `stamp` String, `applied_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')",
  ') ENGINE = MergeTree ORDER BY applied_at',
].join('\n');

function checkSettings({ timezone, currency, retentionDays }: SchemaSettings): void {
  assert(/^[A-Za-z0-9_+/-]+$/.test(timezone), `not a zone: ${timezone}`);
  assert(/^[A-Z]{3}$/.test(currency), `not a currency: ${currency}`);
  for (const days of [retentionDays.events, retentionDays.results]) {
    assert(Number.isSafeInteger(days) && days > 0, `not a number of days: ${days}`);
  }
}

/**
 * The statements that make the schema, each idempotent, in order. A table of which it is known that
 * it is not there yet needs none that bring it to this version, a third of them.
 */
export function schemaStatements(
  settings: SchemaSettings,
  isNew: (table: string) => boolean = () => false,
): readonly string[] {
  checkSettings(settings);
  return [
    `CREATE DATABASE IF NOT EXISTS ${DATABASE}`,
    SINK_BATCHES,
    ...TABLES.flatMap((table) => [
      createRows(table, settings),
      ...(isNew(`${table.name}_rows`) ? [] : [alterRows(table, settings)]),
      createView(table, publicSelect(table)),
    ]),
    ...viewsFor(settings).map((view) => createView(view, view.select)),
  ];
}
