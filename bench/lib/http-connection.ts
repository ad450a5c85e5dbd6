import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A server's answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * One kept-alive connection that sends prepared requests one after the other. A client library
 * costs as much processor as the server it measures; this one leaves that to the server.
 */
export class HttpConnection {
  private received: Buffer = Buffer.alloc(0);
  private resolve: ((answer: HttpAnswer) => void) | undefined;
  private reject: ((error: Error) => void) | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('closed')));
  }

  static async open(port: number): Promise<HttpConnection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new HttpConnection(socket);
  }

  /** Sends a whole request, head and body; resolves with its answer. */
  send(request: Buffer): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      // A server closes what stays idle; a destroyed socket takes what is written without a word.
      if (this.socket.destroyed) {
        reject(new Error('closed'));
        return;
      }
      this.resolve = resolve;
      this.reject = reject;
      this.socket.write(request);
    });
  }

  close(): void {
    this.reject = undefined;
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const headEnd = this.received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.received.toString('latin1', 0, headEnd);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    const bodyStart = headEnd + HEAD_END.length;
    if (this.received.length < bodyStart + length) return;
    const body = this.received.toString('utf8', bodyStart, bodyStart + length);
    this.received = this.received.subarray(bodyStart + length);
    const { resolve } = this;
    this.resolve = undefined;
    resolve?.({ status: Number(head.slice(9, 12)), body });
  }

  private fail(error: Error): void {
    const { reject } = this;
    this.reject = undefined;
    reject?.(error);
  }
}

/** A request with a JSON body, ready to be written. */
export function postRequest(path: string, writeKey: string, body: string): Buffer {
  const authorization = Buffer.from(`${writeKey}:`).toString('base64');
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Authorization: Basic ${authorization}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    '',
  ].join('\r\n');
  return Buffer.from(head + body);
}
