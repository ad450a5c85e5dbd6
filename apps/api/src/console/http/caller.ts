import type { FastifyRequest } from 'fastify';
import type { Access, Principal } from '#libs/application';
import type { Locale } from '#libs/kernel';

/** Cookie of a session. */
export const SESSION_COOKIE = 'relance_session';

/** Who sent a request, and by what. */
export interface Caller {
  readonly principal: Principal | null;
  /** Set where a cookie brought it: such requests must come from the console itself. */
  readonly sessionToken: string | null;
}

const MAX_COOKIE = 8_192;

function cookieOf(header: string | undefined, name: string): string | null {
  if (header === undefined || header.length > MAX_COOKIE) return null;
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

function keyOf({ headers }: FastifyRequest): string | null {
  const given = headers['x-api-key'];
  if (typeof given === 'string') return given.trim();
  const [scheme = '', credentials = ''] = (headers.authorization ?? '').split(/\s+/, 2);
  if (/^bearer$/i.test(scheme)) return credentials;
  if (!/^basic$/i.test(scheme)) return null;
  // As with the write key: the key is the user's name, or the password where there is no name.
  const [name = '', ...rest] = Buffer.from(credentials, 'base64').toString('utf8').split(':');
  return name === '' ? rest.join(':') : name;
}

/** A key counts before a cookie: a program on a signed-in machine is still a program. */
export async function callerOf(request: FastifyRequest, access: Access): Promise<Caller> {
  const key = keyOf(request);
  if (key !== null) return { principal: await access.programOf(key), sessionToken: null };
  const token = cookieOf(request.headers.cookie, SESSION_COOKIE);
  if (token === null || token === '') return { principal: null, sessionToken: null };
  return { principal: await access.personOf(token), sessionToken: token };
}

function sameHost(origin: string, hosts: readonly (string | undefined)[]): boolean {
  return URL.canParse(origin) && hosts.includes(new URL(origin).host);
}

/**
 * Whether a request that changes something comes from the console's own pages. Browsers send Origin
 * with such requests; one without it counts only where the browser vouches for the same site.
 */
export function isFromConsole(request: FastifyRequest, publicUrl: string): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return request.headers['sec-fetch-site'] === 'same-origin';
  return sameHost(origin, [host, new URL(publicUrl).host]);
}

/** The cookie of a session, or the one that ends it. */
export function sessionCookie(
  token: string,
  options: { readonly isSecure: boolean; readonly maxAgeSeconds: number },
): string {
  const secure = options.isSecure ? '; Secure' : '';
  const age = `Max-Age=${options.maxAgeSeconds}`;
  return `${SESSION_COOKIE}=${token}; Path=/; HttpOnly; SameSite=Lax; ${age}${secure}`;
}

/** The first of French and English that the caller asks for; French where it asks for neither. */
export function localeOf(request: FastifyRequest): Locale {
  const wished = (request.headers['accept-language'] ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...params] = part.trim().toLowerCase().split(';');
      const weight = params.find((param) => param.trim().startsWith('q='));
      return { tag, weight: weight === undefined ? 1 : Number(weight.trim().slice(2)) };
    })
    .filter(({ tag, weight }) => weight > 0 && /^(fr|en)\b/.test(tag))
    .sort((left, right) => right.weight - left.weight);
  return wished[0]?.tag.startsWith('en') === true ? 'en' : 'fr';
}
