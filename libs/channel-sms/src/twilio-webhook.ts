import { fail, ok, type Result } from '#libs/kernel';
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { readReply, type ReplyIntent } from './reply.js';

/**
 * Whether a form came from Twilio: HMAC-SHA-1 of the public URL, exactly as it is entered at
 * Twilio, and of the sorted parameters. To be asked before anything else is read.
 */
export function validateTwilioSignature(
  authToken: string,
  url: string,
  params: Readonly<Record<string, string>>,
  signature: string | undefined,
): boolean {
  if (authToken === '' || signature === undefined || signature === '') return false;
  return validateRequest(authToken, signature, url, { ...params });
}

/** A reply of a person to one of our messages. */
export interface InboundSms {
  /** The id to dedupe by: Twilio repeats a webhook it got no answer to. */
  readonly messageSid: string;
  /** E.164. */
  readonly from: string;
  /** Our number or short code. */
  readonly to: string;
  readonly body: string;
  readonly intent: ReplyIntent;
}

/** Reads a form whose signature holds. Refuses what is no inbound message. */
export function readTwilioReply(
  params: Readonly<Record<string, string>>,
): Result<InboundSms, 'not_a_reply'> {
  const messageSid = params['MessageSid'] ?? params['SmsSid'];
  const { From: from, To: to, Body: body = '', OptOutType: optOut } = params;
  if (messageSid === undefined || from === undefined || to === undefined)
    return fail('not_a_reply');
  return ok({ messageSid, from, to, body, intent: intentOf(body, optOut) });
}

/** What Twilio took for a refusal is one, whatever we read in it; the reverse does not hold. */
function intentOf(body: string, optOut: string | undefined): ReplyIntent {
  const read = readReply(body);
  if (optOut === 'STOP' || read === 'stop') return 'stop';
  if (optOut === 'START') return 'start';
  return optOut === 'HELP' ? 'help' : read;
}
