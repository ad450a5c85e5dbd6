import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

/** Who a message was for, as said before its body. */
export interface CaughtEnvelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** How the sandbox takes mail. */
export interface MailCatcherOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host?: string;
  /** Stores the message; only then does the sender hear that it was taken. */
  readonly onMessage: (raw: Buffer, envelope: CaughtEnvelope) => Promise<void>;
  /** Told when storing fails; the sender hears "try again" at the same time. */
  readonly onError?: (error: unknown) => void;
}

/** A mail server that delivers to nobody. */
export interface MailCatcher {
  readonly host: string;
  readonly port: number;
  /** Takes no new connection, lets the messages in hand end, then cuts what is left. */
  close(): Promise<void>;
}

const MESSAGE_MAX_BYTES = 2 * 1024 * 1024;
const RECIPIENTS_MAX = 100;
const CLOSE_TIMEOUT_MS = 3_000;

/** An SMTP refusal: the code is what the client hears. */
class SmtpRefusal extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The sandbox's SMTP server: no login, no TLS, 2 MB a message. It answers 250 only after
 * `onMessage` has resolved, and 451 when it rejects, so that an accepted message is a stored one.
 * Rejects with `EADDRINUSE` where the port is taken.
 */
export async function startMailCatcher(options: MailCatcherOptions): Promise<MailCatcher> {
  const host = options.host ?? '127.0.0.1';
  const server = new SMTPServer({
    banner: 'Relance sandbox: nothing leaves this machine',
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    size: MESSAGE_MAX_BYTES,
    closeTimeout: CLOSE_TIMEOUT_MS,
    onRcptTo(_address, session, done) {
      const isFull = session.envelope.rcptTo.length >= RECIPIENTS_MAX;
      done(isFull ? new SmtpRefusal(452, '4.5.3 too many recipients') : null);
    },
    onData(stream, session, done) {
      take(stream, session, options).then(
        () => done(),
        (error: unknown) => done(refusalOf(error, options)),
      );
    },
  });
  // A client that goes away in mid-sentence is no fault of this server.
  server.on('error', () => undefined);
  const port = await listen(server, options.port, host);
  return { host, port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

async function take(
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  options: MailCatcherOptions,
): Promise<void> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Read to the end all the same: the reply has its place after the final dot.
    if (bytes <= MESSAGE_MAX_BYTES) chunks.push(chunk);
  }
  if (stream.sizeExceeded || bytes > MESSAGE_MAX_BYTES) {
    throw new SmtpRefusal(552, '5.3.4 message too big');
  }
  const { mailFrom, rcptTo } = session.envelope;
  const from = mailFrom === false ? '' : mailFrom.address;
  await options.onMessage(Buffer.concat(chunks), {
    from,
    to: rcptTo.map(({ address }) => address),
  });
}

function refusalOf(error: unknown, options: MailCatcherOptions): SmtpRefusal {
  if (error instanceof SmtpRefusal) return error;
  options.onError?.(error);
  return new SmtpRefusal(451, '4.3.0 not stored, try again');
}

function listen(server: SMTPServer, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error) => reject(error);
    server.once('error', onError);
    server.listen(port, host, () => {
      server.off('error', onError);
      resolve((server.server.address() as AddressInfo).port);
    });
  });
}
