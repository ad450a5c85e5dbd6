import { createHash } from 'node:crypto';
import { createReadStream, existsSync, openSync, readSync, closeSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse, type CsvError } from 'csv-parse';
import type { ImportRow } from '#libs/application';
import type { MappingConfig } from '#libs/contracts';
import { misuse } from './cli-error.js';

const GZIP = Buffer.from([0x1f, 0x8b]);
/** Longest cell or line; a file without line ends must not fill the memory. */
const MOST_RECORD = 1_048_576;

/** A file to read rows from. */
export interface RowFile {
  readonly bytes: number;
  /** Bytes of the file read so far. */
  readonly readBytes: () => number;
  readonly rows: AsyncIterable<ImportRow>;
}

/** Refuses what is no file. */
export function checkFile(path: string): void {
  if (existsSync(path) && statSync(path).isFile()) return;
  throw misuse(`Le fichier ${path} n’existe pas.`, `The file ${path} does not exist.`);
}

/** SHA-256 of a file's content, streamed. */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Known by its first bytes, not by its name. */
function isGzip(path: string): boolean {
  const head = Buffer.alloc(2);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, 2, 0);
  } finally {
    closeSync(file);
  }
  return head.equals(GZIP);
}

/** Opens a CSV or JSONL file, plain or gzip, in one pass and bounded memory. */
export function openRows(path: string, from: MappingConfig['from']): RowFile {
  let readBytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      readBytes += chunk.length;
      done(null, chunk);
    },
  });
  const raw = createReadStream(path);
  raw.on('error', (error) => counted.destroy(error));
  raw.pipe(counted);
  const plain: Readable = isGzip(path) ? pipedGunzip(counted) : counted;
  const rows = from.format === 'csv' ? csvRows(plain, from) : jsonRows(plain, from.encoding);
  return { bytes: statSync(path).size, readBytes: () => readBytes, rows };
}

function pipedGunzip(source: Readable): Readable {
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  return source.pipe(gunzip);
}

interface Parsed {
  readonly info: { readonly lines: number; readonly error?: CsvError };
  readonly record: string[];
}

async function* csvRows(plain: Readable, from: MappingConfig['from']): AsyncGenerator<ImportRow> {
  const parser = parse({
    bom: true,
    delimiter: from.delimiter,
    encoding: from.encoding === 'latin1' ? 'latin1' : 'utf8',
    info: true,
    max_record_size: MOST_RECORD,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  plain.on('error', (error) => parser.destroy(error));
  plain.pipe(parser);
  let header: readonly string[] | undefined;
  for await (const { info, record } of parser as AsyncIterable<Parsed>) {
    if (header === undefined) {
      header = record.map((name) => name.trim());
      continue;
    }
    yield rowOf(header, record, info.lines);
  }
}

function rowOf(header: readonly string[], cells: readonly string[], line: number): ImportRow {
  const values = Object.fromEntries(header.map((name, index) => [name, cells[index] ?? '']));
  const detail = `${cells.length} / ${header.length}`;
  if (cells.length > header.length) return { line, values, refusal: 'too_many_columns', detail };
  if (cells.length < header.length) return { line, values, refusal: 'too_few_columns', detail };
  return { line, values };
}

async function* jsonRows(
  plain: Readable,
  encoding: MappingConfig['from']['encoding'],
): AsyncGenerator<ImportRow> {
  plain.setEncoding(encoding === 'latin1' ? 'latin1' : 'utf8');
  let line = 0;
  for await (const text of createInterface({ input: plain, crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() === '') continue;
    yield jsonRow(text, line);
  }
}

function jsonRow(text: string, line: number): ImportRow {
  try {
    const values: unknown = JSON.parse(text);
    if (typeof values === 'object' && values !== null && !Array.isArray(values)) {
      return { line, values: values as Record<string, never> };
    }
  } catch {
    // Told below.
  }
  return { line, refusal: 'unreadable', detail: text.slice(0, 60) };
}
