import { timingSafeEqual, createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { refuse } from './refusal.js';
import type { Settings } from './settings.js';

/** An account of the front; the engine itself knows none. */
export interface ClickHouseUser {
  readonly name: string;
  readonly password: string;
  /** `writer` may do anything; `analyst` may only read, within limits. */
  readonly role: 'writer' | 'analyst';
}

/** A request, read and with its sender known. */
export interface Asked {
  readonly user: ClickHouseUser;
  readonly isGet: boolean;
  /** From `?query=`; empty when the body is the query. */
  readonly query: string;
  readonly body: Buffer;
  readonly database: string;
  readonly queryId: string;
  /** Format wanted where the query says none. */
  readonly format: string;
  readonly settings: Settings;
  readonly params: ReadonlyMap<string, string>;
  readonly wantsGzip: boolean;
}

/** Parameters of the protocol that are no settings. */
const CONTROL = new Set(
  (
    'query user password database default_format query_id session_id session_timeout ' +
    'session_check close_session compress decompress quota_key role stacktrace ' +
    'client_protocol_version http_native_compression_disable_checksumming_on_decompress'
  ).split(' '),
);

/** Largest body, after it is unpacked. */
export const BODY_BYTES = 64 * 1024 * 1024;

const header = (request: IncomingMessage, name: string): string => {
  const value = request.headers[name];
  return Array.isArray(value) ? (value[0] ?? '') : (value ?? '');
};

function credentials(request: IncomingMessage, params: URLSearchParams): [string, string] {
  const authorization = header(request, 'authorization');
  if (/^basic /i.test(authorization)) {
    const text = Buffer.from(authorization.slice(6).trim(), 'base64').toString('utf8');
    const colon = text.indexOf(':');
    return colon === -1 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
  }
  const user = header(request, 'x-clickhouse-user');
  if (user !== '') return [user, header(request, 'x-clickhouse-key')];
  return [params.get('user') ?? '', params.get('password') ?? ''];
}

/** Takes as long for any wrong password. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function authenticate(
  request: IncomingMessage,
  params: URLSearchParams,
  users: readonly ClickHouseUser[],
): ClickHouseUser {
  const [name, password] = credentials(request, params);
  if (name === '') throw refuse.passwordRequired('User and password are required');
  const user = users.find((one) => one.name === name);
  if (!isSame(password, user?.password ?? '') || user === undefined || user.password === '') {
    throw refuse.authentication(
      `${name}: Authentication failed: password is incorrect, or there is no user with such name`,
    );
  }
  return user;
}

async function readBounded(stream: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw refuse.tooLarge(`Request body is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** The body, unpacked, at most `BODY_BYTES` whatever it was packed into. */
async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const encoding = header(request, 'content-encoding').toLowerCase();
  if (encoding === '' || encoding === 'identity') return readBounded(request, BODY_BYTES);
  if (encoding !== 'gzip') throw refuse.unsupported(`Content-Encoding ${encoding}: use gzip`);
  const unpacked = createGunzip();
  request.once('error', (error) => unpacked.destroy(error));
  try {
    return await readBounded(request.pipe(unpacked), BODY_BYTES);
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      throw refuse.badArguments('The body is not gzip');
    }
    throw error;
  }
}

/** Reads a request whole. Refuses without the right password, before the body is read. */
export async function readRequest(
  request: IncomingMessage,
  users: readonly ClickHouseUser[],
): Promise<Asked> {
  const { searchParams: params } = new URL(request.url ?? '/', 'http://localhost');
  const user = authenticate(request, params, users);
  if (params.get('compress') === '1' || params.get('decompress') === '1') {
    throw refuse.unsupported(
      'Native (LZ4) compression is not available here: set compress=0, use HTTP gzip instead',
    );
  }
  const settings = new Map<string, string>();
  const values = new Map<string, string>();
  for (const [name, value] of params) {
    if (name.startsWith('param_')) values.set(name.slice('param_'.length), value);
    else if (!CONTROL.has(name)) settings.set(name, value);
  }
  return {
    user,
    isGet: request.method === 'GET',
    query: params.get('query') ?? '',
    body: request.method === 'GET' ? Buffer.alloc(0) : await bodyOf(request),
    database: params.get('database') || header(request, 'x-clickhouse-database') || 'default',
    queryId: params.get('query_id') ?? '',
    format:
      params.get('default_format') || header(request, 'x-clickhouse-format') || 'TabSeparated',
    settings,
    params: values,
    wantsGzip:
      settings.get('enable_http_compression') === '1' &&
      /\bgzip\b/.test(header(request, 'accept-encoding')),
  };
}
