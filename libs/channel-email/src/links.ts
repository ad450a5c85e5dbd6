import { createHmac, timingSafeEqual } from 'node:crypto';
import { assert, fail, ok, type Result } from '#libs/kernel';

/** The installation's secret for links: at least 32 bytes. A list verifies old links by older keys. */
export type LinkKey = string | Uint8Array;

/** What a signed link says: which delivery, and what for. Nothing personal, no address. */
export type LinkClaim =
  | { readonly kind: 'click'; readonly deliveryId: string; readonly linkIndex: number }
  | {
      readonly kind: 'unsubscribe';
      readonly deliveryId: string;
      /** The purpose or list left. */
      readonly purpose: string;
      readonly channel: 'email' | 'sms';
    };

const VERSION = 1;
const KEY_MIN_BYTES = 32;
const MAC_BYTES = 16;
const TOKEN_MAX_CHARACTERS = 1_024;
const LINK_MAX = 1_000;
const PREFIX = { click: 'c', unsubscribe: 'u' } as const;

/**
 * The path of a link, `/c/PAYLOAD.MAC` or `/u/PAYLOAD.MAC`: payload in base64url, MAC the first
 * 128 bits of HMAC-SHA-256 over the kind and the payload, so that no token serves another route.
 * Deterministic: a repeated rendering gives the same link.
 */
export function signLink(key: LinkKey, claim: LinkClaim): string {
  const fields =
    claim.kind === 'click'
      ? [VERSION, claim.linkIndex, claim.deliveryId]
      : [VERSION, claim.channel, claim.purpose, claim.deliveryId];
  const payload = Buffer.from(JSON.stringify(fields)).toString('base64url');
  const prefix = PREFIX[claim.kind];
  return `/${prefix}/${payload}.${mac(key, prefix, payload).toString('base64url')}`;
}

/**
 * Reads a path (or a whole URL) made by `signLink`. Anything altered, cut, of another kind or
 * another key is `bad_link`; the comparison takes the same time whatever differs.
 */
export function verifyLink(
  keys: LinkKey | readonly LinkKey[],
  url: string,
): Result<LinkClaim, 'bad_link'> {
  const found = /\/(c|u)\/([\w-]+)\.([\w-]+)(?:[?#].*)?$/.exec(url);
  const [, prefix, payload, signature] = found ?? [];
  if (prefix === undefined || payload === undefined || signature === undefined) {
    return fail('bad_link');
  }
  if (payload.length + signature.length > TOKEN_MAX_CHARACTERS) return fail('bad_link');
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== MAC_BYTES || given.toString('base64url') !== signature) {
    return fail('bad_link');
  }
  const candidates = isKeyList(keys) ? keys : [keys];
  const isGenuine = candidates.some((key) => timingSafeEqual(mac(key, prefix, payload), given));
  return isGenuine ? readClaim(prefix, payload) : fail('bad_link');
}

function isKeyList(keys: LinkKey | readonly LinkKey[]): keys is readonly LinkKey[] {
  return Array.isArray(keys);
}

function mac(key: LinkKey, prefix: string, payload: string): Buffer {
  assert(Buffer.byteLength(key) >= KEY_MIN_BYTES, 'a link key has 32 bytes or more');
  const digest = createHmac('sha256', key).update(`relance-link:${prefix}:${payload}`).digest();
  return digest.subarray(0, MAC_BYTES);
}

/** Only after the MAC: what is read here was written by `signLink`, perhaps by an older version. */
function readClaim(prefix: string, payload: string): Result<LinkClaim, 'bad_link'> {
  const fields: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  if (!Array.isArray(fields) || fields[0] !== VERSION) return fail('bad_link');
  if (prefix === PREFIX.click) {
    const [, linkIndex, deliveryId] = fields as unknown[];
    if (!isIndex(linkIndex) || typeof deliveryId !== 'string') return fail('bad_link');
    return ok({ kind: 'click', deliveryId, linkIndex });
  }
  const [, channel, purpose, deliveryId] = fields as unknown[];
  if (channel !== 'email' && channel !== 'sms') return fail('bad_link');
  if (typeof purpose !== 'string' || typeof deliveryId !== 'string') return fail('bad_link');
  return ok({ kind: 'unsubscribe', deliveryId, purpose, channel });
}

function isIndex(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < LINK_MAX;
}
