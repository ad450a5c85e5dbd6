import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FILE_LIMITS, readDocument } from './document.js';

const codesOf = (source: string): readonly string[] => {
  const read = readDocument('x.yaml', source);
  return read.ok ? [] : read.error.map(({ code }) => code);
};

/** Wall time of a call, in ms. */
function timed(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
  .concat(
    'bcdefghi'.split('').map((name, index) => {
      const before = 'abcdefgh'[index];
      return `${name}: &${name} [*${before},*${before},*${before},*${before},*${before},*${before}]`;
    }),
  )
  .join('\n');

const HOSTILE: readonly (readonly [name: string, source: string, code: string])[] = [
  ['nothing', '', 'RLN-1007'],
  ['only a comment', '# hello\n', 'RLN-1007'],
  ['a huge file', 'a: '.padEnd(10_000_000, 'x'), 'RLN-1002'],
  ['10,000 brackets', '['.repeat(10_000), 'RLN-1003'],
  ['10,000 closed brackets', '['.repeat(10_000) + ']'.repeat(10_000), 'RLN-1003'],
  ['10,000 dashes', '- '.repeat(10_000) + 'a', 'RLN-1003'],
  ['3,000 braces', '{a: '.repeat(3_000), 'RLN-1003'],
  ['10,000 question marks', '? '.repeat(10_000) + 'a', 'RLN-1003'],
  [
    'deep by indentation',
    Array.from({ length: 200 }, (_, i) => ' '.repeat(i) + 'a:').join('\n'),
    'RLN-1003',
  ],
  ['an alias bomb', bomb, 'RLN-1006'],
  ['an anchor', 'a: &x 1\n', 'RLN-1006'],
  ['an alias that is not there', 'a: *x\n', 'RLN-1006'],
  ['a tag', 'a: !!js/function "x"\n', 'RLN-1006'],
  ['binary by tag', 'a: !!binary aGVsbG8=\n', 'RLN-1006'],
  ['a merge key', 'a: &x {b: 1}\nc:\n  <<: *x\n', 'RLN-1006'],
  ['a doubled key', 'a: 1\nb: 2\na: 3\n', 'RLN-1005'],
  ['a doubled key in JSON', '{"a": 1, "a": 2}', 'RLN-1005'],
  ['a key that is a list', '? [a]\n: 1\n', 'RLN-1006'],
  ['__proto__', '__proto__: {x: 1}\n', 'RLN-1006'],
  ['zero bytes', 'a: \u0000\n', 'RLN-1004'],
  ['bytes that were no UTF-8', 'a: \ufffd\ufffd\n', 'RLN-1004'],
  ['two documents', 'a: 1\n---\nb: 2\n', 'RLN-1009'],
  ['infinity', 'a: .inf\n', 'RLN-1103'],
  ['a bad indentation', 'a:\n   b: 1\n  c: 2\n', 'RLN-1001'],
  ['an unclosed quote', 'a: "x\n', 'RLN-1001'],
  ['too many values', `[${'1,'.repeat(15_000)}]`, 'RLN-1008'],
  ['64 KB of quotes', '"'.repeat(65_000), 'RLN-1008'],
  ['64 KB of braces that close nothing', '}'.repeat(65_000), 'RLN-1008'],
  ['64 KB of document marks', '---\n'.repeat(16_000), 'RLN-1008'],
  ['6,000 keys', Array.from({ length: 6_000 }, (_, i) => `k${i}: 1`).join('\n'), 'RLN-1008'],
];

describe('reading a file', () => {
  for (const [name, source, code] of HOSTILE) {
    it(`tells ${name} as ${code}, within a second`, () => {
      let codes: readonly string[] = [];
      expect(timed(() => (codes = codesOf(source)))).toBeLessThan(1_000);
      expect(codes[0]).toBe(code);
      expect(codes.length).toBeLessThanOrEqual(10);
    });
  }

  it('takes JSON as it takes YAML, and a byte order mark', () => {
    const json = '{\n\t"a": [1, 2.5, true, null],\n\t"b": {"c": "x"}\n}';
    const read = readDocument('x.json', json);
    expect(read.ok && read.value.value).toEqual({ a: [1, 2.5, true, null], b: { c: 'x' } });
    expect(readDocument('x.yaml', '\uFEFFa: 1').ok).toBe(true);
  });

  it('keeps what YAML 1.1 would have turned into something else', () => {
    const read = readDocument('x.yaml', 'on: no\ntime: 18:30\ndate: 2026-11-22\n');
    expect(read.ok && read.value.value).toEqual({ on: 'no', time: '18:30', date: '2026-11-22' });
  });

  it('takes a carriage return for the end of a line, and tells the line', () => {
    const text = 'a: 1\rb:\r  - x\r\nc: |\r  one\r  two\r';
    const read = readDocument('x.yaml', text);
    expect(read.ok && read.value.value).toEqual({ a: 1, b: ['x'], c: 'one\ntwo\n' });
    expect(read.ok && read.value.placeOf(['b', 0])).toMatchObject({ line: 3, column: 5 });
    expect(read.ok && read.value.placeIn(['c'], 4)).toMatchObject({ line: 6, column: 3 });
    expect(codesOf('a: 1\ra: 2\r')).toEqual(['RLN-1005']);
  });

  it('never throws, and is quick, on whatever text', () => {
    const bits = [
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '&x',
      '*x',
      '|',
      '>',
      '#',
    ];
    const text = fc
      .array(
        fc.oneof(fc.constantFrom(...bits, '\t', '!', '? ', '---\n', '%', '\\', '<<'), fc.string()),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (source) => {
        const read = readDocument('x.yaml', source);
        if (read.ok) return;
        expect(read.error.length).toBeGreaterThan(0);
        for (const { place } of read.error) expect(place?.line).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is quick just below its limits', () => {
    const lines = Array.from({ length: 3_000 }, (_, i) => `k${i}: v`).join('\n');
    expect(lines.length).toBeLessThan(FILE_LIMITS.length);
    expect(timed(() => expect(codesOf(lines)).toEqual([]))).toBeLessThan(1_000);
    const text = `a: "${'x'.repeat(FILE_LIMITS.length - 10)}"`;
    expect(timed(() => expect(codesOf(text)).toEqual([]))).toBeLessThan(1_000);
  });
});

describe('places', () => {
  const source = [
    'a: event.x == 1',
    "b: 'it''s == here'",
    'c: "tab\\there == x"',
    'd: |',
    '  first line',
    '  second == line',
    'e: { f: [ 1, two ] }',
    'g: >-',
    '  folded == text',
    '  goes on',
  ].join('\n');
  const read = readDocument('x.yaml', source);
  const at = (path: readonly (string | number)[], text: string): unknown => {
    if (!read.ok) return null;
    let value: unknown = read.value.value;
    for (const part of path) value = (value as Record<string | number, unknown>)[part];
    const { line, column } = read.value.placeIn(path, String(value).indexOf(text));
    return [line, column];
  };

  it('are those of the character, in each way of writing a text', () => {
    expect(at(['a'], '==')).toEqual([1, 12]);
    expect(at(['b'], '==')).toEqual([2, 11]);
    expect(at(['c'], '==')).toEqual([3, 15]);
    expect(at(['d'], 'second')).toEqual([6, 3]);
    expect(at(['d'], '==')).toEqual([6, 10]);
    expect(at(['e', 'f', 1], 'two')).toEqual([7, 14]);
    expect(at(['g'], '==')).toEqual([9, 10]);
  });

  it('of something missing are those of what is around it', () => {
    if (!read.ok) throw new Error('readable');
    expect(read.value.placeOf(['e', 'nothing'])).toEqual({ file: 'x.yaml', line: 7, column: 4 });
    expect(read.value.placeOfKey(['e', 'f'])).toEqual({ file: 'x.yaml', line: 7, column: 6 });
    expect(read.value.placeOf([])).toEqual({ file: 'x.yaml', line: 1, column: 1 });
  });
});
