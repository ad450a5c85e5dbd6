import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import {
  ClickHouseReader,
  ClickHouseSink,
  connect,
  type SchemaSettings,
} from '#libs/adapter-clickhouse';
import { startClickHouse, type ClickHouseServer } from '#libs/embedded';

export const SETTINGS: SchemaSettings = {
  timezone: 'Europe/Paris',
  currency: 'EUR',
  retentionDays: { events: 396, results: 1_095 },
};

export const WRITER = { name: 'relance', password: 'writer-secret', role: 'writer' } as const;
export const ANALYST = { name: 'analyst', password: 'analyst-secret', role: 'analyst' } as const;

/** An embedded ClickHouse on a temporary folder, with its clients. */
export interface World {
  readonly dataDir: string;
  server: ClickHouseServer;
  readonly client: ClickHouseClient;
  readonly analyst: ClickHouseClient;
  readonly sink: ClickHouseSink;
  readonly reader: ClickHouseReader;
  /** Raw HTTP as the analyst. */
  ask(query: string, options?: AskOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface AskOptions {
  readonly user?: { readonly name: string; readonly password: string };
  readonly params?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

export function startOn(dataDir: string, port = 0): Promise<ClickHouseServer> {
  return startClickHouse({ dataDir, port, users: [WRITER, ANALYST] });
}

export async function openWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'relance-analytics-'));
  const dataDir = join(folder, 'clickhouse');
  const server = await startOn(dataDir);
  const address = { url: server.url, user: WRITER.name, password: WRITER.password };
  const client = connect(address);
  const analyst = connect({ url: server.url, user: ANALYST.name, password: ANALYST.password });
  const world: World = {
    dataDir,
    server,
    client,
    analyst,
    sink: new ClickHouseSink(client, SETTINGS),
    reader: new ClickHouseReader(client),
    ask: async (query, { user = ANALYST, params = {}, headers = {}, signal } = {}) => {
      const url = `${server.url}/?${new URLSearchParams({ database: 'relance', ...params }).toString()}`;
      const response = await fetch(url, {
        method: 'POST',
        body: query,
        headers: {
          'X-ClickHouse-User': user.name,
          'X-ClickHouse-Key': user.password,
          ...headers,
        },
        ...(signal === undefined ? {} : { signal }),
      });
      return { status: response.status, text: await response.text(), headers: response.headers };
    },
    close: async () => {
      await client.close();
      await analyst.close();
      await world.server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return world;
}
