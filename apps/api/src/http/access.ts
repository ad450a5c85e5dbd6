import type { FastifyRequest } from 'fastify';
import type { AccessKey, AccessKeys } from '#libs/application';
import { HttpRefusal } from './problems.js';

/** The key in a request's headers: Basic, Bearer, X-Write-Key or X-Api-Key; empty without one. */
export function keyInHeaders(request: FastifyRequest): string {
  const { authorization } = request.headers;
  if (typeof authorization === 'string') {
    const [scheme = '', given = ''] = authorization.split(' ', 2);
    if (/^bearer$/i.test(scheme)) return given;
    if (/^basic$/i.test(scheme)) {
      // The key is the user's name, or the password where there is no name.
      const [name = '', ...rest] = Buffer.from(given, 'base64').toString('utf8').split(':');
      return name === '' ? rest.join(':') : name;
    }
  }
  const own = request.headers['x-write-key'] ?? request.headers['x-api-key'];
  return typeof own === 'string' ? own : '';
}

/** The program that calls. Throws a refusal: 401 without a known key, 403 with a public one. */
export async function requireProgram(
  request: FastifyRequest,
  keys: AccessKeys,
): Promise<AccessKey> {
  const key = await keys.find(keyInHeaders(request));
  if (key === null) throw new HttpRefusal('RLN-2001');
  if (key.kind !== 'api') throw new HttpRefusal('RLN-2012');
  return key;
}
