import { createHash, createVerify, generateKeyPairSync } from 'node:crypto';
import type { ChannelSender, EmailMessage } from '#libs/application';
import { afterEach, describe, expect, it } from 'vitest';
import { messageIdFor } from './message-id.js';
import { createSmtpSender, type SmtpSenderOptions } from './smtp-sender.js';
import { startProgrammed, type ProgrammedOptions } from './smtp-stages.testing.js';
import { unsubscribeLinks } from './unsubscribe.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource.close();
});

async function taking(options: ProgrammedOptions = {}) {
  const server = await startProgrammed('dot', { reply: '250 2.0.0 Ok: queued as 4XyZ12' }, options);
  open.push(server);
  return server;
}

function sender(url: string, options: Partial<SmtpSenderOptions> = {}): ChannelSender {
  const made = createSmtpSender({ url, closeTimeoutMs: 500, ...options });
  open.push(made);
  return made;
}

const DELIVERY = 'mfrggzdfmztwq2lkmfrggzdfmz/relance-panier#1';
const message: EmailMessage = {
  channel: 'email',
  deliveryId: DELIVERY,
  to: 'zoe@example.test',
  from: 'Maison Lumière <bonjour@maison-lumen.example>',
  replyTo: 'contact@maison-lumen.example',
  envelopeFrom: 'b+1@bounce.maison-lumen.example',
  subject: 'Votre panier vous attend, Zoé\r\nBcc: intrus@example.test',
  html: `<p>${'Bonjour Zoé. '.repeat(40)}</p>`,
  text: 'Bonjour Zoé\n.\n..\nFin',
  headers: {
    ...unsubscribeLinks({
      baseUrl: 'https://r.maison-lumen.example',
      key: 'k'.repeat(32),
      deliveryId: DELIVERY,
      purpose: 'marketing',
    }).headers,
    'List-Id': 'Maison Lumen <marketing.maison-lumen.example>',
    'Feedback-ID': 'relance-panier:maison-lumen:marketing:shop',
  },
  messageId: messageIdFor(DELIVERY, 'bonjour@maison-lumen.example'),
};
const patient = () => new AbortController().signal;

/** Header fields as received, folded lines and all, in order. */
function fieldsOf(raw: string): { name: string; field: string; value: string }[] {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n') + 2);
  return head.split(/\r\n(?![ \t])/).flatMap((field) => {
    const colon = field.indexOf(':');
    if (colon === -1) return [];
    const value = field
      .slice(colon + 1)
      .replace(/\r\n/g, '')
      .trim();
    return [{ name: field.slice(0, colon).toLowerCase(), field, value }];
  });
}

