import { hash } from 'node:crypto';
import { msgKeyOf } from '#libs/contracts';

// Printable ASCII, where a text is as long in bytes as in characters.
const PLAIN = /^[ -~]*$/;

/** `msgKeyOf` by the machine's own SHA-256: the consumer makes thousands a second. */
export function eventKeyOf(messageId: string): string {
  if (!PLAIN.test(messageId)) return msgKeyOf(messageId);
  const hex = hash('sha256', `7:message${messageId.length}:${messageId}`, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
