import { describe, expect, test } from 'vitest';
import { compileExpression, DYNAMIC_SCOPE } from './index.js';
import { LIMITS } from './limits.js';
import { refusalOfRegex } from './regex.js';

const NOW = 1_780_000_000_000;
const repeated = (length: number, item: string): string =>
  Array.from({ length }, () => item).join(',');

/** Codes of the problems of a source; empty where it compiles. */
function refusals(source: string): readonly string[] {
  const compiled = compileExpression(source, { scope: DYNAMIC_SCOPE });
  return compiled.ok ? [] : compiled.error.map(({ code }) => code);
}

function answerOf(source: string, event: object): unknown {
  const compiled = compileExpression(source, { scope: DYNAMIC_SCOPE });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const answer = compiled.value.evaluate({ now: NOW, event });
  return answer.ok ? answer.value : answer.error.code;
}

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

/** A source of exactly so many signs. */
const ofLength = (length: number): string => `"${'a'.repeat(length - 2)}"`;
/** A sum of so many ones: a node for each and one for each plus, as a balanced tree. */
function balanced(ones: number): string {
  if (ones === 1) return '1';
  const half = Math.floor(ones / 2);
  return `(${balanced(half)}+${balanced(ones - half)})`;
}

describe('what compiles, at its bound and just above', () => {
  test.each<[string, string, string, string]>([
    ['length', ofLength(LIMITS.sourceLength), ofLength(LIMITS.sourceLength + 1), 'too_large'],
    // n ones make 2n - 1 nodes, and a `!` more makes one more.
    ['nodes', `-${balanced(150)}`, `--${balanced(150)}`, 'too_large'],
    [
      'depth',
      `${'('.repeat(LIMITS.depth - 1)}1${')'.repeat(LIMITS.depth - 1)}`,
      `${'('.repeat(LIMITS.depth)}1${')'.repeat(LIMITS.depth)}`,
      'too_deep',
    ],
    [
      'list',
      `event.x in [${repeated(LIMITS.listLength, '1')}]`,
      `event.x in [${repeated(LIMITS.listLength + 1, '1')}]`,
      'list_too_long',
    ],
    [
      'iterations within one another',
      '[1].all(a, [1].all(b, a == b))',
      '[1].all(a, [1].all(b, [1].all(c, c == 1)))',
      'macro_depth',
    ],
    ['regular expression', "'a'.matches('^(a|b)c+$')", "'a'.matches('^(a+)+$')", 'regex_unbounded'],
  ])('%s', (_name, below, above, code) => {
    expect(refusals(below)).toEqual([]);
    expect(refusals(above)).toContain(code);
  });

  test('map entries', () => {
    const entries = (count: number): string =>
      Array.from({ length: count }, (_, at) => `"${at}":1`).join(',');
    // Two nodes an entry: the bound of nodes comes first.
    expect(refusals(`{${entries(140)}}`)).toEqual([]);
    expect(refusals(`{${entries(LIMITS.listLength + 1)}}`)).not.toEqual([]);
  });

  test('arguments of a call', () => {
    const call = (count: number): string => `lower(${repeated(count, '"a"')})`;
    expect(refusals(call(1))).toEqual([]);
    // No function takes so many: below the bound it is the function that is wrong, not the size.
    expect(refusals(call(LIMITS.callArguments))).toEqual(['type']);
    expect(refusals(call(LIMITS.callArguments + 1))).toEqual(['too_large']);
  });
});

describe('what is evaluated, at its bound and just above', () => {
  const list = (length: number): number[] => Array.from({ length }, () => 1);

  test('elements of one list', () => {
    const source = 'event.list.all(x, x == 1.0)';
    expect(answerOf(source, { list: list(LIMITS.listIterated) })).toBe(true);
    expect(answerOf(source, { list: list(LIMITS.listIterated + 1) })).toBe('limit');
  });

  test('elements in all', () => {
    const source = 'event.outer.all(x, event.inner.all(y, x == y))';
    // The outer list counts too: 99 x 1,010 inner elements and 99 outer ones stay below.
    const inner = Math.floor(LIMITS.iterations / 99) - 1;
    expect(answerOf(source, { outer: list(99), inner: list(inner) })).toBe(true);
    expect(answerOf(source, { outer: list(99), inner: list(inner + 1) })).toBe('limit');
  });

  test('length of a text that is made', () => {
    const source = 'size(event.text.replace("a", "bb"))';
    const half = LIMITS.textLength / 2;
    expect(answerOf(source, { text: 'a'.repeat(half) })).toBe(LIMITS.textLength);
    expect(answerOf(source, { text: 'a'.repeat(half) + 'b' })).toBe('limit');
  });

  test('length of a text that is matched', () => {
    const source = 'event.text.matches("^a*$")';
    expect(answerOf(source, { text: 'a'.repeat(LIMITS.matchedLength) })).toBe(true);
    expect(answerOf(source, { text: 'a'.repeat(LIMITS.matchedLength + 1) })).toBe('limit');
  });

  test('steps of a regular expression', () => {
    // Anchored, each `.*` multiplies by the length matched: its cube is below the bound.
    expect(refusalOfRegex('^.*.*.*x')).toBeUndefined();
    expect(refusalOfRegex('^.*.*.*.*x')).toBe('backtracks');
    expect(refusalOfRegex('a'.repeat(200))).toBeUndefined();
    expect(refusalOfRegex('a'.repeat(201))).toBe('backtracks');
  });

  test('depth of an answer', () => {
    expect(answerOf('event.x', { x: nested(LIMITS.answerDepth + 1) })).toEqual(
      nested(LIMITS.answerDepth + 1),
    );
    expect(answerOf('event.x', { x: nested(LIMITS.answerDepth + 2) })).toBe('limit');
  });
});
