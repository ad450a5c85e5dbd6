import type { ChannelSender, SendFailure, SendResult, SmsMessage } from '#libs/application';
import { assert } from '#libs/kernel';
import { countSegments } from './segments.js';

/** The account at Twilio, or at what stands in for it. */
export interface TwilioSenderOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** Without a trailing path; a proxy or a stand-in. Default `https://api.twilio.com`. */
  readonly apiUrl?: string;
  /** One request, connecting included. */
  readonly timeoutMs?: number;
  /** How long `close` waits for what is in hand. */
  readonly closeTimeoutMs?: number;
}

type Failed = Extract<SendResult, { kind: 'failed' }>;

const TEXT_MAX_CHARACTERS = 1_600;
const DETAIL_MAX = 300;

/** Codes of Twilio's error dictionary that say more than "refused". */
const CODES: Readonly<Record<number, SendFailure>> = {
  20003: 'auth_failed',
  20429: 'deferred',
  21211: 'invalid_address',
  21217: 'invalid_address',
  21219: 'invalid_address',
  21265: 'invalid_address',
  21407: 'invalid_address',
  21421: 'invalid_address',
  21614: 'invalid_address',
  21610: 'opted_out',
  21408: 'sender_refused',
  21212: 'sender_refused',
  21603: 'sender_refused',
  21606: 'sender_refused',
  21612: 'sender_refused',
  21659: 'sender_refused',
  21660: 'sender_refused',
  21703: 'sender_refused',
  21705: 'sender_refused',
  21611: 'deferred',
  21617: 'too_large',
  30450: 'content_refused',
};
const RETRYABLE: ReadonlySet<SendFailure> = new Set(['auth_failed', 'deferred']);

/** Faults after which no byte of the request can have reached anyone. */
const NOT_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * Sends SMS by Twilio's REST API, each at most once: Twilio has no idempotency key, so a request
 * whose answer is unknown (a time-out, a cut connection, a 5xx) is `uncertain` and not repeated.
 */
export function createTwilioSender(options: TwilioSenderOptions): ChannelSender {
  const { timeoutMs = 30_000, closeTimeoutMs = 8_000 } = options;
  const closing = new AbortController();
  const inHand = new Set<Promise<SendResult>>();
  let isClosed = false;
  return {
    channel: 'sms',
    async send(message, signal) {
      assert(message.channel === 'sms', 'an SMS for the SMS sender');
      if (isClosed) return failed('connection_lost', 'the sender is closed', true);
      if (signal.aborted) return failed('aborted', 'aborted before it was sent', true);
      if (message.text.length > TEXT_MAX_CHARACTERS) {
        return failed('too_large', `over ${TEXT_MAX_CHARACTERS} characters`, false);
      }
      const deadline = AbortSignal.timeout(timeoutMs);
      const ending = AbortSignal.any([signal, closing.signal, deadline]);
      const attempted = attempt(message, options, ending);
      inHand.add(attempted);
      try {
        return await attempted;
      } finally {
        inHand.delete(attempted);
      }
    },
    async close() {
      isClosed = true;
      const timer = setTimeout(() => closing.abort(), closeTimeoutMs);
      await Promise.all(inHand);
      clearTimeout(timer);
    },
  };
}

async function attempt(
  message: SmsMessage,
  options: TwilioSenderOptions,
  signal: AbortSignal,
): Promise<SendResult> {
  const { accountSid, authToken, apiUrl = 'https://api.twilio.com' } = options;
  const account = encodeURIComponent(accountSid);
  const url = `${apiUrl.replace(/\/+$/, '')}/2010-04-01/Accounts/${account}/Messages.json`;
  const credentials = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
  const sender = message.from.startsWith('MG') ? 'MessagingServiceSid' : 'From';
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}`, accept: 'application/json' },
      body: new URLSearchParams({ To: message.to, [sender]: message.from, Body: message.text }),
      // A redirect would carry the credentials and the message elsewhere.
      redirect: 'manual',
      signal,
    });
    const body = await response.json().catch(() => undefined);
    return outcomeOf(response.status, asRecord(body), message);
  } catch (error) {
    return faultOf(error);
  }
}

function outcomeOf(
  status: number,
  body: Readonly<Record<string, unknown>>,
  message: SmsMessage,
): SendResult {
  const { sid } = body;
  if (status >= 200 && status < 300) {
    if (typeof sid !== 'string')
      return { kind: 'uncertain', detail: `HTTP ${status} without a sid` };
    const refusedLater = body['status'] === 'failed' || body['status'] === 'undelivered';
    if (refusedLater) return refusal(status, Number(body['error_code']), body['error_message']);
    const charged = Number(body['num_segments']);
    // A messaging service splits later and says 0 now.
    const segments = charged > 0 ? charged : countSegments(message.text).segments;
    return { kind: 'accepted', provider: 'twilio', providerId: sid, segments };
  }
  if (status >= 500) return { kind: 'uncertain', detail: `HTTP ${status}` };
  return refusal(status, Number(body['code']), body['message']);
}

function refusal(status: number, code: number, text: unknown): Failed {
  const known = CODES[code] ?? byStatus(status);
  const detail = `HTTP ${status}, ${code || 'no code'}: ${typeof text === 'string' ? text : ''}`;
  return failed(known, masked(detail), RETRYABLE.has(known));
}

function byStatus(status: number): SendFailure {
  if (status === 401 || status === 403) return 'auth_failed';
  return status === 429 ? 'deferred' : 'rejected';
}

function faultOf(error: unknown): SendResult {
  const cause = asRecord(asRecord(error)['cause']);
  const text = error instanceof Error ? error.message : String(error);
  const codes = [cause, ...causesOf(cause)].map((one) => String(one['code']));
  const detail = masked(`${codes[0] === 'undefined' ? '' : `${codes[0]}: `}${text}`);
  const isUnsent = codes.length > 0 && codes.every((code) => NOT_CONNECTED.has(code));
  return isUnsent ? failed('no_connection', detail, true) : { kind: 'uncertain', detail };
}

/** A host with several addresses fails with the errors of all of them. */
function causesOf(cause: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>[] {
  const { errors } = cause;
  return Array.isArray(errors) ? errors.map(asRecord) : [];
}

function failed(code: SendFailure, detail: string, retryable: boolean): Failed {
  return { kind: 'failed', code, detail, retryable };
}

/** Twilio quotes the number in its sentences; numbers stay out of what we keep. */
function masked(text: string): string {
  return text.replace(/\+?\d[\d ]{7,}\d/g, '(number)').slice(0, DETAIL_MAX);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
