import { sha256 } from '@noble/hashes/sha2.js';
import { canonicalJson } from './json.js';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

function utf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) {
      bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    } else {
      bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63));
      bytes.push(0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
  }
  return Uint8Array.from(bytes);
}

/** Lower-case RFC 4648 base32 without padding. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32[(buffer >>> bits) & 31];
      buffer &= (1 << bits) - 1;
    }
  }
  if (bits > 0) text += BASE32[(buffer << (5 - bits)) & 31];
  return text;
}

/**
 * 16 bytes of SHA-256 over the parts. Every part is preceded by its length, so that ('ab','c') and
 * ('a','bc') differ. Stable for ever: ids, groups and arms are derived from it.
 */
export function hashBytes(...parts: readonly string[]): Uint8Array {
  return sha256(utf8(parts.map((part) => `${part.length}:${part}`).join(''))).slice(0, 16);
}

/** 128-bit stable hash as 26 characters of base32. */
export function hashId(...parts: readonly string[]): string {
  return base32(hashBytes(...parts));
}

/** 128-bit stable hash as a UUID-shaped text, for columns of type uuid. */
export function hashUuid(...parts: readonly string[]): string {
  const hex = Array.from(hashBytes(...parts), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

/** Unsigned 32-bit stable hash. */
export function hash32(...parts: readonly string[]): number {
  const bytes = hashBytes(...parts);
  return (
    (((bytes[0] ?? 0) << 24) |
      ((bytes[1] ?? 0) << 16) |
      ((bytes[2] ?? 0) << 8) |
      (bytes[3] ?? 0)) >>>
    0
  );
}

/** A number in [0, 1) from a stable hash: chance without randomness. */
export function hashUnit(...parts: readonly string[]): number {
  const bytes = hashBytes(...parts);
  let value = 0;
  for (let index = 0; index < 6; index += 1) value = value * 256 + (bytes[index] ?? 0);
  return value / 2 ** 48;
}

/** Content hash of a value: equal canonical JSON gives an equal hash. */
export function contentHash(value: unknown): string {
  return hashId('content', canonicalJson(value));
}

const PART_OFFSET = 0x811c9dc5;
const PART_PRIME = 0x01000193;

/**
 * A hash of a key in 32 bits, not negative: FNV-1a over UTF-16 code units, then an avalanche. Used on
 * hot paths, where SHA-256 would be the larger cost; never for ids or groups.
 */
export function keyHash(key: string): number {
  let hash = PART_OFFSET;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), PART_PRIME);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  return hash >>> 0;
}

/** The partition of a key. */
export function partOf(key: string, parts: number): number {
  return keyHash(key) % parts;
}
