import { StringDecoder } from 'node:string_decoder';

/** A line of a file, without its end; null where it is longer than it may be. */
export interface TextLine {
  /** From 1. */
  readonly line: number;
  readonly text: string | null;
}

/** Splits bytes into lines, in bounded memory whatever they hold. */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  given: { readonly encoding: BufferEncoding; readonly longest: number },
): AsyncGenerator<TextLine> {
  const decoder = new StringDecoder(given.encoding);
  let line = 0;
  let held: string | null = '';
  const add = (text: string): void => {
    held = held === null || held.length + text.length > given.longest ? null : held + text;
  };
  const take = (): TextLine => {
    const text = held?.replace(/\r$/, '') ?? null;
    held = '';
    line += 1;
    return { line, text: line === 1 && text !== null ? text.replace(/^\uFEFF/, '') : text };
  };
  for await (const chunk of chunks) {
    const [first = '', ...rest] = decoder.write(chunk).split('\n');
    add(first);
    for (const text of rest) {
      yield take();
      add(text);
    }
  }
  add(decoder.end());
  if (held !== '') yield take();
}
