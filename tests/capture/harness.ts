import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSecrets, type Secrets } from '#libs/config';
import type { RawEvent } from '#libs/contracts';
import { startPostgres, type PostgresServer } from '#libs/embedded';
import { openEngine, type Engine, type EngineSettings } from '../../apps/api/src/engine/engine.js';
import { createJsonLog } from '../../apps/api/src/engine/json-log.js';
import { createServer, type ApiServer } from '../../apps/api/src/server.js';

/** The api in this process over a PostgreSQL of its own. */
export interface Harness {
  readonly home: string;
  readonly secrets: Secrets;
  readonly postgres: PostgresServer;
  readonly engine: Engine;
  readonly url: string;
  /** Lines that were logged. */
  readonly lines: readonly string[];
  /** Every event on a topic of the log, in order within each partition. */
  events(topic?: 'raw' | 'historical'): Promise<readonly RawEvent[]>;
  /** Posts JSON with the home's write key unless told otherwise. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Stops the api as a signal does; the store goes on. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export const basic = (key: string): string => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;

/** Starts everything; `over` changes what the engine is opened with. */
export async function startHarness(
  over: Partial<Omit<EngineSettings, 'secrets'>> & { readonly secrets?: Partial<Secrets> } = {},
  options: { readonly durable?: boolean; readonly consoleDir?: string } = {},
): Promise<Harness> {
  const home = mkdtempSync(join(tmpdir(), 'relance-capture-'));
  const postgres = await startPostgres({
    dataDir: join(home, 'postgres'),
    password: 'test',
    durable: options.durable ?? false,
  });
  const secrets = { ...loadSecrets(home), ...over.secrets };
  const lines: string[] = [];
  const engine = await openEngine({
    databaseUrl: postgres.url,
    partitions: 4,
    clock: { kind: 'wall' },
    publicUrl: 'https://shop.example',
    locale: 'en',
    log: createJsonLog('debug', (line) => lines.push(line)),
    twilioAuthToken: 'twilio-token',
    ...over,
    secrets,
  });
  const { consoleDir } = options;
  const server: ApiServer = await createServer(
    engine,
    consoleDir === undefined ? {} : { consoleDir },
  );
  const port = await server.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${port}`;
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= server.close().then(() => engine.close()));
  return {
    home,
    secrets,
    postgres,
    engine,
    url,
    lines,
    async events(topic = 'raw') {
      const rows = await engine.database.query<{ value: string }>(
        `SELECT value FROM log_events_${topic} ORDER BY part, "offset"`,
      );
      return rows.rows.map((row) => JSON.parse(row.value) as RawEvent);
    },
    post: (path, body, headers = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: basic(secrets.writeKey),
          ...headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    stop,
    async close() {
      await stop();
      await postgres.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
