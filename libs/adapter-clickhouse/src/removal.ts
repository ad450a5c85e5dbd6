import { setTimeout as delay } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { AnalyticsError } from '#libs/application';
import { command } from './connection.js';
import { DATABASE } from './ddl.js';
import { ClickHouseReader } from './reader.js';

/** Which rows to remove from which public tables. */
export interface Removal {
  readonly tables: readonly string[];
  /** Condition over the private table, with placeholders. */
  readonly where: string;
  readonly params: Readonly<Record<string, readonly string[]>>;
}

interface Touched {
  readonly partition: string;
  readonly gone: number;
  readonly kept: number;
}

/** Longest wait for the store to have rewritten its parts. */
const REMOVED_WITHIN_MS = 300_000;

const POLL_MS = 50;

/**
 * Removes rows physically. A deletion rewrites every part it is asked to look at, so only the months
 * that hold such rows are named; a month of nothing else is dropped whole. All tables at once, then
 * one wait for all.
 */
export async function removeRows(client: ClickHouseClient, removal: Removal): Promise<void> {
  const touched = await Promise.all(
    removal.tables.map((table) => removeFrom(client, table, removal)),
  );
  const changed = removal.tables.filter((_, index) => touched[index] === true);
  if (changed.length > 0) await rewritten(client, changed);
}

async function removeFrom(
  client: ClickHouseClient,
  table: string,
  { where, params }: Removal,
): Promise<boolean> {
  const rows = `${DATABASE}.${table}_rows`;
  const parts = await new ClickHouseReader(client).query<Touched>(
    `SELECT _partition_id AS partition, countIf(${where}) AS gone, count() - gone AS kept
     FROM ${rows} GROUP BY partition HAVING gone > 0`,
    params,
  );
  for (const { partition } of parts.filter(({ kept }) => kept === 0)) {
    await command(client, `ALTER TABLE ${rows} DROP PARTITION ID '${partition}'`);
  }
  const mixed = parts.filter(({ kept }) => kept > 0);
  if (mixed.length === 0) return false;
  const deletes = mixed.map(
    ({ partition }) => `DELETE IN PARTITION ID '${partition}' WHERE ${where}`,
  );
  await command(client, `ALTER TABLE ${rows} ${deletes.join(', ')}`, params);
  return true;
}

/** Waits until no deletion is under way. */
async function rewritten(client: ClickHouseClient, tables: readonly string[]): Promise<void> {
  const reader = new ClickHouseReader(client);
  const endMs = performance.now() + REMOVED_WITHIN_MS;
  while (performance.now() < endMs) {
    const open = await reader.query<{ failed: string }>(
      `SELECT latest_fail_reason AS failed FROM system.mutations
       WHERE database = '${DATABASE}' AND table IN {tables:Array(String)} AND NOT is_done`,
      { tables: tables.map((table) => `${table}_rows`) },
    );
    if (open.length === 0) return;
    const failed = open.find((mutation) => mutation.failed !== '');
    if (failed !== undefined) throw new AnalyticsError(failed.failed, true, null);
    await delay(POLL_MS);
  }
  throw new AnalyticsError('rows are still being removed', true, null);
}
