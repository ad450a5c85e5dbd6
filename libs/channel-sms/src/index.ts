export { normaliseEmail, normalisePhone, phoneKind } from './normalise.js';
export { readReply, type ReplyIntent } from './reply.js';
export { createSandboxSmsSender, type StoreSms } from './sandbox-sender.js';
export {
  countSegments,
  transliterate,
  type SegmentCount,
  type Transliteration,
} from './segments.js';
export { createTwilioSender, type TwilioSenderOptions } from './twilio-sender.js';
export { readTwilioReply, validateTwilioSignature, type InboundSms } from './twilio-webhook.js';
