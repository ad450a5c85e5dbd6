import { Transform, type Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelSender, EmailMessage, SendResult } from '#libs/application';
import { assert } from '#libs/kernel';
import nodemailer, { type SendMailOptions } from 'nodemailer';
import DKIM from 'nodemailer/lib/dkim';
import { refused, smtpOutcome, type Handover, type SmtpError } from './smtp-outcome.js';

/** One DKIM key; a stream (marketing, transactional) has a domain and a key of its own. */
export interface DkimKey {
  readonly domainName: string;
  readonly keySelector: string;
  /** PEM. */
  readonly privateKey: string;
}

/** How e-mail leaves. */
export interface SmtpSenderOptions {
  /** `smtp://user:pass@host:port?...`, `smtps://...`: nodemailer's syntax. */
  readonly url: string;
  /** The provider's name in results: `smtp` (default), or `sandbox` for the catcher. */
  readonly provider?: string;
  readonly dkim?: DkimKey;
  readonly connections?: number;
  readonly messagesPerConnection?: number;
  /** A bound over all connections; without it none. */
  readonly messagesPerSecond?: number;
  /** TCP and TLS set-up. */
  readonly connectTimeoutMs?: number;
  readonly greetingTimeoutMs?: number;
  /** Silence on an open connection, the wait for the reply to the final dot included. */
  readonly silenceTimeoutMs?: number;
  /** One message from the call of `send`, waiting for a connection included. */
  readonly messageTimeoutMs?: number;
  /** How long `close` waits for what is in hand. */
  readonly closeTimeoutMs?: number;
}

/** The default of nodemailer leaves out what RFC 8058 asks to be signed. */
const SIGNED_HEADERS =
  'From:To:Reply-To:Subject:Date:Message-ID:MIME-Version:Content-Type:Content-Transfer-Encoding:' +
  'List-Id:List-Unsubscribe:List-Unsubscribe-Post:Feedback-ID';
const RESERVED = new Set([
  'pool',
  'maxRequeues',
  'logger',
  'debug',
  'transactionLog',
  'disableFileAccess',
  'disableUrlAccess',
  'lmtp',
]);
const ADDRESS = /^[^\s@<>(),;:"\\[\]]{1,64}@[^\s@<>(),;:"\\[\]]{1,255}$/;
const SENDER = /(?:^|<)[^\s@<>]{1,64}@[^\s@<>]{1,255}>?$/;

type MailData = SendMailOptions & { readonly handover: Handover };

/**
 * The sender of e-mail: a pool of SMTP connections that hands each message over at most once.
 * Nodemailer's own re-sending is off: it cannot tell a message that was lost from one that was
 * taken. The same sender serves the sandbox, whose catcher speaks SMTP.
 */
export function createSmtpSender(options: SmtpSenderOptions): ChannelSender {
  const transport = createTransport(options);
  const { provider = 'smtp', messageTimeoutMs = 120_000, closeTimeoutMs = 8_000 } = options;
  const inHand = new Set<Promise<SendResult>>();
  const attempt = async (message: EmailMessage, signal: AbortSignal): Promise<SendResult> => {
    const handover: Handover = { state: 'none' };
    const bound = boundedBy(signal, messageTimeoutMs);
    const data: MailData = { ...mailData(message), signal: bound.signal, handover };
    try {
      const info = await transport.sendMail(data);
      return { kind: 'accepted', provider, providerId: info.serverMessageId ?? message.messageId };
    } catch (error) {
      const late: SmtpError = {
        code: 'ETIMEDOUT',
        message: `no end within ${messageTimeoutMs} ms`,
      };
      return smtpOutcome(bound.isLate() ? late : (error as SmtpError), handover);
    } finally {
      bound.release();
    }
  };
  return {
    channel: 'email',
    async send(message, signal) {
      assert(message.channel === 'email', 'an e-mail for the e-mail sender');
      if (!ADDRESS.test(message.to)) return refused('invalid_address', 'not an address');
      // Without an address here, the message would leave with the null sender of bounces.
      if (!SENDER.test(message.from)) return refused('sender_refused', 'no address to send from');
      const attempted = attempt(message, signal);
      inHand.add(attempted);
      try {
        return await attempted;
      } finally {
        inHand.delete(attempted);
      }
    },
    async close() {
      transport.close();
      const cutOff = new AbortController();
      const bound = delay(closeTimeoutMs, 'late' as const, { signal: cutOff.signal, ref: false });
      const ended = Promise.all(inHand).then(() => 'ended' as const);
      const outcome = await Promise.race([ended, bound]);
      cutOff.abort();
      await bound.catch(() => undefined);
      if (outcome === 'late') transport.close({ force: true });
      await ended;
    },
  };
}

