import { createHmac } from 'node:crypto';
import { base32 } from '#libs/kernel';
import type { Pseudonyms } from './settings.js';

/**
 * Keyed hashes by HMAC-SHA-256, 128 bits in base32. Without the key nobody can try addresses out;
 * with the same key the same people have the same ids in every home.
 */
export function keyedPseudonyms(secret: string): Pseudonyms {
  const keyed = (...parts: readonly string[]): string => {
    const text = parts.map((part) => `${part.length}:${part}`).join('');
    return base32(createHmac('sha256', secret).update(text).digest().subarray(0, 16));
  };
  return {
    profileId: (ns, value, attempt) =>
      attempt === 0 ? keyed('profile', ns, value) : keyed('profile', ns, value, String(attempt)),
    accountId: (ns, value) => keyed('account', ns, value),
    hash: (kind, value) => keyed('value', kind, value),
  };
}
