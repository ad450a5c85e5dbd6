import { generateKeyPairSync } from 'node:crypto';
import type { ChannelSender, EmailMessage, SendResult } from '#libs/application';
import { seededRandom } from '#libs/kernel';
import { afterEach, describe, expect, it } from 'vitest';
import { messageIdFor } from './message-id.js';
import { createSmtpSender, type SmtpSenderOptions } from './smtp-sender.js';
import {
  startProgrammed,
  startScripted,
  type Act,
  type ProgrammedServer,
  type Stage,
} from './smtp-stages.testing.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource.close();
});

async function programmed(stage: Stage, act: Act, pipelining = false): Promise<ProgrammedServer> {
  const server = await startProgrammed(stage, act, { pipelining });
  open.push(server);
  return server;
}

function sender(url: string, options: Partial<SmtpSenderOptions> = {}): ChannelSender {
  const made = createSmtpSender({ url, closeTimeoutMs: 500, ...options });
  open.push(made);
  return made;
}

function message(changes: Partial<EmailMessage> = {}): EmailMessage {
  return {
    channel: 'email',
    deliveryId: 'e7/welcome#1',
    to: 'camille@example.test',
    from: 'Maison Lumen <bonjour@maison-lumen.example>',
    subject: 'Bienvenue',
    html: '<p>Bonjour Camille</p>',
    text: 'Bonjour Camille',
    headers: {},
    messageId: messageIdFor('e7/welcome#1', 'bonjour@maison-lumen.example'),
    ...changes,
  };
}

const patient = () => new AbortController().signal;
const summary = (result: SendResult) =>
  result.kind === 'failed' ? `failed ${result.code} ${result.retryable}` : result.kind;

/** Larger than what two sockets buffer, so that the final dot cannot leave before it is read. */
const HUGE = 'x'.repeat(24 * 1024 * 1024);

describe('a connection that ends', () => {
  const cases: [Stage, string][] = [
    ['greeting', 'failed connection_lost true'],
    ['ehlo', 'failed connection_lost true'],
    ['mail', 'failed connection_lost true'],
    ['rcpt', 'failed connection_lost true'],
    ['data', 'failed connection_lost true'],
    ['dot', 'uncertain'],
  ];
  for (const pipelining of [false, true]) {
    it.each(cases)(`at %s is %s (pipelining ${pipelining})`, async (stage, expected) => {
      const server = await programmed(stage, 'close', pipelining);
      const result = await sender(server.url).send(message(), patient());
      expect(summary(result)).toBe(expected);
      expect(server.connections()).toBe(1);
      expect(server.messages).toHaveLength(stage === 'dot' ? 1 : 0);
    });
  }

  it('in mid-body, with the dot still on our side, is certain', async () => {
    const server = await programmed('body', 'close');
    const result = await sender(server.url).send(message({ text: HUGE }), patient());
    expect(summary(result)).toBe('failed connection_lost true');
    expect(server.messages).toHaveLength(0);
  });

  it('in mid-body, when all of a small message had left already, is uncertain', async () => {
    const server = await programmed('body', 'stall');
    expect(summary(await sender(server.url).send(message(), patient()))).toBe('uncertain');
    expect(server.connections()).toBe(1);
  });

  const laterCases: [Stage, string][] = [
    ['mail', 'failed connection_lost true'],
    ['rcpt', 'failed connection_lost true'],
    ['data', 'failed connection_lost true'],
    ['dot', 'uncertain'],
  ];
  it.each(laterCases)('at %s of a later message on it is %s', async (stage, expected) => {
    const server = await startProgrammed(stage, 'close', { after: 2, pipelining: true });
    open.push(server);
    const made = sender(server.url, { connections: 1 });
    const kinds: string[] = [];
    for (let sent = 0; sent < 3; sent += 1)
      kinds.push(summary(await made.send(message(), patient())));
    expect(kinds).toEqual(['accepted', 'accepted', expected]);
    expect(server.connections()).toBe(1);
    expect(server.messages).toHaveLength(stage === 'dot' ? 3 : 2);
  });

  it('before it began is no connection', async () => {
    const server = await programmed('greeting', 'close');
    await server.close();
    open.length = 0;
    const result = await sender(server.url).send(message(), patient());
    expect(summary(result)).toBe('failed no_connection true');
  });
});

