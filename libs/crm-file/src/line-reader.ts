import type { FileHandle } from 'node:fs/promises';

/** Longest line and longest record kept, in characters. */
export const LONGEST_RECORD = 256 * 1_024;

/** A line of a file, without its end. */
export interface Line {
  /** From 1. */
  readonly line: number;
  /** Empty where it is too long. */
  readonly text: string;
  readonly isTooLong: boolean;
}

/**
 * Lines of UTF-8 text, in bounded memory whatever the file: what goes on beyond the longest line is
 * dropped and told. A byte order mark at the start is left out.
 */
export async function* readLines(handle: FileHandle): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8');
  const stream = handle.createReadStream({ start: 0, autoClose: false });
  let held = '';
  let isDropping = false;
  let line = 0;
  const take = (text: string): Line => {
    line += 1;
    const isTooLong = isDropping || held.length + text.length > LONGEST_RECORD;
    const whole = isTooLong ? '' : (held + text).replace(/\r$/, '');
    held = '';
    isDropping = false;
    return { line, text: whole, isTooLong };
  };
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const text = decoder.decode(chunk, { stream: true });
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      yield take(text.slice(from, end));
      from = end + 1;
    }
    if (isDropping) continue;
    held += text.slice(from);
    if (held.length > LONGEST_RECORD) {
      held = '';
      isDropping = true;
    }
  }
  if (held !== '' || isDropping) yield take('');
}