function createTransport(options: SmtpSenderOptions) {
  const transport = nodemailer.createTransport({
    url: withoutReserved(options.url),
    pool: true,
    maxRequeues: 0,
    maxConnections: options.connections ?? 5,
    maxMessages: options.messagesPerConnection ?? 1_000,
    ...(options.messagesPerSecond === undefined ? {} : { rateLimit: options.messagesPerSecond }),
    connectionTimeout: options.connectTimeoutMs ?? 10_000,
    greetingTimeout: options.greetingTimeoutMs ?? 10_000,
    socketTimeout: options.silenceTimeoutMs ?? 60_000,
    idleTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const signer = options.dkim === undefined ? undefined : dkimSigner(options.dkim);
  // The stages run in this order: the signature first, as it reads the whole message, and then the
  // mark, so that the mark falls when the last byte goes to the connection and not before.
  transport.use('stream', (mail, done) => {
    if (signer !== undefined) mail.message.processFunc((input: Readable) => signer.sign(input));
    const { handover } = mail.data as MailData;
    mail.message.processFunc((input: Readable) => markedAtEnd(input, handover));
    done();
  });
  return transport;
}

function mailData(message: EmailMessage): SendMailOptions {
  return {
    to: { name: '', address: message.to },
    from: message.from,
    ...(message.replyTo === undefined ? {} : { replyTo: message.replyTo }),
    ...(message.envelopeFrom === undefined
      ? {}
      : { envelope: { from: message.envelopeFrom, to: message.to } }),
    subject: message.subject,
    html: message.html,
    text: message.text,
    headers: { ...message.headers, 'X-Relance-Delivery': message.deliveryId },
    messageId: message.messageId,
    xMailer: false,
  };
}

function dkimSigner(key: DkimKey): DKIM {
  return new DKIM({ ...key, headerFieldNames: SIGNED_HEADERS });
}

/** What leaves in one call to the system, as far as there is so much. */
const PIECE_BYTES = 65_536;

/**
 * A stage that joins the small pieces a message is built in, each of which would be a call to the
 * system of its own, and notes the end just before the final dot is written.
 */
function markedAtEnd(input: Readable, handover: Handover): Readable {
  let pieces: Buffer[] = [];
  let bytes = 0;
  const joined = (): Buffer => {
    const whole = Buffer.concat(pieces);
    pieces = [];
    bytes = 0;
    return whole;
  };
  const stage = new Transform({
    transform: (piece: Buffer, _encoding, done) => {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes < PIECE_BYTES) done();
      else done(null, joined());
    },
    flush: (done) => done(null, joined()),
  });
  stage.once('end', () => {
    handover.state = 'complete';
  });
  // An error of the input destroys the stage with it, which nodemailer reports.
  input.once('error', (error) => stage.destroy(error));
  return input.pipe(stage);
}

/** One signal out of the caller's and a time-out; unlike `AbortSignal.timeout` it can be let go. */
function boundedBy(signal: AbortSignal, timeoutMs: number) {
  const controller = new AbortController();
  let late = false;
  const onAbort = () => controller.abort(signal.reason);
  const timer = setTimeout(() => {
    late = true;
    controller.abort();
  }, timeoutMs);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    isLate: () => late,
    release: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}

/**
 * Query parameters win over options in nodemailer; those that would bring re-sending back, write
 * messages to the console, or let a message read files are taken out of the URL.
 */
function withoutReserved(url: string): string {
  const [base, query] = url.split('?', 2);
  if (base === undefined || query === undefined) return url;
  const kept = query.split('&').filter((pair) => {
    const name = decodeURIComponent(pair.split('=')[0] ?? '');
    return !RESERVED.has(name);
  });
  return kept.length === 0 ? base : `${base}?${kept.join('&')}`;
}
