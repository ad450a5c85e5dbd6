import type { Spot } from './plain.js';

/**
 * The source offset of a character of a text value. Exact for texts on one line without escapes and
 * for literal blocks; elsewhere the nearest place that can be told, the value's start at worst.
 */
export function placeInScalar(source: string, spot: Spot, offset: number): number {
  const raw = source.slice(spot.start, spot.end);
  if (spot.style === 'PLAIN') return raw.includes('\n') ? spot.start : spot.start + offset;
  if (spot.style === 'QUOTE_SINGLE') return spot.start + 1 + offset + doubledQuotes(raw, offset);
  if (spot.style === 'QUOTE_DOUBLE') {
    return raw.includes('\n') ? spot.start : spot.start + 1 + escapedLength(raw.slice(1), offset);
  }
  if (spot.style === 'BLOCK_LITERAL' || spot.style === 'BLOCK_FOLDED') {
    return blockOffset(source, spot, offset);
  }
  return spot.start;
}

function doubledQuotes(raw: string, offset: number): number {
  let doubled = 0;
  for (let index = 0; index < offset; index += 1) {
    if (raw.startsWith("''", 1 + index + doubled)) doubled += 1;
  }
  return doubled;
}

/** Length of source behind so many characters of a double-quoted text. */
function escapedLength(inner: string, offset: number): number {
  const escape = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|.)|[^]/y;
  for (let read = 0; read < offset; read += 1) {
    if (escape.exec(inner) === null) return inner.length;
  }
  return escape.lastIndex;
}

/** Lines of a block begin after its header, each behind the block's indentation. */
function blockOffset(source: string, spot: Spot, offset: number): number {
  const header = source.indexOf('\n', spot.start);
  if (header === -1) return spot.start;
  const body = source.slice(header + 1, spot.end);
  const indent = /^ */.exec(body)?.[0].length ?? 0;
  let left = offset;
  let position = header + 1;
  for (const line of body.split('\n')) {
    const length = Math.max(0, line.length - indent);
    if (left <= length) return position + indent + left;
    left -= length + 1;
    position += line.length + 1;
  }
  return spot.start;
}
