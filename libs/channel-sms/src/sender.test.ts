import type { ChannelSender, SendResult, SmsMessage } from '#libs/application';
import { afterEach, describe, expect, it } from 'vitest';
import { createSandboxSmsSender } from './sandbox-sender.js';
import { createTwilioSender, type TwilioSenderOptions } from './twilio-sender.js';
import {
  ACCOUNT,
  json,
  startTwilio,
  type Answer,
  type TwilioStandIn,
} from './testing/twilio-stand-in.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource.close();
});

async function standIn(answer?: Answer): Promise<TwilioStandIn> {
  const server = await startTwilio(answer);
  open.push(server);
  return server;
}

function sender(apiUrl: string, options: Partial<TwilioSenderOptions> = {}): ChannelSender {
  const made = createTwilioSender({ ...ACCOUNT, apiUrl, closeTimeoutMs: 100, ...options });
  open.push(made);
  return made;
}

function message(changes: Partial<SmsMessage> = {}): SmsMessage {
  return {
    channel: 'sms',
    deliveryId: 'e7/relance#1',
    to: '+33612345678',
    from: '36105',
    text: 'Votre panier vous attend. STOP au 36105',
    ...changes,
  };
}

const patient = () => new AbortController().signal;
const summary = (result: SendResult) =>
  result.kind === 'failed' ? `failed ${result.code} ${result.retryable}` : result.kind;

describe('Twilio', () => {
  it('takes the form that its API asks for', async () => {
    const twilio = await standIn();
    const made = sender(twilio.apiUrl);
    expect(await made.send(message(), patient())).toEqual({
      kind: 'accepted',
      provider: 'twilio',
      providerId: 'SM+33612345678',
      segments: 1,
    });
    await made.send(message({ from: 'MG0123' }), patient());
    expect(twilio.forms).toEqual([
      { To: '+33612345678', From: '36105', Body: 'Votre panier vous attend. STOP au 36105' },
      { To: '+33612345678', MessagingServiceSid: 'MG0123', Body: expect.any(String) as string },
    ]);
  });

  it('refuses other credentials', async () => {
    const twilio = await standIn();
    const result = await sender(twilio.apiUrl, { authToken: 'wrong' }).send(message(), patient());
    expect(summary(result)).toBe('failed auth_failed true');
    expect(twilio.forms).toEqual([]);
  });

  it.each([
    [400, 21610, 'failed opted_out false'],
    [400, 21211, 'failed invalid_address false'],
    [400, 21614, 'failed invalid_address false'],
    [400, 21606, 'failed sender_refused false'],
    [400, 21617, 'failed too_large false'],
    [400, 99999, 'failed rejected false'],
    [429, 20429, 'failed deferred true'],
    [404, 20404, 'failed rejected false'],
    [500, 20500, 'uncertain'],
    [503, 20503, 'uncertain'],
    [302, 0, 'failed rejected false'],
  ])('answers %i with code %i: %s', async (status, code, expected) => {
    const twilio = await standIn((response) =>
      json(response, status, {
        code,
        message: "The 'To' number +33612345678 is not right",
        status,
      }),
    );
    const result = await sender(twilio.apiUrl).send(message(), patient());
    expect(summary(result)).toBe(expected);
    expect(JSON.stringify(result)).not.toContain('612345678');
    expect(twilio.requests()).toBe(1);
  });

  it('may take a message and refuse it in the same answer', async () => {
    const body = { sid: 'SM1', status: 'failed', error_code: 21610, error_message: 'opted out' };
    const twilio = await standIn((response) => json(response, 201, body));
    expect(summary(await sender(twilio.apiUrl).send(message(), patient()))).toBe(
      'failed opted_out false',
    );
  });

  it.each<[string, Answer]>([
    ['cuts the connection', (response) => void response.socket?.destroy()],
    [
      'cuts its answer',
      (response) => {
        response.writeHead(201, { 'content-length': '100' }).write('{"sid"');
        response.socket?.end();
      },
    ],
    ['answers no JSON', (response) => void response.writeHead(200).end('<html>')],
    ['never answers', () => undefined],
  ])('that %s leaves the message uncertain, and is asked once', async (_name, answer) => {
    const twilio = await standIn(answer);
    const result = await sender(twilio.apiUrl, { timeoutMs: 150 }).send(message(), patient());
    expect(summary(result)).toBe('uncertain');
    expect(twilio.requests()).toBe(1);
  });

  it('that is not there has certainly taken nothing', async () => {
    const twilio = await standIn();
    await twilio.close();
    open.length = 0;
    expect(summary(await sender(twilio.apiUrl).send(message(), patient()))).toBe(
      'failed no_connection true',
    );
    const unknown = sender('http://twilio.invalid');
    expect(summary(await unknown.send(message(), patient()))).toBe('failed no_connection true');
  });

  it('is not asked for an aborted message, and what was asked is uncertain when aborted', async () => {
    const controller = new AbortController();
    const twilio = await standIn(() => controller.abort());
    const made = sender(twilio.apiUrl);
    expect(summary(await made.send(message(), controller.signal))).toBe('uncertain');
    expect(summary(await made.send(message(), controller.signal))).toBe('failed aborted true');
    expect(twilio.requests()).toBe(1);
  });

  it('closing lets go of what is in hand and takes nothing more', async () => {
    let asked = (): void => undefined;
    const reached = new Promise<void>((resolve) => (asked = resolve));
    const twilio = await standIn(() => asked());
    const made = sender(twilio.apiUrl);
    const sending = made.send(message(), patient());
    await reached;
    await made.close();
    expect(summary(await sending)).toBe('uncertain');
    expect(summary(await made.send(message(), patient()))).toBe('failed connection_lost true');
  });
});

describe('the sandbox', () => {
  it('keeps the message, with an id that a repeat has again', async () => {
    const kept: unknown[] = [];
    const made = createSandboxSmsSender(async (caught) => void kept.push(caught));
    const first = await made.send(message({ text: 'Fête de Noël à 10 h' }), patient());
    expect(first).toMatchObject({ kind: 'accepted', provider: 'sandbox', segments: 1 });
    expect(await made.send(message({ text: 'Fête de Noël à 10 h' }), patient())).toEqual(first);
    expect(kept[0]).toMatchObject({ to: '+33612345678', deliveryId: 'e7/relance#1', segments: 1 });
  });

  it('can be asked again when it could not keep one', async () => {
    const made = createSandboxSmsSender(() => Promise.reject(new Error('no room')));
    expect(summary(await made.send(message(), patient()))).toBe('failed connection_lost true');
    await made.close();
    expect(summary(await made.send(message(), patient()))).toBe('failed connection_lost true');
  });
});
