import { hashUuid } from '#libs/kernel';

const MAX_NAME_LENGTH = 120;

/**
 * The one spelling of an event's name: `Order Completed`, `orderCompleted` and `order-completed` all
 * fold to `order_completed`. Deterministic and idempotent; letters of any script are kept; cut at
 * 120 characters; empty when nothing but punctuation was given.
 */
export function foldName(original: string): string {
  return original
    .normalize('NFKC')
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1_$2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, '_')
    .slice(0, MAX_NAME_LENGTH)
    .replace(/^_+|_+$/g, '');
}

/** The key of an event everywhere after the log: a 128-bit hash of its message id, as a UUID. */
export function msgKeyOf(messageId: string): string {
  return hashUuid('message', messageId);
}
