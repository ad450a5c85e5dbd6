import { ClickHouseError } from '@clickhouse/client';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '#libs/adapter-clickhouse';
import { REFUSED, type Targets } from './refused.js';
import { openWorld, WRITER, type World } from './world.js';

let world: World;
let folder: string;
/** Whoever reads from an address calls here. */
let listener: Server;
let calls = 0;

beforeAll(async () => {
  world = await openWorld();
  await world.client.command({ query: 'CREATE DATABASE relance' });
  await world.client.command({
    query: 'CREATE TABLE relance.t (id UInt32, name String) ENGINE = MergeTree ORDER BY id',
  });
  await world.client.insert({
    table: 'relance.t',
    format: 'JSONEachRow',
    values: [1, 2, 3].map((id) => ({ id, name: `n${id}` })),
  });
  folder = mkdtempSync(join(tmpdir(), 'relance-front-'));
  writeFileSync(join(folder, 'secret.csv'), 'a secret\n');
  listener = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  listener.close();
  rmSync(folder, { recursive: true, force: true });
  await world.close();
});

const spoken = ({ status, text }: { status: number; text: string }) => `${status} ${text.trim()}`;

describe('what an analyst may not ask', () => {
  const targets = (): Targets => {
    const address = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
    const secret = join(folder, 'secret.csv');
    return { folder, secret, out: join(folder, 'out.csv'), address, url: `http://${address}/` };
  };

  it.each(REFUSED)('%s', async (_, query) => {
    const answer = await world.ask(query(targets()));
    expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
    expect(answer.text).toMatch(/^Code: \d+\. DB::Exception: .+ \([A-Z_]+\)/s);
    expect(answer.headers.get('x-clickhouse-exception-code')).toMatch(/^\d+$/);
    expect(answer.text).not.toContain('a secret');
    expect(existsSync(join(folder, 'out.csv'))).toBe(false);
    expect(calls).toBe(0);
  });

  /** The client adds its FORMAT to what `query` is given, and nothing to the others. */
  const WAYS: readonly [string, (query: string) => Promise<unknown>][] = [
    [
      'query',
      async (query) => await (await world.analyst.query({ query, format: 'JSONEachRow' })).text(),
    ],
    ['command', (query) => world.analyst.command({ query })],
    ['exec', (query) => world.analyst.exec({ query })],
  ];

  it.each(REFUSED)('%s, by the official client', async (_, text) => {
    for (const [way, ask] of WAYS) {
      const refusal = await ask(text(targets())).then(
        () => `${way} was let through`,
        (error: unknown) => error,
      );
      expect(refusal, way).toBeInstanceOf(ClickHouseError);
      const { code, type, message } = refusal as ClickHouseError;
      expect(`${code} ${type}`, message).toMatch(
        /^(497 ACCESS_DENIED|62 SYNTAX_ERROR|164 READONLY)$/,
      );
      expect(message).not.toContain('a secret');
    }
    expect(existsSync(join(folder, 'out.csv'))).toBe(false);
    expect(calls).toBe(0);
    expect(spoken(await world.ask('SELECT count() FROM t'))).toBe('200 3');
  });

  it('INSERT by the official client’s own call', async () => {
    const values = [{ id: 9, name: 'x' }];
    const inserted = world.analyst.insert({ table: 'relance.t', values, format: 'JSONEachRow' });
    await expect(inserted).rejects.toBeInstanceOf(ClickHouseError);
  });

  it('names the setting it refuses, in the query or the address', async () => {
    const inQuery = await world.ask(
      'SELECT 1 SETTINGS max_threads = 1, allow_introspection_functions = 1',
    );
    const inAddress = await world.ask('SELECT 1', { params: { format_schema_path: '/' } });
    expect(spoken(inQuery)).toContain("'allow_introspection_functions'");
    expect(spoken(inAddress)).toContain("'format_schema_path'");
    expect([inQuery.status, inAddress.status]).toEqual([403, 403]);
  });

  it('cannot raise its own limits', async () => {
    const raised = { max_memory_usage: '0', max_execution_time: '9999' };
    const query =
      "SELECT name, value FROM system.settings WHERE name IN ('max_memory_usage', 'max_execution_time', 'readonly') ORDER BY name";
    expect((await world.ask(query, { params: raised })).text).toBe(
      'max_execution_time\t30\nmax_memory_usage\t536870912\nreadonly\t1\n',
    );
    const lowered = { max_memory_usage: '1000000', max_execution_time: '5' };
    expect((await world.ask(query, { params: lowered })).text).toBe(
      'max_execution_time\t5\nmax_memory_usage\t1000000\nreadonly\t1\n',
    );
    const fat = await world.ask('SELECT length(groupArray(number)) FROM numbers(500000000)');
    expect(spoken(fat)).toMatch(/Code: 241|MEMORY_LIMIT/);
  });
});

