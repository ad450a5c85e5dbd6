import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Replies, Reply, ReplyAnswer } from '#libs/application';
import { readTwilioReply, validateTwilioSignature, type InboundSms } from '#libs/channel-sms';
import type { Locale } from '#libs/kernel';
import { classifyReply } from '#libs/policy';
import { HttpRefusal } from '../http/problems.js';

/** What the web hooks of the SMS provider work with. */
export interface TwilioRoutesOptions {
  readonly replies: Replies;
  /** Absent where no provider is set: then no signature holds. */
  readonly authToken: string | undefined;
  /** The address as entered at the provider, which it signs. */
  readonly publicUrl: string;
  readonly locale: Locale;
}

const FORM_MAX_BYTES = 64 * 1024;

const TEXTS: Readonly<Record<Locale, Partial<Record<ReplyAnswer, string>>>> = {
  fr: {
    help: 'Répondez STOP pour ne plus recevoir nos SMS, START pour les recevoir de nouveau.',
    resumed: 'Vous recevrez de nouveau nos SMS. Répondez STOP pour les arrêter.',
    no_consent:
      'Nous n’avons pas votre accord pour vous écrire par SMS : rien ne vous sera envoyé.',
  },
  en: {
    help: 'Reply STOP to receive no more texts from us, START to receive them again.',
    resumed: 'You will receive our texts again. Reply STOP to end them.',
    no_consent: 'We do not have your consent to text you: nothing will be sent.',
  },
};

/** A refusal that either reader hears is one: who did not mean it can write START. */
function intentOf(sms: InboundSms): Reply['intent'] {
  if (sms.intent === 'stop' || classifyReply(sms.body) === 'stop') return 'stop';
  return sms.intent;
}

/** The language of the word they wrote, else that of this installation. */
function localeOf(sms: InboundSms, fallback: Locale): Locale {
  if (/\b(help|start|unstop|yes)\b/i.test(sms.body)) return 'en';
  return /\b(aide|oui|reprendre)\b/i.test(sms.body) ? 'fr' : fallback;
}

function twiml(text: string | undefined): string {
  const inner = text === undefined ? '' : `<Message>${text}</Message>`;
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${inner}</Response>`;
}

function signedForm(
  request: FastifyRequest,
  options: TwilioRoutesOptions,
): Readonly<Record<string, string>> {
  const body = typeof request.body === 'string' ? request.body : '';
  const params = Object.fromEntries(new URLSearchParams(body));
  const signature = request.headers['x-twilio-signature'];
  const isGenuine = validateTwilioSignature(
    options.authToken ?? '',
    options.publicUrl + request.url,
    params,
    typeof signature === 'string' ? signature : undefined,
  );
  if (!isGenuine) throw new HttpRefusal('RLN-2011');
  return params;
}

/** Replies to text messages, as Twilio hands them on. */
export function twilioRoutes(scope: FastifyInstance, options: TwilioRoutesOptions): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    '*',
    { parseAs: 'string', bodyLimit: FORM_MAX_BYTES },
    (_request, body, done) => done(null, body),
  );
  scope.post('/webhooks/twilio/inbound', async (request, reply) => {
    const read = readTwilioReply(signedForm(request, options));
    if (!read.ok) throw new HttpRefusal('RLN-2013', { fr: 'aucune réponse', en: 'no reply in it' });
    const sms = read.value;
    const answer = await options.replies.hear({
      id: sms.messageSid,
      from: sms.from,
      intent: intentOf(sms),
    });
    const text = TEXTS[localeOf(sms, options.locale)][answer];
    return reply.header('content-type', 'text/xml; charset=utf-8').send(twiml(text));
  });
}