describe('a server that falls silent', () => {
  const short = { greetingTimeoutMs: 80, silenceTimeoutMs: 80 };
  const cases: [Stage, string][] = [
    ['greeting', 'failed connection_lost true'],
    ['ehlo', 'failed connection_lost true'],
    ['mail', 'failed connection_lost true'],
    ['rcpt', 'failed connection_lost true'],
    ['data', 'failed connection_lost true'],
    ['dot', 'uncertain'],
  ];
  it.each(cases)('at %s is %s', async (stage, expected) => {
    const server = await programmed(stage, 'silence');
    expect(summary(await sender(server.url, short).send(message(), patient()))).toBe(expected);
    expect(server.connections()).toBe(1);
  });

  it('is given up after the bound of one message, even where the server keeps talking', async () => {
    const server = await programmed('dot', 'silence');
    const made = sender(server.url, { messageTimeoutMs: 100 });
    expect(summary(await made.send(message(), patient()))).toBe('uncertain');
  });
});

describe('a refusal', () => {
  const cases: [Stage, string, string][] = [
    ['greeting', '554 5.7.1 go away', 'failed content_refused false'],
    ['greeting', '421 4.3.2 later', 'failed deferred true'],
    ['mail', '451 4.3.0 later', 'failed deferred true'],
    ['mail', '550 5.1.8 bad sender', 'failed sender_refused false'],
    ['rcpt', '550 5.1.1 <camille@example.test> user unknown', 'failed invalid_address false'],
    ['rcpt', '550 User unknown', 'failed invalid_address false'],
    ['rcpt', '552 5.2.2 mailbox full', 'failed mailbox_full false'],
    ['rcpt', '450 4.2.1 greylisted', 'failed deferred true'],
    ['data', '421 4.4.5 too many connections', 'failed deferred true'],
    ['dot', '451 4.7.1 try again', 'failed deferred true'],
    ['dot', '554 5.7.1 looks like spam', 'failed content_refused false'],
    ['dot', '550 5.7.26 unauthenticated', 'failed sender_refused false'],
    ['dot', '550 5.7.515 access denied', 'failed sender_refused false'],
    ['dot', '554 transaction failed', 'failed rejected false'],
  ];
  it.each(cases)('at %s with %s is %s', async (stage, reply, expected) => {
    const server = await programmed(stage, { reply });
    const result = await sender(server.url).send(message(), patient());
    expect(summary(result)).toBe(expected);
    expect(JSON.stringify(result)).not.toContain('camille');
  });

  it('comes from us where nobody could answer', async () => {
    const server = await programmed('dot', 'close');
    for (const from of ['', 'Maison Lumen', 'Maison <>']) {
      const result = await sender(server.url).send(message({ from }), patient());
      expect(summary(result)).toBe('failed sender_refused false');
    }
    expect(server.connections()).toBe(0);
  });

  it('leaves the connection fit for the next message', async () => {
    const server = await programmed('rcpt', { reply: '550 5.1.1 user unknown' });
    const made = sender(server.url, { connections: 1 });
    for (let sent = 0; sent < 3; sent += 1) {
      expect(summary(await made.send(message(), patient()))).toBe('failed invalid_address false');
    }
    expect(server.connections()).toBe(1);
  });

  it('comes from us for what is not one address', async () => {
    const server = await programmed('dot', 'close');
    const made = sender(server.url);
    const bad = ['', 'camille', 'a@b, c@d', 'Camille <a@b>', 'a@b\r\nRCPT TO:<c@d>', 'a b@c'];
    for (const to of bad) {
      const result = await made.send(message({ to }), patient());
      expect(summary(result)).toBe('failed invalid_address false');
    }
    expect(server.connections()).toBe(0);
  });
});

