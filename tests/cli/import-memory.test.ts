import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRelance } from './cli.js';
import { homeOf } from './home.js';

const MAPPING = 'scenarios/mappings/online-retail.yaml';
const ROWS = 250_000;
const ROWS_AN_INVOICE = 20;
/** Node's own habit is twice this; the rest is room for when the machine is busy. */
const MOST_MB = 200;

let folder: string;
let home: string;
let engine: Server;
/** Set by each test: the command whose memory is looked at, and what was seen. */
const watched = { pid: 0, peakMb: 0, events: 0 };

/** The most a process ever held, as Linux counts it. */
function peakMbOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024;
}

function answerTo(path: string, body: string): unknown {
  if (path === '/api/me') return { workspace: { timezone: 'Europe/Paris' } };
  if (path === '/api/imports') return { id: 'job', state: 'running', accepted: 0, cursor: '' };
  watched.peakMb = peakMbOf(watched.pid);
  watched.events += body === '' ? 0 : body.split('\n').length;
  return { accepted: 0, rejected: [] };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk as string;
  return text;
}

/** An engine that takes whatever it is sent, and looks at the sender while that one waits. */
async function openEngine(): Promise<string> {
  engine = createServer((request, response) => {
    void textOf(request).then((body) =>
      response.end(JSON.stringify(answerTo(request.url ?? '', body))),
    );
  });
  await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(engine.address() as AddressInfo).port}`;
}

function* invoices(): Generator<string> {
  yield 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
  for (let row = 0; row < ROWS; row += 1) {
    const invoice = 500_000 + Math.floor(row / ROWS_AN_INVOICE);
    const item = `${row},WHITE LANTERN WITH HEARTS ${row},3,2011-03-01 08:26:00,4.25`;
    yield `${invoice},${item},${12_346 + (invoice % 4_000)}.0,United Kingdom`;
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relance-memory-'));
  await writeFile(join(folder, 'orders.csv'), [...invoices()].join('\n'));
  home = await homeOf(await openEngine());
});
afterAll(async () => {
  await new Promise((resolve) => engine.close(resolve));
  for (const dir of [folder, home]) await rm(dir, { recursive: true, force: true });
});

test.skipIf(process.platform !== 'linux')(
  `an import of ${ROWS} rows stays under ${MOST_MB} MB and says nothing of how`,
  async () => {
    const args = ['import', 'orders', join(folder, 'orders.csv'), '--mapping', MAPPING];
    const run = startRelance([...args, '--json'], { RELANCE_HOME: home });
    watched.pid = run.pid;
    const { code, err } = await run.ended;
    console.info(`peak ${watched.peakMb.toFixed(0)} MB`);
    expect([code, watched.events]).toEqual([0, ROWS / ROWS_AN_INVOICE]);
    expect(err).not.toMatch(/unrecognized flag/i);
    expect(watched.peakMb).toBeLessThan(MOST_MB);
  },
);
