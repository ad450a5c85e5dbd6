import type { SendFailure, SendResult } from '#libs/application';

/**
 * How far a message got, seen from our side of the connection. `complete` means that the final dot
 * may have left: from then on only the receiver knows.
 */
export interface Handover {
  state: 'none' | 'complete';
}

/** What nodemailer tells of a failed attempt. */
export interface SmtpError {
  readonly message: string;
  readonly code?: string;
  /** The system's code behind nodemailer's: `ECONNREFUSED`. */
  readonly originalCode?: string;
  readonly responseCode?: number;
  readonly response?: string;
  readonly command?: string;
}

type Failed = Extract<SendResult, { kind: 'failed' }>;

const DETAIL_MAX = 300;
const NOT_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * What became of a message whose attempt ended in an error. A 4xx or 5xx reply is a refusal whenever
 * it comes, the reply to the final dot included. Without a reply, the message is `uncertain` once
 * the final dot may have left, and certainly not accepted before.
 */
export function smtpOutcome(error: SmtpError, handover: Handover): SendResult {
  const detail = detailOf(error);
  const reply = error.responseCode;
  if (reply !== undefined && reply >= 400 && reply <= 599) return refusal(reply, error, detail);
  if (handover.state === 'complete') return { kind: 'uncertain', detail };
  return withoutReply(error, detail);
}

/** Our own check before anything is opened. */
export function refused(code: SendFailure, detail: string): Failed {
  return { kind: 'failed', code, detail, retryable: false };
}

/** Without a reply and before the handover: what nodemailer's codes come to. */
const WITHOUT_REPLY: ReadonlyMap<string, readonly [SendFailure, 'retryable' | 'final']> = new Map([
  ['EABORT', ['aborted', 'retryable']],
  ['EDNS', ['no_connection', 'retryable']],
  ['EAUTH', ['auth_failed', 'retryable']],
  ['ENOAUTH', ['auth_failed', 'retryable']],
  ['EOAUTH2', ['auth_failed', 'retryable']],
  ['ETLS', ['tls_failed', 'retryable']],
  ['EREQUIRETLS', ['tls_failed', 'retryable']],
  ['EENVELOPE', ['invalid_address', 'final']],
  ['EMESSAGE', ['too_large', 'final']],
  ['ESTREAM', ['rejected', 'final']],
  ['EFILEACCESS', ['rejected', 'final']],
  ['EURLACCESS', ['rejected', 'final']],
]);

function withoutReply(error: SmtpError, detail: string): Failed {
  const wasRefused = NOT_CONNECTED.has(error.originalCode ?? '');
  const other = [wasRefused ? 'no_connection' : 'connection_lost', 'retryable'] as const;
  const [code, kind] = WITHOUT_REPLY.get(error.code ?? '') ?? other;
  return { kind: 'failed', code, detail, retryable: kind === 'retryable' };
}

function refusal(reply: number, error: SmtpError, detail: string): Failed {
  const isAuth = error.code === 'EAUTH' || reply === 530 || reply === 535;
  if (isAuth) return { kind: 'failed', code: 'auth_failed', detail, retryable: true };
  // 503 is about the session, not the message: it may pass on another connection.
  if (reply < 500 || reply === 503) {
    return { kind: 'failed', code: 'deferred', detail, retryable: true };
  }
  return refused(permanentCode(reply, error), detail);
}

/** RFC 3463, the first that fits; the receivers' own codes for our set-up come before the rest. */
const BY_STATUS: readonly (readonly [RegExp, SendFailure])[] = [
  [/^5\.7\.(?:2\d|3\d|5\d\d)$|^5\.1\.[78]$/, 'sender_refused'],
  [/^5\.1\.|^5\.2\.1$/, 'invalid_address'],
  [/^5\.2\.2$/, 'mailbox_full'],
  [/^5\.2\.3$|^5\.3\.4$/, 'too_large'],
  [/^5\.[67]\./, 'content_refused'],
];
const UNKNOWN_PERSON =
  /user unknown|unknown user|no such (?:user|mailbox|recipient)|does(?: not|n't) exist|unknown recipient|mailbox (?:unavailable|not found)|invalid recipient|address rejected/i;

/** The enhanced status where the server gives one, its wording where it does not. */
function permanentCode(reply: number, error: SmtpError): SendFailure {
  const text = error.response ?? '';
  const status = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(text)?.[1];
  if (error.command === 'MAIL FROM') return reply === 552 ? 'too_large' : 'sender_refused';
  if (status === undefined || status === '5.0.0') {
    if (reply === 552) return 'mailbox_full';
    return UNKNOWN_PERSON.test(text) ? 'invalid_address' : 'rejected';
  }
  return BY_STATUS.find(([pattern]) => pattern.test(status))?.[1] ?? 'rejected';
}

/** Servers quote the recipient in their replies; addresses stay out of what we keep. */
function detailOf(error: SmtpError): string {
  const text = error.response ?? error.message;
  const masked = text.replace(/[^\s<>@,;:"'()]+@[^\s<>@,;:"'()]+/g, '(address)');
  return masked.replace(/\s+/g, ' ').slice(0, DETAIL_MAX);
}