describe('a signal', () => {
  it('before the call sends nothing', async () => {
    const server = await programmed('dot', { reply: '250 ok' });
    const result = await sender(server.url).send(message(), AbortSignal.abort());
    expect(summary(result)).toBe('failed aborted true');
    expect(server.messages).toHaveLength(0);
  });

  it.each([
    ['data', 'failed aborted true'],
    ['dot', 'uncertain'],
  ] as [Stage, string][])('while the server is silent at %s is %s', async (stage, expected) => {
    const server = await programmed(stage, 'silence');
    const controller = new AbortController();
    const sending = sender(server.url).send(message(), controller.signal);
    await server.reached;
    controller.abort();
    expect(summary(await sending)).toBe(expected);
  });
});

describe('a relay that fails at random', () => {
  const STAGES: Stage[] = ['greeting', 'ehlo', 'mail', 'rcpt', 'data', 'body', 'dot'];
  const REFUSALS: Partial<Record<Stage, string>> = {
    greeting: '421 4.3.2 busy',
    mail: '451 4.3.0 later',
    rcpt: '450 4.2.1 later',
    data: '451 4.3.0 later',
    dot: '451 4.7.1 later',
  };

  it.each(['a', 'b', 'c', 'd'])('loses no message and doubles none (seed %s)', async (seed) => {
    const random = seededRandom('relay', seed);
    const server = await startScripted(
      (stage) => {
        if (random() > 0.12 || !STAGES.includes(stage)) return undefined;
        const reply = REFUSALS[stage];
        const kind = random();
        if (kind < 0.4 && reply !== undefined) return { reply };
        return kind < 0.9 ? 'close' : 'stall';
      },
      { pipelining: random() < 0.5 },
    );
    open.push(server);
    const made = sender(server.url, { connections: 3 });
    const results = await Promise.all(
      Array.from({ length: 120 }, async (_, index) => {
        const deliveryId = `e${index}/relance#1`;
        const text = 'Bonjour. '.repeat(1 + Math.floor(random() * 2_000));
        const result = await made.send(message({ deliveryId, text }), patient());
        return { deliveryId, kind: result.kind };
      }),
    );
    const kept = server.messages.map((raw) => /^X-Relance-Delivery: (.*)\r$/m.exec(raw)?.[1]);
    expect(new Set(kept).size).toBe(kept.length);
    const wrong = results.filter(({ deliveryId, kind }) => {
      const isKept = kept.includes(deliveryId);
      return (kind === 'failed' && isKept) || (kind === 'accepted' && !isKept);
    });
    expect(wrong).toEqual([]);
    expect(new Set(results.map(({ kind }) => kind))).toEqual(
      new Set(['accepted', 'failed', 'uncertain']),
    );
  });
});

describe('the ordinary case', () => {
  it('tells the id under which the server queued the message', async () => {
    const server = await programmed('dot', { reply: '250 2.0.0 Ok: queued as 4XyZ12' });
    const result = await sender(server.url).send(message(), patient());
    expect(result).toMatchObject({ kind: 'accepted', provider: 'smtp' });
  });

  it('closing waits for what is in hand, within its bound, and then says so', async () => {
    const server = await programmed('dot', 'silence');
    const made = createSmtpSender({ url: server.url, closeTimeoutMs: 50, connections: 1 });
    const first = made.send(message(), patient());
    const queued = made.send(message(), patient());
    await server.reached;
    await made.close();
    expect(summary(await first)).toBe('uncertain');
    expect(summary(await queued)).toBe('failed connection_lost true');
    expect(summary(await made.send(message(), patient()))).toBe('failed connection_lost true');
  });

  it('never sends twice, whatever the address says about it', async () => {
    const server = await programmed('dot', 'close');
    const result = await sender(`${server.url}?maxRequeues=5&lmtp=true`).send(message(), patient());
    expect(summary(result)).toBe('uncertain');
    expect(server.messages).toHaveLength(1);
  });

  it('signing does not blur the classification', async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const dkim = { domainName: 'maison-lumen.example', keySelector: 'm1', privateKey };
    for (const [stage, expected] of [
      ['rcpt', 'failed connection_lost true'],
      ['data', 'failed connection_lost true'],
      ['dot', 'uncertain'],
    ] as [Stage, string][]) {
      const server = await programmed(stage, 'close');
      expect(summary(await sender(server.url, { dkim }).send(message(), patient()))).toBe(expected);
    }
  });
});
