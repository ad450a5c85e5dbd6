import { parse } from 'csv-parse/sync';
import type { CrmRefusal, CrmRefusalCode } from '#libs/application';
import { LONGEST_RECORD, type Line } from './line-reader.js';

/** Columns a file may have at most. */
export const MOST_COLUMNS = 200;

/** Lines that one quoted cell may span; a quote left open would else swallow the rest of the file. */
const MOST_LINES = 50;
const DELIMITERS = [',', ';', '\t'] as const;
const LONGEST_DETAIL = 60;

/** A row as read, or why it is none. */
export type Row =
  | { readonly line: number; readonly data: Readonly<Record<string, unknown>> }
  | { readonly refusal: CrmRefusal };

/** The file as a whole is refused. */
export class FileRefusedError extends Error {
  override readonly name = 'FileRefusedError';
  readonly retryable = false;

  constructor(
    readonly code: CrmRefusalCode,
    readonly detail = '',
  ) {
    super(`${code} ${detail}`);
  }
}

function refused(line: number, code: CrmRefusalCode, detail = ''): Row {
  return { refusal: { line, code, detail: detail.slice(0, LONGEST_DETAIL) } };
}

/** Rows of a JSON Lines file; blank lines are passed over. */
export async function* jsonRows(lines: AsyncIterable<Line>): AsyncGenerator<Row> {
  for await (const { line, text, isTooLong } of lines) {
    if (isTooLong) yield refused(line, 'too_large');
    else if (text.trim() !== '')
      yield jsonRow(line, line === 1 ? text.replace(/^\uFEFF/, '') : text);
  }
}

function jsonRow(line: number, text: string): Row {
  try {
    const data: unknown = JSON.parse(text);
    if (typeof data !== 'object' || data === null || Array.isArray(data)) {
      return refused(line, 'broken_json');
    }
    const count = Object.keys(data).length;
    if (count > MOST_COLUMNS) return refused(line, 'too_many_columns', String(count));
    return { line, data: data as Readonly<Record<string, unknown>> };
  } catch {
    return refused(line, 'broken_json');
  }
}

/**
 * Rows of a CSV file. The header names the columns and shows the delimiter. A broken row is refused
 * by itself: reading goes on with the next line, so that one quote too many costs one row.
 * Throws `FileRefusedError` where the header cannot be used.
 */
export async function* csvRows(
  lines: AsyncGenerator<Line>,
  isHeaderUsable: (columns: readonly string[]) => boolean,
): AsyncGenerator<Row> {
  const ahead = new Ahead(lines);
  const first = await ahead.at(0);
  if (first === undefined) throw new FileRefusedError('empty');
  const header = first.isTooLong ? null : first.text.replace(/^\uFEFF/, '');
  if (header === null) throw new FileRefusedError('too_many_columns');
  const delimiter = delimiterOf(header);
  const columns = headerOf(header, delimiter);
  if (!isHeaderUsable(columns)) throw new FileRefusedError('missing_column');
  ahead.drop(1);
  for (let line = await ahead.at(0); line !== undefined; line = await ahead.at(0)) {
    if (line.isTooLong || line.text.trim() === '') {
      ahead.drop(1);
      if (line.isTooLong) yield refused(line.line, 'too_large');
      continue;
    }
    const span = line.isOdd ? await spanOf(ahead) : 1;
    const cells = span === 0 ? null : cellsOf(await ahead.join(span), delimiter);
    const isWhole = cells !== null && (span === 1 || cells.length === columns.length);
    ahead.drop(isWhole ? span : 1);
    if (!isWhole) yield refused(line.line, 'broken_quotes');
    else yield rowOf(line.line, columns, cells);
  }
}

function rowOf(line: number, columns: readonly string[], cells: readonly string[]): Row {
  if (cells.length !== columns.length) {
    return refused(line, 'column_count', `${cells.length} / ${columns.length}`);
  }
  const data = Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? '']));
  return { line, data };
}

/** Lines until the quoted cell ends; 0 where it does not within bounds. */
async function spanOf(ahead: Ahead): Promise<number> {
  let characters = (await ahead.at(0))?.text.length ?? 0;
  for (let index = 1; index < MOST_LINES; index += 1) {
    const line = await ahead.at(index);
    if (line === undefined || line.isTooLong) return 0;
    characters += line.text.length + 1;
    if (characters > LONGEST_RECORD) return 0;
    if (line.isOdd) return index + 1;
  }
  return 0;
}

function cellsOf(text: string, delimiter: string): readonly string[] | null {
  if (!text.includes('"')) return text.split(delimiter);
  try {
    const records = parse(text, { delimiter, relax_column_count: true });
    return records.length === 1 ? (records[0] as string[]) : null;
  } catch {
    return null;
  }
}

function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '');
  const count = (delimiter: string): number => bare.split(delimiter).length;
  return [...DELIMITERS].sort((left, right) => count(right) - count(left))[0] ?? ',';
}

function headerOf(text: string, delimiter: string): readonly string[] {
  const columns = cellsOf(text, delimiter)?.map((name) => name.trim());
  if (columns === undefined) throw new FileRefusedError('no_header');
  if (columns.length > MOST_COLUMNS) {
    throw new FileRefusedError('too_many_columns', String(columns.length));
  }
  const named = columns.filter((name) => name !== '');
  if (named.length === 0) throw new FileRefusedError('no_header');
  const twice = named.find((name, index) => named.indexOf(name) !== index);
  if (twice !== undefined) throw new FileRefusedError('duplicate_column', twice.slice(0, 60));
  return columns;
}

interface Counted extends Line {
  /** It has an odd number of quotes: a cell goes on beyond its end. */
  readonly isOdd: boolean;
}

/** Lines looked at before they are taken; a few at most. */
class Ahead {
  private readonly held: Counted[] = [];

  constructor(private readonly lines: AsyncGenerator<Line>) {}

  async at(index: number): Promise<Counted | undefined> {
    while (this.held.length <= index) {
      const next = await this.lines.next();
      if (next.done === true) return undefined;
      this.held.push({ ...next.value, isOdd: next.value.text.split('"').length % 2 === 0 });
    }
    return this.held[index];
  }

  async join(count: number): Promise<string> {
    await this.at(count - 1);
    return this.held
      .slice(0, count)
      .map(({ text }) => text)
      .join('\n');
  }

  drop(count: number): void {
    this.held.splice(0, count);
  }
}
