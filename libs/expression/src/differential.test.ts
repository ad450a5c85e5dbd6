import { isCelError, isCelList, isCelMap, run, type CelInput } from '@bufbuild/cel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileExpression, DYNAMIC_SCOPE } from './index.js';

// The same expression and data through another CEL implementation: both give the same answer, or
// both refuse. The grammar is what the two have in common; mixed arithmetic, which JSON's numbers
// made us allow, is left out.

const infix = (operators: readonly string[], side: fc.Arbitrary<string>) =>
  fc
    .tuple(side, fc.constantFrom(...operators), side)
    .map(([left, operator, right]) => `(${left} ${operator} ${right})`);
const choice = (condition: fc.Arbitrary<string>, branch: fc.Arbitrary<string>) =>
  fc.tuple(condition, branch, branch).map(([test, yes, no]) => `(${test} ? ${yes} : ${no})`);
const wrapped = (before: string, inner: fc.Arbitrary<string>, after: string) =>
  inner.map((source) => `${before}${source}${after}`);

const grammar = fc.letrec<Record<'double' | 'int' | 'string' | 'bool' | 'list', string>>((tie) => {
  const loop = fc
    .tuple(
      tie('list'),
      fc.constantFrom('exists', 'all', 'exists_one'),
      infix(['<', '==', '>='], fc.oneof(fc.constant('x'), tie('double'))),
    )
    .map(([list, macro, body]) => `${list}.${macro}(x, ${body})`);
  const built = fc
    .tuple(tie('list'), fc.constantFrom('map', 'filter'), tie('double'))
    .map(([list, macro, body]) =>
      macro === 'map' ? `${list}.map(x, x + ${body})` : `${list}.filter(x, x < ${body})`,
    );
  const depth = { depthSize: 'small', withCrossShrink: true } as const;
  return {
    double: fc.oneof(
      depth,
      fc.constantFrom('event.n', 'event.m', 'event.gone', '0.0', '1.5', '-2.0', '1e3'),
      infix(['+', '-', '*', '/'], tie('double')),
      choice(tie('bool'), tie('double')),
      wrapped('-(', tie('double'), ')'),
      wrapped('double(', tie('int'), ')'),
    ),
    int: fc.oneof(
      depth,
      fc.constantFrom('0', '1', '7', '-3', 'size(event.s)', 'size(event.list)'),
      infix(['+', '-', '*', '/', '%'], tie('int')),
      choice(tie('bool'), tie('int')),
      wrapped('size(', tie('list'), ')'),
    ),
    string: fc.oneof(
      depth,
      fc.constantFrom('event.s', 'event.t', 'event.deep.s', '"a"', "''", '"é"', 'r"\\d"', '"\\n"'),
      infix(['+'], tie('string')),
      choice(tie('bool'), tie('string')),
    ),
    bool: fc.oneof(
      depth,
      fc.constantFrom('true', 'false', 'event.flag', 'has(event.n)', 'has(event.gone)'),
      fc.constantFrom('has(event.deep.s)', 'has(event.gone.s)', 'event.gone', '("n" in event)'),
      infix(['<', '<=', '>', '>=', '==', '!='], tie('double')),
      infix(['<', '<=', '>', '>=', '==', '!='], tie('int')),
      infix(['<', '<=', '>', '>='], fc.oneof(tie('int'), tie('double'))),
      infix(['<', '==', '!='], tie('string')),
      infix(['&&', '||'], tie('bool')),
      wrapped('!(', tie('bool'), ')'),
      choice(tie('bool'), tie('bool')),
      loop,
      infix(['=='], tie('list')),
      fc.tuple(tie('double'), tie('list')).map(([item, list]) => `(${item} in ${list})`),
      fc
        .tuple(tie('string'), fc.constantFrom('startsWith', 'endsWith', 'contains'), tie('string'))
        .map(([text, method, part]) => `${text}.${method}(${part})`),
    ),
    list: fc.oneof(
      depth,
      fc.constantFrom('event.list', '[]', '[1.5, 2.0]', 'event.gone'),
      fc.array(tie('double'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
      infix(['+'], tie('list')),
      built,
    ),
  };
});

const number = fc.oneof(
  fc.integer({ min: -5, max: 50 }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
);
const text = fc.oneof(fc.constantFrom('', 'a', 'FR', 'é', '𝄞'), fc.string({ maxLength: 5 }));
const event = fc.record({
  n: number,
  m: number,
  s: text,
  t: text,
  flag: fc.boolean(),
  list: fc.array(number, { maxLength: 4 }),
  deep: fc.record({ s: text }),
});

type Answer = { readonly value: unknown } | 'refused';

function ours(source: string, data: object): Answer {
  const compiled = compileExpression(source, { scope: DYNAMIC_SCOPE });
  if (!compiled.ok) throw new Error(`${source}: ${JSON.stringify(compiled.error)}`);
  const answer = compiled.value.evaluate({ now: 0, event: data });
  return answer.ok ? { value: answer.value } : 'refused';
}

function theirs(source: string, data: object): Answer {
  const answer = run(source, { event: toMap(data) });
  if (isCelError(answer)) return 'refused';
  const value = fromCel(answer);
  return isFinite(value) ? { value } : 'refused';
}

function toMap(data: unknown): CelInput {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data as CelInput;
  return new Map(Object.entries(data).map(([key, value]) => [key, toMap(value)]));
}

function fromCel(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (isCelList(value)) return [...value].map(fromCel);
  if (isCelMap(value)) return Object.fromEntries([...value].map(([k, v]) => [k, fromCel(v)]));
  return value;
}

/** We give no answer that JSON cannot carry. */
function isFinite(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isFinite);
  return typeof value !== 'number' || Number.isFinite(value);
}

test.each(['double', 'int', 'string', 'bool', 'list'] as const)(
  'another CEL gives the same %s',
  (kind) => {
    fc.assert(
      fc.property(grammar[kind], event, (source, data) => {
        fc.pre(source.length < 1_000 && nodesFit(source));
        expect(ours(source, data)).toEqual(theirs(source, data));
      }),
      { numRuns: 400 },
    );
  },
);

/** Iterations deeper than ours are refused by our bound, which the other CEL does not have. */
function nodesFit(source: string): boolean {
  const compiled = compileExpression(source, { scope: DYNAMIC_SCOPE });
  const bounds = new Set(['macro_depth', 'too_large', 'too_deep']);
  return compiled.ok || !compiled.error.some(({ code }) => bounds.has(code));
}
