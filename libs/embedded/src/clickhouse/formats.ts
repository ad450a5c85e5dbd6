/** How an answer in a format is put together from the engine's chunks. */
export interface FormatShape {
  /**
   * `plain`: chunks follow one another. `lines`: each chunk repeats the first lines. `binary`: each
   * chunk repeats names and types. `whole`: only the whole answer is well-formed.
   */
  readonly kind: 'plain' | 'lines' | 'binary' | 'whole';
  readonly headerLines: number;
}

const PLAIN = new Set([
  'JSONEachRow',
  'JSONLines',
  'NDJSON',
  'JSONStringsEachRow',
  'JSONCompactEachRow',
  'JSONCompactStringsEachRow',
  'TabSeparated',
  'TSV',
  'TabSeparatedRaw',
  'TSVRaw',
  'CSV',
  'RowBinary',
  'Native',
]);

const HEADED: ReadonlyMap<string, number> = new Map([
  ['CSVWithNames', 1],
  ['TabSeparatedWithNames', 1],
  ['TSVWithNames', 1],
  ['TabSeparatedRawWithNames', 1],
  ['TSVRawWithNames', 1],
  ['JSONCompactEachRowWithNames', 1],
  ['JSONCompactStringsEachRowWithNames', 1],
  ['CSVWithNamesAndTypes', 2],
  ['TabSeparatedWithNamesAndTypes', 2],
  ['TSVWithNamesAndTypes', 2],
  ['JSONCompactEachRowWithNamesAndTypes', 2],
  ['JSONCompactStringsEachRowWithNamesAndTypes', 2],
]);

const BINARY = new Set(['RowBinaryWithNamesAndTypes', 'RowBinaryWithNames']);

/** The shape of a format; one we know nothing of is only served whole. */
export function shapeOf(format: string): FormatShape {
  if (PLAIN.has(format)) return { kind: 'plain', headerLines: 0 };
  const headerLines = HEADED.get(format);
  if (headerLines !== undefined) return { kind: 'lines', headerLines };
  return { kind: BINARY.has(format) ? 'binary' : 'whole', headerLines: 0 };
}

const NEWLINE = 10;

function lineHeader(chunk: Uint8Array, lines: number): number {
  let at = 0;
  for (let line = 0; line < lines; line += 1) at = chunk.indexOf(NEWLINE, at) + 1;
  return at;
}

/** Bytes that two chunks begin with alike: at least their header. */
function commonStart(a: Uint8Array, b: Uint8Array): number {
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a[at] === b[at]) at += 1;
  return at;
}

/** An unsigned LEB128 number and where it ends. */
function variable(bytes: Uint8Array, from: number): { value: number; next: number } {
  let value = 0;
  let factor = 1;
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return { value, next: at + 1 };
    factor *= 128;
  }
  return { value, next: bytes.length };
}

/** Length of the names, and types, before the rows of a RowBinary answer. */
function binaryHeader(chunk: Uint8Array, format: string): number {
  const columns = variable(chunk, 0);
  let at = columns.next;
  const texts = columns.value * (format.endsWith('AndTypes') ? 2 : 1);
  for (let text = 0; text < texts; text += 1) {
    const length = variable(chunk, at);
    at = length.next + length.value;
  }
  return at;
}

/** Takes the header off every chunk but the first. One per answer. */
export function headerRemover(format: string): (chunk: Uint8Array) => Uint8Array {
  const shape = shapeOf(format);
  let header: Uint8Array | null = null;
  return (chunk) => {
    if (shape.kind === 'plain' || shape.kind === 'whole') return chunk;
    if (header !== null) {
      return commonStart(header, chunk) === header.length ? chunk.subarray(header.length) : chunk;
    }
    const length =
      shape.kind === 'lines' ? lineHeader(chunk, shape.headerLines) : binaryHeader(chunk, format);
    header = chunk.slice(0, length);
    return chunk;
  };
}

const CONTENT_TYPES: readonly [RegExp, string][] = [
  [
    /^JSON(Strings|Compact|CompactStrings|ColumnsWithMetadata|Columns|CompactColumns)?$/,
    'application/json; charset=UTF-8',
  ],
  [/^(JSON.*EachRow|JSONLines|NDJSON)/, 'application/x-ndjson; charset=UTF-8'],
  [/^CSV/, 'text/csv; charset=UTF-8; header=absent'],
  [/^(TabSeparated|TSV)/, 'text/tab-separated-values; charset=UTF-8'],
  [/^(Native|RowBinary|Parquet|Arrow|ORC|Avro|MsgPack)/, 'application/octet-stream'],
];

/** Media type of an answer in a format. */
export function contentType(format: string): string {
  const found = CONTENT_TYPES.find(([pattern]) => pattern.test(format));
  if (format.startsWith('CSVWithNames')) return 'text/csv; charset=UTF-8; header=present';
  return found?.[1] ?? 'text/plain; charset=UTF-8';
}
