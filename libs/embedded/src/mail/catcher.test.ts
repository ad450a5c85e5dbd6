import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startMailCatcher, type CaughtEnvelope, type MailCatcher } from './catcher.js';
import { parseCaughtMail } from './parse.js';

const open: MailCatcher[] = [];
afterEach(async () => {
  for (const catcher of open.splice(0)) await catcher.close();
});

type OnMessage = (raw: Buffer, envelope: CaughtEnvelope) => Promise<void>;

async function start(onMessage: OnMessage): Promise<MailCatcher> {
  const catcher = await startMailCatcher({ port: 0, onMessage });
  open.push(catcher);
  return catcher;
}

/** Says the lines one by one, each after the reply to the one before; gives all the replies. */
async function converse(port: number, lines: readonly string[]): Promise<string[]> {
  const socket = connect(port, '127.0.0.1');
  const replies: string[] = [];
  let said = 0;
  let pending = '';
  socket.on('data', (chunk) => {
    pending += chunk.toString();
    const last = /(?:^|\r\n)(\d{3}) [^\r]*\r\n$/.exec(pending)?.[1];
    if (last === undefined) return;
    replies.push(last);
    pending = '';
    const line = lines[said];
    said += 1;
    if (line === undefined) socket.end();
    else socket.write(`${line}\r\n`);
  });
  await once(socket, 'close');
  return replies;
}

const ENVELOPE = ['EHLO me', 'MAIL FROM:<b@r.example>', 'RCPT TO:<camille@example.test>', 'DATA'];

describe('the catcher', () => {
  it('keeps a message before it says so', async () => {
    const steps: string[] = [];
    const caught: { raw: Buffer; envelope: CaughtEnvelope }[] = [];
    const catcher = await start(async (raw, envelope) => {
      await new Promise((resolve) => setImmediate(resolve));
      caught.push({ raw, envelope });
      steps.push('stored');
    });
    const replies = await converse(catcher.port, [
      ...ENVELOPE,
      'Subject: hi\r\n\r\n..dot\r\n.',
      'QUIT',
    ]);
    steps.push('answered');
    expect(replies).toEqual(['220', '250', '250', '250', '354', '250', '221']);
    expect(steps).toEqual(['stored', 'answered']);
    expect(caught[0]?.envelope).toEqual({ from: 'b@r.example', to: ['camille@example.test'] });
    expect(caught[0]?.raw.toString()).toBe('Subject: hi\r\n\r\n.dot\r\n');
  });

  it('says "try again" when it could not store, and too big when it is', async () => {
    const catcher = await start(() => Promise.reject(new Error('no room')));
    expect((await converse(catcher.port, [...ENVELOPE, 'x\r\n.', 'QUIT'])).at(-2)).toBe('451');
    const big = `${'x'.repeat(70)}\r\n`.repeat(32 * 1024);
    expect((await converse(catcher.port, [...ENVELOPE, `${big}.`, 'QUIT'])).at(-2)).toBe('552');
  });

  it('refuses a port that is taken', async () => {
    const catcher = await start(() => Promise.resolve());
    const second = startMailCatcher({ port: catcher.port, onMessage: () => Promise.resolve() });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('a caught mail', () => {
  it('is read with its delivery id', async () => {
    const raw = Buffer.from(
      [
        'From: =?UTF-8?Q?Maison_Lumi=C3=A8re?= <bonjour@maison.example>',
        'To: Camille <camille@example.test>',
        'Subject: =?UTF-8?Q?No=C3=ABl?=',
        'Message-ID: <abc@maison.example>',
        'X-Relance-Delivery: e7/welcome#1',
        'Content-Type: multipart/alternative; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain; charset=utf-8',
        '',
        'Bonjour é',
        '--b',
        'Content-Type: text/html; charset=utf-8',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        '<p>Bonjour =C3=A9</p>',
        '--b--',
        '',
      ].join('\r\n'),
    );
    const mail = await parseCaughtMail(raw);
    expect(mail).toMatchObject({
      to: ['camille@example.test'],
      from: 'Maison Lumière <bonjour@maison.example>',
      subject: 'Noël',
      deliveryId: 'e7/welcome#1',
      messageId: '<abc@maison.example>',
    });
    expect(mail.html).toContain('<p>Bonjour é</p>');
    expect(mail.text.trim()).toBe('Bonjour é');
  });

  it('has its delivery id whole, encoded or not', async () => {
    const raw = 'X-Relance-Delivery: =?UTF-8?Q?e7/fid=C3=A9lit=C3=A9#1?=\r\n\r\nhello';
    expect(await parseCaughtMail(Buffer.from(raw))).toMatchObject({ deliveryId: 'e7/fidélité#1' });
  });

  it('of another program, or broken, is still a mail', async () => {
    expect(await parseCaughtMail(Buffer.from('Subject: x\r\n\r\nhello'))).not.toHaveProperty(
      'deliveryId',
    );
    await expect(parseCaughtMail(Buffer.from([0, 255, 13, 10, 58, 58]))).resolves.toBeDefined();
    await expect(parseCaughtMail(Buffer.alloc(0))).resolves.toMatchObject({ subject: '' });
  });
});
