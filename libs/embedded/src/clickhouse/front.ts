import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Answer, commonHeaders, sendFailure } from './answer.js';
import type { Engine } from './engine.js';
import type { Guard } from './guard.js';
import { planOf } from './plan.js';
import { readRequest, type ClickHouseUser } from './request.js';

/** What the front serves. */
export interface FrontOptions {
  readonly engine: Engine;
  readonly guard: Guard;
  readonly users: readonly ClickHouseUser[];
}

/** The running front. */
export interface Front {
  readonly port: number;
  /** Takes no more requests and calls off those of analysts; resolves when none is left. */
  close(): Promise<void>;
}

/** Aborts when the client hangs up before it has its answer. */
function hangUp(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

async function answerQuery(
  options: FrontOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const signal = hangUp(response);
  const asked = await readRequest(request, options.users);
  const queryId = asked.queryId === '' ? randomUUID() : asked.queryId;
  response.setHeader('X-ClickHouse-Query-Id', queryId);
  const plan = planOf(asked, signal, options.guard);
  const format = plan.kind === 'run' ? plan.job.format : asked.format;
  const answer = new Answer(response, { queryId, format, wantsGzip: asked.wantsGzip });
  try {
    if (plan.kind === 'run') answer.end(await options.engine.run(plan.job, answer.piece));
    else if (plan.kind === 'insert') answer.end(await options.engine.insert(plan.job));
    else answer.end(null);
  } catch (error) {
    if (!response.destroyed) answer.fail(error);
  }
}

function greet(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=UTF-8' });
  response.end('Ok.\n');
}

function route(options: FrontOptions, request: IncomingMessage, response: ServerResponse): void {
  commonHeaders(response, randomUUID());
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (request.method !== 'GET' && request.method !== 'POST') {
    response.writeHead(405, { Allow: 'GET, POST' });
    response.end();
  } else if (pathname === '/ping' || pathname === '/replicas_status') {
    greet(response);
  } else if (pathname !== '/') {
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=UTF-8' });
    response.end(`There is no handle ${pathname}\n`);
  } else if (request.method === 'GET' && !searchParams.has('query')) {
    greet(response);
  } else {
    answerQuery(options, request, response).catch((error: unknown) => {
      if (!response.headersSent && !response.destroyed) sendFailure(response, error);
      else response.destroy();
    });
  }
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Longest that requests in hand may take at a stop. */
const CLOSE_WITHIN_MS = 3_000;

/** Serves ClickHouse's HTTP protocol on 127.0.0.1; port 0 takes a free one. */
export async function startFront(options: FrontOptions, port: number): Promise<Front> {
  const server = createServer((request, response) => route(options, request, response));
  server.keepAliveTimeout = 30_000;
  server.requestTimeout = 120_000;
  const bound = await listening(server, port);
  return {
    port: bound,
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
