import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createGzip, type Gzip } from 'node:zlib';
import type { Cost } from './engine.js';
import { contentType } from './formats.js';
import { failureOf } from './refusal.js';

/** How an answer is written. */
export interface AnswerOptions {
  readonly queryId: string;
  readonly format: string;
  readonly wantsGzip: boolean;
}

/** What an answer cost, as ClickHouse's clients read it. */
function summary(cost: Cost): string {
  return JSON.stringify({
    read_rows: String(cost.readRows),
    read_bytes: String(cost.readBytes),
    written_rows: String(cost.writtenRows),
    written_bytes: String(cost.writtenBytes),
    total_rows_to_read: '0',
    result_rows: String(cost.writtenRows),
    result_bytes: String(cost.writtenBytes),
    elapsed_ns: String(Math.round(cost.elapsedSeconds * 1e9)),
  });
}

/** Headers that every answer carries. */
export function commonHeaders(response: ServerResponse, queryId: string): void {
  response.setHeader('X-ClickHouse-Query-Id', queryId);
  response.setHeader('X-ClickHouse-Server-Display-Name', 'relance');
  response.setHeader('X-ClickHouse-Timezone', 'UTC');
  response.setHeader('Cache-Control', 'no-store');
}

/** Writes one answer: headers with the first piece, then the pieces as fast as they are taken. */
export class Answer {
  readonly #response: ServerResponse;
  readonly #options: AnswerOptions;
  #gzip: Gzip | null = null;

  constructor(response: ServerResponse, options: AnswerOptions) {
    this.#response = response;
    this.#options = options;
    commonHeaders(response, options.queryId);
  }

  /** Takes a piece; resolves when the client has room for more, or is gone. */
  readonly piece = async (bytes: Uint8Array): Promise<void> => {
    this.#start(null);
    const target = this.#gzip ?? this.#response;
    if (bytes.length === 0 || this.#response.destroyed) return;
    if (target.write(bytes)) return;
    const gone = new AbortController();
    const stop = (): void => gone.abort();
    this.#response.once('close', stop);
    await once(target, 'drain', { signal: gone.signal }).catch(() => undefined);
    this.#response.off('close', stop);
  };

  /** Ends a good answer. */
  end(cost: Cost | null): void {
    this.#start(cost);
    (this.#gzip ?? this.#response).end();
  }

  /** Ends a bad one: with its status, or, when the answer has begun, by breaking it off. */
  fail(error: unknown): void {
    if (this.#response.headersSent) {
      const text = `\n${failureOf(error).text}\n`;
      // Without its proper end no client takes half an answer for a whole one.
      (this.#gzip ?? this.#response).write(text, () => this.#response.destroy());
      return;
    }
    sendFailure(this.#response, error);
  }

  #start(cost: Cost | null): void {
    const response = this.#response;
    if (response.headersSent || this.#gzip !== null) return;
    response.setHeader('Content-Type', contentType(this.#options.format));
    response.setHeader('X-ClickHouse-Format', this.#options.format);
    if (cost !== null) response.setHeader('X-ClickHouse-Summary', summary(cost));
    if (!this.#options.wantsGzip) {
      response.writeHead(200);
      return;
    }
    response.writeHead(200, { 'Content-Encoding': 'gzip' });
    this.#gzip = createGzip({ level: 3 });
    this.#gzip.pipe(response);
  }
}

/** Sends an exception as ClickHouse does. */
export function sendFailure(response: ServerResponse, error: unknown): void {
  const { code, text, status } = failureOf(error);
  response.removeHeader('Content-Encoding');
  response.setHeader('X-ClickHouse-Exception-Code', String(code));
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  if (status === 401) response.setHeader('WWW-Authenticate', 'Basic realm="ClickHouse"');
  if (status === 503) response.setHeader('Retry-After', '5');
  // What was not read of the request would be taken for the next one.
  if (!response.req.complete) response.setHeader('Connection', 'close');
  response.writeHead(status);
  response.end(`${text}\n`);
}
