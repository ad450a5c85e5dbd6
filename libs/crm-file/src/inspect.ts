import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import { FileRefusedError } from './rows.js';

const CHUNK_BYTES = 256 * 1_024;

/**
 * Reads a file once to its end: its content's hash. Throws `FileRefusedError` where it is empty, no
 * text, or not UTF-8, and then says what it looks like and where.
 */
export async function inspectFile(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  const stream = handle.createReadStream({
    start: 0,
    autoClose: false,
    highWaterMark: CHUNK_BYTES,
  });
  let rest: Buffer = Buffer.alloc(0);
  let lines = 1;
  let isFirst = true;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    if (isFirst) refuseForeign(chunk);
    isFirst = false;
    if (chunk.includes(0)) throw new FileRefusedError('binary');
    const joined = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = joined.length - cutBytes(joined);
    const text = joined.subarray(0, whole);
    if (!isUtf8(text)) throw notUtf8(text, lines);
    lines += newlines(text);
    rest = joined.subarray(whole);
  }
  if (isFirst) throw new FileRefusedError('empty');
  if (rest.length > 0) throw notUtf8(rest, lines);
  return hash.digest('hex');
}

/** UTF-16 is full of zero bytes; it is told by its mark rather than called binary. */
function refuseForeign(chunk: Buffer): void {
  const mark = chunk.readUIntBE(0, Math.min(2, chunk.length));
  if (mark === 0xfffe || mark === 0xfeff) throw new FileRefusedError('not_utf8', 'UTF-16');
}

/** Bytes at the end that begin a character which the next chunk goes on with. */
function cutBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? back : 0;
  }
  return 0;
}

function newlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

function notUtf8(bytes: Buffer, firstLine: number): FileRefusedError {
  let line = firstLine;
  let from = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
    if (!isUtf8(bytes.subarray(from, end))) break;
    from = end + 1;
    line += 1;
  }
  const end = bytes.indexOf(10, from);
  const told = bytes.subarray(from, end < 0 ? bytes.length : end);
  // Bytes of the C1 range are letters in Windows-1252 and nothing in Latin-1.
  const isWindows = told.some((byte) => byte >= 0x80 && byte <= 0x9f);
  const looksLike = isWindows ? 'Windows-1252' : 'ISO-8859-1 (latin1)';
  return new FileRefusedError('not_utf8', `${looksLike}, line ${line}`);
}
