import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const ACCOUNT = { accountSid: 'AC0123456789abcdef', authToken: 'secret-token' };

/** What one request said, once credentials, path and form were found right. */
export type TwilioForm = Readonly<Record<string, string>>;

export interface TwilioStandIn {
  readonly apiUrl: string;
  readonly forms: readonly TwilioForm[];
  /** Requests of any kind, refused ones included. */
  readonly requests: () => number;
  close(): Promise<void>;
}

/** Answers a form that is right; by default as Twilio does when it takes a message. */
export type Answer = (response: ServerResponse, form: TwilioForm) => void;

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const taken: Answer = (response, form) => {
  json(response, 201, {
    sid: `SM${form['To']}`,
    status: 'queued',
    num_segments: '1',
    to: form['To'],
  });
};

/** A server that checks what Twilio checks: method, path, credentials, type and fields of the form. */
export async function startTwilio(answer: Answer = taken): Promise<TwilioStandIn> {
  const forms: TwilioForm[] = [];
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    void read(request).then((body) => {
      const form = Object.fromEntries(new URLSearchParams(body));
      const refusal = check(request, form);
      if (refusal !== undefined) return json(response, refusal.status, refusal);
      forms.push(form);
      return answer(response, form);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forms,
    requests: () => requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

function check(request: IncomingMessage, form: TwilioForm) {
  const { accountSid, authToken } = ACCOUNT;
  const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  if (request.headers.authorization !== expected) {
    return { status: 401, code: 20003, message: 'Authenticate' };
  }
  const path = `/2010-04-01/Accounts/${accountSid}/Messages.json`;
  if (request.method !== 'POST' || request.url !== path) {
    return { status: 404, code: 20404, message: 'The requested resource was not found' };
  }
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) {
    return { status: 400, code: 20001, message: 'Unknown parameters' };
  }
  if (form['To'] === undefined) return { status: 400, code: 21604, message: 'A To is required' };
  if (form['Body'] === undefined)
    return { status: 400, code: 21602, message: 'A Body is required' };
  if (form['From'] === undefined && form['MessagingServiceSid'] === undefined) {
    return { status: 400, code: 21603, message: 'A From is required' };
  }
  return undefined;
}
