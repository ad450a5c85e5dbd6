import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { readConfig, type Config, type Environment } from '#libs/config';
import { freePort, nextFreePort } from '#libs/embedded';
import { choosePorts } from './ports.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function busyPort(): Promise<number> {
  const port = await nextFreePort(await freePort());
  const server = createServer().listen(port, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return port;
}

async function config(env: Environment): Promise<Config> {
  const free = {
    PORT: String(await freePort()),
    CLICKHOUSE_PORT: String(await freePort()),
    SMTP_SANDBOX_PORT: String(await freePort()),
  };
  const read = readConfig({ ...free, ...env });
  if (!read.ok) throw new Error('configuration');
  return read.value;
}

test('a default port that is busy gives way to the next free one, said aloud in both languages', async () => {
  const port = await busyPort();
  const said: string[] = [];
  const chosen = await choosePorts(
    { ...(await config({})), http: { port, isSet: false } },
    (text) => said.push(`${text['fr']} ${text['en']}`),
  );
  expect(chosen.ok && chosen.value.http).toBeGreaterThan(port);
  expect(said).toEqual([expect.stringMatching(/la console est.*the console is/)]);
});

test('a port that was asked for and is busy is refused, naming its variable', async () => {
  const port = await busyPort();
  const chosen = await choosePorts(
    await config({ CLICKHOUSE_PORT: String(port) }),
    () => undefined,
  );
  expect(chosen.ok ? '' : chosen.error['en']).toContain('CLICKHOUSE_PORT');
});

test('the port of an engine that runs elsewhere is not looked at', async () => {
  const port = String(await busyPort());
  const elsewhere = await config({ CLICKHOUSE_PORT: port, CLICKHOUSE_URL: 'http://db:8123' });
  expect((await choosePorts(elsewhere, () => undefined)).ok).toBe(true);
});