describe('what an analyst may ask', () => {
  const ALLOWED: readonly [string, string][] = [
    ['SELECT count() FROM t', '3\n'],
    ['FROM t SELECT max(id)', '3\n'],
    ['(SELECT 1)', '1\n'],
    ['WITH 2 AS x SELECT x FROM t LIMIT 1', '2\n'],
    ["SELECT 'file(1); INTO OUTFILE', 1 AS `outfile` -- file(", 'file(1); INTO OUTFILE\t1\n'],
    ["SELECT 'it''s', 'a\\'b; SELECT'", "it\\'s\ta\\'b; SELECT\n"],
    ['SELECT sum(number) FROM numbers(10)', '45\n'],
    ['SELECT count() FROM (SELECT * FROM numbers(5))', '5\n'],
    ["SELECT * FROM values('a Int8', 1, 2)", '1\n2\n'],
    ['EXISTS TABLE t', '1\n'],
    ['SHOW TABLES', 't\n'],
    ['DESCRIBE TABLE t FORMAT TSV', 'id\tUInt32\t\t\t\t\t\nname\tString\t\t\t\t\t\n'],
    ['SELECT 1 SETTINGS max_threads = 1, max_block_size = 1000;', '1\n'],
    ['SELECT 1 AS settings ORDER BY settings', '1\n'],
    ['SET max_threads = 1', ''],
    ['USE relance', ''],
    ['SELECT 1 # a comment', '1\n'],
    ['SELECT 1 /* a /* nested */ comment */ + 1', '2\n'],
  ];

  it.each(ALLOWED)('%s', async (query, text) => {
    expect(spoken(await world.ask(query))).toBe(`200 ${text.trim()}`);
  });

  it('EXPLAIN', async () => {
    expect(spoken(await world.ask('EXPLAIN SELECT * FROM t'))).toContain('ReadFromMergeTree');
  });

  it('by GET too, where writing is refused even to the writer', async () => {
    const get = (query: string, { name, password }: { name: string; password: string }) =>
      fetch(
        `${world.server.url}/?${new URLSearchParams({ query, user: name, password }).toString()}`,
      );
    expect(await (await get('SELECT 1', WRITER)).text()).toBe('1\n');
    expect((await get('DROP TABLE relance.t', WRITER)).status).toBe(403);
  });

  it('with values in placeholders, of any type, that never leak into another query', async () => {
    const query =
      'SELECT {s:String}, {n:Nullable(String)} IS NULL, {a:Array(UInt8)}, {d:DateTime64(3)} FROM t LIMIT 1';
    const params = {
      param_s: "it's \\\\ a\\tb",
      param_n: '\\N',
      param_a: '[1,2]',
      param_d: '2026-11-12 10:00:00.000',
    };
    expect(spoken(await world.ask(query, { params }))).toBe(
      "200 it\\'s \\\\ a\\tb\t1\t[1,2]\t2026-11-12 10:00:00.000",
    );
    // A name put in later could be that of a table which analysts may not read.
    const named = await world.ask('SELECT {i:Identifier} FROM t', { params: { param_i: 'name' } });
    expect(spoken(named)).toMatch(/^\d+ Code: 497\./);
    expect(spoken(await world.ask('SELECT {s:String}'))).toMatch(/^400 Code: 456\./);
    const rows = await world.analyst.query({
      query:
        'SELECT id FROM relance.t WHERE id IN {ids:Array(UInt32)} AND name != {not:String} ORDER BY id',
      query_params: { ids: [1, 3, 9], not: "'; DROP TABLE t" },
      format: 'JSONEachRow',
    });
    expect(await rows.json()).toEqual([{ id: 1 }, { id: 3 }]);
  });
});