describe('a message on the wire', () => {
  it('carries what receivers ask of bulk mail, and no header that a value smuggled in', async () => {
    const server = await taking();
    const result = await sender(server.url).send(message, patient());
    expect(result).toEqual({ kind: 'accepted', provider: 'smtp', providerId: expect.any(String) });
    const fields = fieldsOf(server.messages[0] ?? '');
    const value = (name: string) =>
      fields.filter((one) => one.name === name).map((one) => one.value);
    expect(value('x-relance-delivery')).toEqual([DELIVERY]);
    expect(value('message-id')).toEqual([message.messageId]);
    expect(value('list-unsubscribe')).toEqual([message.headers['List-Unsubscribe']]);
    expect(value('list-unsubscribe-post')).toEqual(['List-Unsubscribe=One-Click']);
    expect(value('list-id')).toEqual(['Maison Lumen <marketing.maison-lumen.example>']);
    expect(value('feedback-id')).toEqual(['relance-panier:maison-lumen:marketing:shop']);
    expect(value('reply-to')).toEqual(['contact@maison-lumen.example']);
    expect(value('to')).toEqual(['zoe@example.test']);
    expect(value('bcc')).toEqual([]);
    expect(value('x-mailer')).toEqual([]);
    for (const name of ['from', 'date', 'subject', 'mime-version', 'content-type']) {
      expect(value(name)).toHaveLength(1);
    }
  });

  it('is the same for a repeat, but for its date and boundaries', async () => {
    const server = await taking();
    const made = sender(server.url);
    await made.send(message, patient());
    await made.send(message, patient());
    const ids = server.messages.map((raw) =>
      fieldsOf(raw).find(({ name }) => name === 'message-id'),
    );
    expect(ids[0]).toEqual(ids[1]);
    expect(server.connections()).toBe(1);
  });

  it('goes to the address with its user and password, as nodemailer writes them', async () => {
    const credentials = { user: 'us@er', pass: 'p:ss/w' };
    const server = await taking({ credentials });
    const at = server.url.slice('smtp://'.length);
    const right = `smtp://us%40er:p%3Ass%2Fw@${at}?name=client.example`;
    expect(await sender(right).send(message, patient())).toMatchObject({ kind: 'accepted' });
    const refusal = { kind: 'failed', code: 'auth_failed', retryable: true };
    expect(await sender(`smtp://us%40er:no@${at}`).send(message, patient())).toMatchObject(refusal);
    expect(await sender(server.url).send(message, patient())).toMatchObject(refusal);
    expect(server.messages).toHaveLength(1);
  });

  it('is signed so that a verifier which knows nothing of us agrees', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const server = await taking();
    const dkim = { domainName: 'maison-lumen.example', keySelector: 'm1', privateKey };
    await sender(server.url, { dkim }).send(message, patient());
    const raw = server.messages[0] ?? '';
    const signature = signatureOf(raw);
    expect(signature).toMatchObject({ d: 'maison-lumen.example', s: 'm1', a: 'rsa-sha256' });
    expect((signature['h'] ?? '').toLowerCase().split(':')).toEqual(
      expect.arrayContaining([
        'from',
        'to',
        'subject',
        'list-unsubscribe',
        'list-unsubscribe-post',
      ]),
    );
    expect(verifies(raw, publicKey)).toBe(true);
    expect(verifies(raw.replace('One-Click', 'Two-Click'), publicKey)).toBe(false);
    expect(verifies(raw.replace('Fin', 'Fim'), publicKey)).toBe(false);
  });
});

function signatureOf(raw: string): Record<string, string> {
  const field = fieldsOf(raw).find(({ name }) => name === 'dkim-signature');
  const tags = (field?.value ?? '').split(';').filter((tag) => tag.includes('='));
  return Object.fromEntries(
    tags.map((tag) => {
      const equals = tag.indexOf('=');
      return [tag.slice(0, equals).trim(), tag.slice(equals + 1).replace(/\s/g, '')];
    }),
  );
}

/** RFC 6376, relaxed/relaxed with rsa-sha256, written from the standard. */
function verifies(raw: string, publicKey: string): boolean {
  const signature = signatureOf(raw);
  const body = raw.slice(raw.indexOf('\r\n\r\n') + 4);
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''));
  const relaxed = `${lines.join('\r\n').replace(/(\r\n)+$/, '')}\r\n`;
  const bodyHash = createHash('sha256').update(relaxed, 'latin1').digest('base64');
  if (bodyHash !== signature['bh']) return false;
  const fields = fieldsOf(raw);
  const canonical = ({ name, field }: { name: string; field: string }) => {
    const value = field.slice(field.indexOf(':') + 1).replace(/\r\n/g, '');
    return `${name}:${value.replace(/[ \t]+/g, ' ').trim()}`;
  };
  const own = fields.find(({ name }) => name === 'dkim-signature');
  const signed = (signature['h'] ?? '').toLowerCase().split(':');
  const parts = signed.flatMap((name) => {
    const index = fields.findLastIndex((field) => field.name === name);
    return index === -1 ? [] : fields.splice(index, 1).map(canonical);
  });
  if (own === undefined) return false;
  parts.push(canonical(own).replace(/(; ?b=)[^;]*/, '$1'));
  const verifier = createVerify('RSA-SHA256').update(parts.join('\r\n'), 'latin1');
  return verifier.verify(publicKey, signature['b'] ?? '', 'base64');
}
