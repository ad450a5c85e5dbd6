import { randomBytes, randomInt, randomUUID, scrypt, timingSafeEqual } from 'node:crypto';
import { keyHashOf } from '../../capture/access-keys.js';
import type { AccessSecrets } from './ports.js';

/** Cost of one password: about 60 ms and 32 MB, so that guesses are dear. */
const COST = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const HASH_BYTES = 32;
const SALT_BYTES = 16;
// Without those that look alike: a password is read from a screen and typed.
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, COST, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

/** Secrets by Node's own cryptography: scrypt for passwords, SHA-256 for what is random already. */
export const nodeSecrets: AccessSecrets = {
  newToken: () => randomBytes(32).toString('base64url'),
  newId: () => randomUUID(),
  hashToken: keyHashOf,
  async hashPassword(password) {
    const salt = randomBytes(SALT_BYTES);
    const key = await derive(password, salt);
    return `scrypt$${COST.N}$${salt.toString('base64url')}$${key.toString('base64url')}`;
  },
  async isPassword(password, hash) {
    const [kind, cost, salt = '', key = ''] = hash.split('$');
    const given = await derive(password, Buffer.from(salt, 'base64url'));
    const held = Buffer.from(key, 'base64url');
    const isReadable = kind === 'scrypt' && cost === String(COST.N) && held.length === HASH_BYTES;
    return isReadable && timingSafeEqual(given, held);
  },
  newPassword: () =>
    Array.from({ length: 4 }, () =>
      Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join(''),
    ).join('-'),
};
