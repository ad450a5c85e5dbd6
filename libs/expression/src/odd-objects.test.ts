import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileExpression, DYNAMIC_SCOPE, explain, type Bindings } from './index.js';

const NAMES = ['constructor', '__proto__', 'toString', 'valueOf', 'hasOwnProperty', 'prototype'];
const MORE = ['then', 'toJSON', 'size', 'get', 'length', 'getTime', 'name'];

function answerOf(source: string, bindings: object): unknown {
  const compiled = compileExpression(source, { scope: DYNAMIC_SCOPE });
  if (!compiled.ok) throw new Error(`${source}: ${JSON.stringify(compiled.error)}`);
  const answer = compiled.value.evaluate({ now: 0, ...bindings });
  return answer.ok ? answer.value : answer.error.code;
}

/** Adds a field as JSON would: `__proto__` too becomes a field like others. */
function withField(object: object, name: string, value: unknown): object {
  const text = JSON.stringify(object);
  const added = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
  return JSON.parse(text === '{}' ? `{${added}}` : `{${added},${text.slice(1)}`) as object;
}

const values = fc.constantFrom<unknown>('x', null, 3, true, [1], [], {}, { name: 'y' }, '');

describe('a field that is called as something of the language', () => {
  const event = {
    total: 80,
    list: [{ q: 2 }, { q: 5 }],
    deep: { a: 1, b: { c: 'x' } },
    tags: ['a'],
  };
  const sources = [
    'event.total == 80',
    'event.total >= 30.0 && event.deep.b.c == "x"',
    'event.missing == 1 || event.total == 80',
    'event.total == 80 || event.missing == 1',
    '!(event.missing == 1 && event.total == 81)',
    'has(event.total) && has(event.deep.b.c)',
    '!has(event.gone) && !has(event.deep.gone)',
    'event.list.exists(p, p.q == 2)',
    'event.list.all(p, p.q > 1)',
    'size(event.list.filter(p, p.q == 5)) == 1',
    'event.list.map(p, p.q) == [2.0, 5.0]',
    'sum(event.list, line.q) == 7.0',
    'event.list[1].q == 5',
    '"total" in event && !("gone" in event)',
    'event.deep == event.deep',
    'event.total > 1 ? event.deep.a == 1 : false',
    'profile.country == "FR" && event.tags[0] in ["a", "b"]',
  ];

  test.each([...NAMES, ...MORE])('%s changes no answer', (name) => {
    fc.assert(
      fc.property(fc.constantFrom(...sources), values, values, (source, one, other) => {
        const odd = withField(
          {
            ...event,
            list: event.list.map((item) => withField(item, name, other)),
            deep: withField({ ...event.deep, b: withField(event.deep.b, name, one) }, name, other),
          },
          name,
          one,
        );
        const profile = withField({ country: 'FR' }, name, other);
        expect(answerOf(source, { event: odd, profile })).toBe(true);
        expect(answerOf(source, { event, profile })).toBe(true);
        expect(answerOf(source, { event: odd, profile: { country: 'FR' } })).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test.each([...NAMES, ...MORE])('%s can be read, counted and handed on', (name) => {
    fc.assert(
      fc.property(values, (value) => {
        const odd = withField({ a: 1 }, name, value);
        const bindings = { event: { it: odd } };
        expect(answerOf('event.it', bindings)).toEqual(odd);
        expect(answerOf('event', bindings)).toEqual({ it: odd });
        expect(answerOf('size(event.it)', bindings)).toBe(2);
        expect(answerOf(`event.it["${name}"]`, bindings)).toEqual(value);
        expect(answerOf(`has(event.it.${name === '__proto__' ? 'a' : name})`, bindings)).toBe(true);
        expect(answerOf(`event.it.exists(key, key == "${name}")`, bindings)).toBe(true);
        expect(answerOf('[event.it] == [event.it]', bindings)).toBe(true);
      }),
    );
  });

  test('answers in segments and zoned questions stay in reach', () => {
    const context = { answers: { 'hourLocal()': 9, 'isHoliday("FR")': false } };
    const profile = JSON.parse('{"constructor": null, "segments": ["vip"]}') as object;
    const source =
      'inSegment("vip") && hourLocal() == 9 && !isHoliday("FR") && has(profile.segments)';
    expect(answerOf(source, { profile, context })).toBe(true);
  });

  test('explaining says the same', () => {
    const odd = JSON.parse('{"constructor": "x", "total": 80}') as object;
    const bindings: Bindings = { now: 0, event: odd };
    const compiled = compileExpression('event.total == 80 && has(event.total)', {
      scope: DYNAMIC_SCOPE,
    });
    expect(compiled.ok && explain(compiled.value, bindings)).toMatchObject({
      held: true,
      parts: [{ held: true }, { held: true }],
    });
  });

  test('an error stays an error, and deep data costs nothing', () => {
    const odd = JSON.parse('{"constructor": "x", "total": 80}') as object;
    expect(answerOf('event.missing == 1', { event: odd })).toBe('missing_key');
    expect(answerOf('event.total + "a"', { event: odd })).toBe('type');
    expect(answerOf('event.total / 0', { event: odd })).toBe('arithmetic');
    let deep: unknown = 1;
    for (let level = 0; level < 10_000; level++) deep = { constructor: deep };
    expect(answerOf('event.total == 80', { event: { x: deep, constructor: 1, total: 80 } })).toBe(
      true,
    );
  });
});
