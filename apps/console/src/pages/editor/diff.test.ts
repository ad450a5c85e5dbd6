import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines } from './diff.js';

const texts = fc
  .array(fc.constantFrom('a', 'b', 'c # said', '', '  d: 1'), { maxLength: 12 })
  .map((lines) => lines.map((line) => `${line}\n`).join(''));

test('holds both texts whole, and calls the same what both have', () => {
  fc.assert(
    fc.property(texts, texts, (older, newer) => {
      const lines = diffLines(older, newer);
      const kept = (kind: 'added' | 'removed'): string =>
        lines
          .filter((line) => line.kind === 'same' || line.kind === kind)
          .map(({ text }) => `${text}\n`)
          .join('');
      expect(kept('removed')).toBe(older);
      expect(kept('added')).toBe(newer);
    }),
  );
});

test('of a text with itself finds nothing, and of a line changed the line', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(diffLines(text, text).every(({ kind }) => kind === 'same')).toBe(true);
    }),
  );
  expect(diffLines('a\nb\nc\n', 'a\nB\nc\n')).toEqual([
    { kind: 'same', text: 'a', before: 1, after: 1 },
    { kind: 'removed', text: 'b', before: 2, after: null },
    { kind: 'added', text: 'B', before: null, after: 2 },
    { kind: 'same', text: 'c', before: 3, after: 3 },
  ]);
});
