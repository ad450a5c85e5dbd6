import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileExpression, DYNAMIC_SCOPE, explain, holds } from './index.js';

function compile(source: string) {
  const compiled = compileExpression(source, { scope: DYNAMIC_SCOPE, expects: 'bool' });
  if (!compiled.ok) throw new Error(`${source}: ${JSON.stringify(compiled.error)}`);
  return compiled.value;
}

test('each outer condition is told with its value or error', () => {
  const source = '(event.a + 1) * 2 > 3 && (profile.b == "(" || event.missing > 1) && !event.c';
  const told = explain(compile(source), { now: 0, event: { a: 1, c: false }, profile: { b: '(' } });
  expect(told).toMatchObject({
    kind: 'all',
    held: true,
    parts: [
      { kind: 'condition', source: '(event.a + 1) * 2 > 3', held: true, value: true },
      {
        kind: 'any',
        held: true,
        parts: [
          { source: 'profile.b == "("', held: true },
          { source: 'event.missing > 1', held: false, error: { code: 'missing_key' } },
        ],
      },
      { source: '!event.c', held: true },
    ],
  });
});

const leaf = fc.constantFrom(
  'event.a',
  'event.b',
  '!(event.a)',
  'event.missing',
  '(event.n + 1) * (2 + event.n) > 3',
  '")(" == event.s',
  '((event.a ? event.b : true))',
  'daysSince(event.n) > 1.0',
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
      .map(([left, operator, right]) => `(${left}) ${operator} ( ${right} )`),
    fc
      .tuple(leaf, fc.constantFrom('&&', '||'), leaf)
      .map(([left, operator, right]) => `${left} ${operator} ${right}`),
  ),
}));

test('the whole holds exactly when the explanation says so', () => {
  const data = fc.record({ a: fc.boolean(), b: fc.boolean(), n: fc.integer(), s: fc.string() });
  fc.assert(
    fc.property(condition, data, (source, event) => {
      fc.pre(source.length < 600);
      const compiled = compileExpression(source, { scope: DYNAMIC_SCOPE, expects: 'bool' });
      if (!compiled.ok) return;
      const bindings = { now: 1_000_000_000, event };
      expect(explain(compiled.value, bindings).held).toBe(holds(compiled.value, bindings).held);
    }),
  );
});