describe('the protocol', () => {
  it('greets without a password and asks for one after', async () => {
    for (const path of ['/ping', '/', '/replicas_status']) {
      const answer = await fetch(`${world.server.url}${path}`);
      expect([path, answer.status, await answer.text()]).toEqual([path, 200, 'Ok.\n']);
    }
    const url = `${world.server.url}/?query=SELECT+1`;
    expect((await fetch(url)).status).toBe(401);
    const basic = (user: string, password: string) => ({
      Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    });
    expect((await fetch(url, { headers: basic('analyst', 'wrong') })).status).toBe(403);
    expect((await fetch(url, { headers: basic('default', '') })).status).toBe(403);
    expect((await fetch(url, { headers: basic('analyst', 'analyst-secret') })).status).toBe(200);
    expect((await fetch(`${url}&user=analyst&password=analyst-secret`)).status).toBe(200);
    expect((await fetch(`${world.server.url}/other`)).status).toBe(404);
  });

  it('answers in the format of the query, else of the request, and says which', async () => {
    const own = await world.ask('SELECT 1 AS a FORMAT JSONCompactEachRow', {
      params: { default_format: 'CSV' },
    });
    expect([own.text, own.headers.get('x-clickhouse-format')]).toEqual([
      '[1]\n',
      'JSONCompactEachRow',
    ]);
    const asked = await world.ask("SELECT 'a'", { params: { default_format: 'CSV' } });
    expect([asked.text, asked.headers.get('x-clickhouse-format')]).toEqual(['"a"\n', 'CSV']);
    const header = await world.ask('SELECT 1 AS a', {
      headers: { 'X-ClickHouse-Format': 'JSONEachRow' },
    });
    expect(header.text).toBe('{"a":1}\n');
    const id = await world.ask('SELECT 1', { params: { query_id: 'mine-1' } });
    expect(id.headers.get('x-clickhouse-query-id')).toBe('mine-1');
  });

  const STREAMED = [
    'JSONEachRow',
    'JSONCompactEachRowWithNamesAndTypes',
    'CSVWithNames',
    'TabSeparatedWithNamesAndTypes',
    'RowBinaryWithNamesAndTypes',
    'RowBinaryWithNames',
    'JSON',
    'JSONCompact',
    'CSV',
  ];

  it.each(STREAMED)('gives a large answer in %s whole and once', async (format) => {
    const query = `SELECT number AS n, toString(number) AS s FROM numbers(200000) FORMAT ${format}`;
    const { text } = await world.ask(query);
    const small = await world.ask(query.replace('200000', '0'));
    const part = await world.ask(query.replace('numbers(200000)', 'numbers(199999, 1)'));
    expect(small.status).toBe(200);
    const rows = format.startsWith('RowBinary')
      ? text.length
      : text.split('\n').filter((line) => /\d/.test(line)).length;
    expect(rows).toBeGreaterThanOrEqual(200_000);
    if (format.startsWith('JSON') && !format.includes('Row')) {
      const parsed = JSON.parse(text) as { rows: number; data: unknown[] };
      expect([parsed.rows, parsed.data.length]).toEqual([200_000, 200_000]);
    } else {
      // The header once, then the rows; the last row as it is alone.
      expect(text.startsWith(small.text)).toBe(true);
      expect(text.indexOf(small.text, 1)).toBe(small.text === '' ? 1 : -1);
      expect(text.endsWith(part.text.slice(small.text.length))).toBe(true);
    }
  });

  it('packs with gzip both ways when asked', async () => {
    const headers = { 'Accept-Encoding': 'gzip' };
    const plain = await fetch(`${world.server.url}/?user=analyst&password=analyst-secret`, {
      method: 'POST',
      body: gzipSync('SELECT sum(number) FROM numbers(5)'),
      headers: { 'Content-Encoding': 'gzip' },
    });
    expect(await plain.text()).toBe('10\n');
    expect(plain.headers.get('content-encoding')).toBeNull();
    const packed = await world.ask('SELECT * FROM numbers(100000)', {
      headers,
      params: { enable_http_compression: '1' },
    });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(packed.text.split('\n').length).toBe(100_001);
    const bomb = gzipSync(Buffer.alloc(70 * 1024 * 1024, 32));
    expect(gunzipSync(gzipSync('x')).toString()).toBe('x');
    const refused = await fetch(`${world.server.url}/?user=relance&password=${WRITER.password}`, {
      method: 'POST',
      body: bomb,
      headers: { 'Content-Encoding': 'gzip' },
    });
    expect(refused.status).toBe(413);
    const lz4 = await world.ask('SELECT 1', { params: { compress: '1' } });
    expect(spoken(lz4)).toMatch(/^501 .*compress=0/);
  });

  it('serves the official client with compression, and insert formats', async () => {
    const client = connect({ url: world.server.url, user: WRITER.name, password: WRITER.password });
    await client.command({
      query: 'CREATE TABLE relance.forms (a UInt8, b String) ENGINE = Memory',
    });
    for (const [format, body] of [
      ['CSV', '1,"x"\n2,y\n'],
      ['TSV', '3\tz\n'],
      ['JSONCompactEachRow', '[4,"w"]\n'],
    ] as const) {
      const query = `INSERT INTO relance.forms (a, b) FORMAT ${format}`;
      const { status, text } = await (async () => {
        const url = `${world.server.url}/?${new URLSearchParams({ query, user: 'relance', password: WRITER.password }).toString()}`;
        const response = await fetch(url, { method: 'POST', body });
        return { status: response.status, text: await response.text() };
      })();
      expect(`${status} ${text}`).toBe('200 ');
    }
    await client.command({ query: "INSERT INTO relance.forms VALUES (5, 'v')" });
    const rows = await client.query({
      query: 'SELECT sum(a) AS n FROM relance.forms',
      format: 'JSON',
    });
    expect((await rows.json<{ n: string }>()).data).toEqual([{ n: 15 }]);
    const bad = await fetch(
      `${world.server.url}/?${new URLSearchParams({ query: 'INSERT INTO relance.forms FORMAT JSONEachRow', user: 'relance', password: WRITER.password }).toString()}`,
      { method: 'POST', body: '{"a":"not a number"}\n' },
    );
    expect(`${bad.status} ${await bad.text()}`).toMatch(/^400 Code: 27\./);
    await client.close();
  });

  it('breaks an answer off when the query fails in the middle', async () => {
    const started = world.ask(
      'SELECT throwIf(number = 2000000) FROM numbers(3000000) FORMAT JSONEachRow',
    );
    await expect(started).rejects.toThrow();
  });

  it('tells errors with number and status as ClickHouse does', async () => {
    expect(spoken(await world.ask('SELECT * FROM nowhere'))).toMatch(
      /^404 Code: 60\..*UNKNOWN_TABLE/s,
    );
    expect(spoken(await world.ask('SELEKT 1'))).toMatch(/^403 Code: 497\./);
    expect(spoken(await world.ask('SELECT 1 +'))).toMatch(/^400 Code: 62\./);
    expect(spoken(await world.ask('SELECT 1', { params: { database: 'nowhere' } }))).toMatch(
      /^(400|404|500) Code: 81\./,
    );
    expect(spoken(await world.ask(`SELECT '${'x'.repeat(300_000)}'`))).toMatch(/^413 Code: 66\./);
  });

  it('takes the settings that drivers send', async () => {
    const params = {
      send_progress_in_http_headers: '1',
      http_headers_progress_interval_ms: '1000',
      wait_end_of_query: '1',
      session_id: 'abc',
      client_protocol_version: '54405',
      max_result_rows: '0',
      result_overflow_mode: 'throw',
      output_format_json_quote_64bit_integers: '1',
      session_timezone: 'Europe/Paris',
    };
    const answer = await world.ask(
      'SELECT toUInt64(1) AS a, toString(toDateTime(0)) AS b FORMAT JSONEachRow',
      { params },
    );
    expect(spoken(answer)).toBe('200 {"a":"1","b":"1970-01-01 01:00:00"}');
    // And the next query does not inherit them.
    expect((await world.ask('SELECT toUInt64(1) AS a FORMAT JSONEachRow')).text).toBe('{"a":1}\n');
  });
});
