import { createHash } from 'node:crypto';
import { createReadStream, existsSync, openSync, readSync, closeSync, statSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import type { ImportRow } from '#libs/application';
import { problemOf, type MappingConfig } from '#libs/contracts';
import type { Place, Problem } from '#libs/kernel';
import { misuse } from './cli-error.js';
import { linesOf } from './lines.js';
import { through } from './through.js';

const GZIP = Buffer.from([0x1f, 0x8b]);
/** Longest row; a file without line ends must not fill the memory. */
const MOST_RECORD = 1_048_576;
/** Read at once: gzip makes a thousand times as much of it at the worst. */
const CHUNK_BYTES = 16 * 1_024;

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
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      readBytes += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  };
  const plain = isGzip(path) ? inflated(counted()) : counted();
  const rows = from.format === 'csv' ? csvRows(plain, from) : jsonRows(plain, from.encoding);
  return { bytes: statSync(path).size, readBytes: () => readBytes, rows: untilBroken(rows, path) };
}

function inflated(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const made: Buffer[] = [];
  gunzip.on('data', (chunk: Buffer) => made.push(chunk));
  return through(chunks, gunzip, made);
}

/** Rows, and the line after the last one, where a fault would be. */
interface Rows {
  readonly rows: AsyncIterable<ImportRow>;
  readonly nextLine: () => number;
}

/** Gives the rows, and in place of a fault of the file a last one that tells it and its place. */
async function* untilBroken({ rows, nextLine }: Rows, file: string): AsyncGenerator<ImportRow> {
  try {
    yield* rows;
  } catch (error) {
    const line = nextLine();
    const broken = brokenBy(error, { file, line, column: 1 });
    if (broken === null) throw error;
    yield { line, broken };
  }
}

/** The codes of faults that a file can have; null for others, which are no fault of the file. */
function brokenBy(error: unknown, place: Place): Problem | null {
  const { code = '' } = error as { readonly code?: string };
  if (code === 'CSV_QUOTE_NOT_CLOSED') return problemOf('RLN-1701', place);
  if (code === 'CSV_MAX_RECORD_SIZE') {
    return problemOf('RLN-1702', place, { limit: MOST_RECORD / 1_024 });
  }
  return code.startsWith('Z_') ? problemOf('RLN-1703', place) : null;
}

interface Parsed {
  readonly info: { readonly lines: number; readonly empty_lines: number };
  readonly record: string[];
}

function csvRows(plain: AsyncIterable<Buffer>, from: MappingConfig['from']): Rows {
  const made: Parsed[] = [];
  const parser = parse({
    bom: true,
    delimiter: from.delimiter,
    encoding: from.encoding === 'latin1' ? 'latin1' : 'utf8',
    info: true,
    max_record_size: MOST_RECORD,
    on_record: (parsed: unknown) => {
      made.push(parsed as Parsed);
      return null;
    },
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  let last: Parsed['info'] = { lines: 0, empty_lines: 0 };
  const rows = async function* (): AsyncGenerator<ImportRow> {
    let table: Table | undefined;
    for await (const { info, record } of through(plain, parser.resume(), made)) {
      last = info;
      if (table === undefined) table = tableOf(record.map((name) => name.trim()));
      else yield rowOf(table, record, info.lines);
    }
  };
  const emptySince = (): number => parser.info.empty_lines - last.empty_lines;
  return { rows: rows(), nextLine: () => last.lines + emptySince() + 1 };
}

/** What the rows of a file have in common. */
interface Table {
  readonly header: readonly string[];
  /** A row of empty cells: its copies take less room than rows built name by name. */
  readonly blank: Readonly<Record<string, string>>;
  before: Readonly<Record<string, string>>;
}

function tableOf(header: readonly string[]): Table {
  const blank = Object.fromEntries(header.map((name) => [name, '']));
  return { header, blank, before: blank };
}

function valuesOf(table: Table, cells: readonly string[]): Readonly<Record<string, string>> {
  const values: Record<string, string> = { ...table.blank };
  for (const [index, name] of table.header.entries()) {
    const cell = cells[index] ?? '';
    const before = table.before[name];
    // Rows wait for the rest of their group: what they repeat is held once.
    values[name] = cell === before ? before : cell;
  }
  table.before = values;
  return values;
}

function rowOf(table: Table, cells: readonly string[], line: number): ImportRow {
  const values = valuesOf(table, cells);
  const detail = `${cells.length} / ${table.header.length}`;
  if (cells.length > table.header.length) {
    return { line, values, refusal: 'too_many_columns', detail };
  }
  if (cells.length < table.header.length) {
    return { line, values, refusal: 'too_few_columns', detail };
  }
  return { line, values };
}

function jsonRows(plain: AsyncIterable<Buffer>, encoding: MappingConfig['from']['encoding']): Rows {
  const lines = linesOf(plain, {
    encoding: encoding === 'latin1' ? 'latin1' : 'utf8',
    longest: MOST_RECORD,
  });
  let last = 0;
  const rows = async function* (): AsyncGenerator<ImportRow> {
    for await (const { line, text } of lines) {
      last = line;
      if (text === null) {
        yield { line, refusal: 'too_large', detail: `> ${MOST_RECORD / 1_024} KB` };
      } else if (text.trim() !== '') yield jsonRow(text, line);
    }
  };
  return { rows: rows(), nextLine: () => last + 1 };
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
