import { promisify } from 'node:util';
import { gunzip, gunzipSync, inflate } from 'node:zlib';
import { BODY_MAX_BYTES, INFLATED_MAX_BYTES } from '#libs/application';
import { fail, ok, type Result } from '#libs/kernel';
import type { HttpProblemCode } from './problems.js';

/** A body read as JSON. */
export interface JsonBody {
  readonly value: unknown;
  /** The text held `\u`: its strings may hold what JSON text cannot show. */
  readonly hasEscapes: boolean;
}

const gunzipLater = promisify(gunzip);
const inflateLater = promisify(inflate);
const LIMIT = { maxOutputLength: INFLATED_MAX_BYTES };
/** Below this, handing the work to a thread costs more than the work. */
const AT_ONCE_BYTES = 8_192;

async function opened(body: Buffer, encoding: string): Promise<Buffer | null> {
  if (encoding === 'deflate') return await inflateLater(body, LIMIT);
  if (encoding !== 'gzip' && encoding !== 'x-gzip') return null;
  return body.length < AT_ONCE_BYTES ? gunzipSync(body, LIMIT) : await gunzipLater(body, LIMIT);
}

async function decompress(
  body: Buffer,
  encoding: string,
): Promise<Result<Buffer, HttpProblemCode>> {
  try {
    const plain = await opened(body, encoding);
    return plain === null ? fail('RLN-2007') : ok(plain);
  } catch (error) {
    const isTooLarge = (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    return fail(isTooLarge ? 'RLN-2003' : 'RLN-2002');
  }
}

/** Reads a request's bytes as JSON: at most 500 KB as sent, 4 MB once decompressed. */
export async function readJson(
  body: Buffer | undefined,
  encoding: string | undefined,
): Promise<Result<JsonBody, HttpProblemCode>> {
  if (body === undefined || body.length === 0) return fail('RLN-2002');
  if (body.length > BODY_MAX_BYTES) return fail('RLN-2003');
  let plain = body;
  if (encoding !== undefined && encoding !== '' && encoding !== 'identity') {
    const read = await decompress(body, encoding.toLowerCase());
    if (!read.ok) return read;
    plain = read.value;
  }
  try {
    return ok({ value: JSON.parse(plain.toString('utf8')), hasEscapes: plain.includes('\\u') });
  } catch {
    return fail('RLN-2002');
  }
}
