import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bindings } from '#libs/expression';
import {
  compileSegments,
  evaluateSegments,
  explainSegment,
  nextChangeMs,
  segmentChanges,
  type CompiledSegment,
} from './index.js';

const DAY_MS = 86_400_000;
const NOW = 1_780_000_000_000;

function compile(conditions: Readonly<Record<string, string>>): readonly CompiledSegment[] {
  const compiled = compileSegments(definitions(conditions));
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return compiled.value;
}

function problems(conditions: Readonly<Record<string, string>>) {
  const compiled = compileSegments(definitions(conditions));
  return compiled.ok ? [] : compiled.error;
}

function definitions(conditions: Readonly<Record<string, string>>) {
  return Object.entries(conditions).map(([id, when]) => ({ id, name: { fr: id, en: id }, when }));
}

const DORMANT =
  'profile.aggregates.orders_365d >= 1 && daysSince(profile.aggregates.last_order_at) > 180.0';

function person(lastOrderDays: number, traits: object = {}): Bindings {
  const aggregates = { orders_365d: 2, last_order_at: NOW - lastOrderDays * DAY_MS };
  return { now: NOW, profile: { ...traits, aggregates } };
}

describe('membership', () => {
  const segments = compile({
    'dormant-vip': 'inSegment("dormant") && inSegment("vip")',
    dormant: DORMANT,
    vip: 'profile.level == "gold"',
  });

  test('segments that ask about others come after them', () => {
    expect(segments.map(({ id }) => id)).toEqual(['dormant', 'vip', 'dormant-vip']);
    expect(evaluateSegments(segments, person(200, { level: 'gold' }))).toEqual([
      'dormant',
      'vip',
      'dormant-vip',
    ]);
  });

  test('what membership was before plays no part', () => {
    const before = person(10, { segments: ['dormant', 'vip'] });
    expect(evaluateSegments(segments, before)).toEqual([]);
  });

  test('a condition that cannot be evaluated keeps the profile out', () => {
    expect(evaluateSegments(segments, { now: NOW, profile: {} })).toEqual([]);
    expect(evaluateSegments(segments, { now: NOW })).toEqual([]);
  });

  test('explaining tells each condition', () => {
    expect(explainSegment(segments, 'dormant-vip', person(200))).toMatchObject({
      kind: 'all',
      held: false,
      parts: [
        { source: 'inSegment("dormant")', held: true },
        { source: 'inSegment("vip")', held: false },
      ],
    });
    expect(explainSegment(segments, 'vip', person(200))).toMatchObject({
      held: false,
      error: { code: 'missing_key', path: ['profile', 'level'] },
    });
    expect(explainSegment(segments, 'nobody', person(200))).toBeUndefined();
  });

  test('changes are what entered and what left', () => {
    expect(segmentChanges(['a', 'b'], ['b', 'c'])).toEqual({ entered: ['c'], left: ['a'] });
  });
});

describe('problems', () => {
  test.each<[string, Record<string, string>]>([
    ['cycle', { a: 'inSegment("b")', b: 'inSegment("c")', c: 'inSegment("a")' }],
    ['cycle', { a: '!inSegment("a")' }],
    ['unknown_segment', { a: 'inSegment("b")' }],
    ['time_opaque', { a: 'daysSince(profile.x) > profile.y' }],
    ['time_opaque', { a: 'now > profile.x' }],
    ['time_opaque', { a: 'hourLocal() > 8' }],
    ['reads_segments', { a: '"vip" in profile.segments' }],
    ['type', { a: '1 + 1' }],
    ['unknown_name', { a: 'event.total > 1' }],
    ['syntax', { a: 'profile.x >' }],
  ])('%s: %j', (code, conditions) => {
    const found = problems(conditions);
    expect(found).toHaveLength(1);
    expect(found[0]?.code).toBe(code);
    expect(found[0]?.message['fr']).toBeTruthy();
    expect(found[0]?.message['en']).toBeTruthy();
  });

  test('a cycle names its path', () => {
    const [cycle] = problems({ a: 'inSegment("b")', b: 'inSegment("a")' });
    expect(cycle).toMatchObject({ segment: 'b', offset: 11, length: 1 });
    expect(cycle?.message['en']).toContain('a → b → a');
  });

  test('two segments of one id are refused', () => {
    const twice = [...definitions({ a: 'true' }), ...definitions({ a: 'false' })];
    expect(compileSegments(twice)).toMatchObject({ ok: false, error: [{ code: 'duplicate' }] });
  });
});

describe('the next moment of change', () => {
  const next = (condition: string, bindings: Bindings) =>
    nextChangeMs(compile({ a: condition }), bindings);

  test.each<[string, number | null]>([
    ['daysSince(profile.aggregates.last_order_at) > 180.0', 170 * DAY_MS + 1],
    ['daysSince(profile.aggregates.last_order_at) >= 180', 170 * DAY_MS],
    ['180 <= daysSince(profile.aggregates.last_order_at)', 170 * DAY_MS],
    ['daysSince(profile.aggregates.last_order_at) < 180', 170 * DAY_MS],
    ['daysSince(profile.aggregates.last_order_at) == 180', 170 * DAY_MS],
    ['daysSince(profile.aggregates.last_order_at) > 5', null],
    ['daysSince(profile.aggregates.missing) > 5', null],
    ['profile.level == "gold"', null],
  ])('%s', (condition, afterMs) => {
    expect(next(condition, person(10))).toBe(afterMs === null ? null : NOW + afterMs);
  });

  test('times as ISO text count too', () => {
    const bindings = { now: NOW, profile: { seen: '2026-05-01T00:00:00+02:00' } };
    expect(next('daysSince(profile.seen) >= 365', bindings)).toBe(
      Date.parse('2026-05-01T00:00:00+02:00') + 365 * DAY_MS,
    );
  });

  const days = fc.oneof(
    fc.integer({ min: -3, max: 6 }).map((whole) => whole.toFixed(1)),
    fc.integer({ min: 0, max: 5 }).map(String),
    fc.double({ min: 0, max: 5, noNaN: true, noDefaultInfinity: true }).map((n) => n.toFixed(6)),
  );
  const comparison = fc
    .tuple(
      fc.constantFrom('a', 'b'),
      fc.constantFrom('<', '<=', '>', '>=', '==', '!='),
      days,
      fc.boolean(),
    )
    .map(([field, operator, number, swapped]) =>
      swapped
        ? `${number} ${operator} daysSince(profile.${field})`
        : `daysSince(profile.${field}) ${operator} ${number}`,
    );
  const condition = fc
    .array(fc.tuple(comparison, fc.constantFrom('&&', '||')), { minLength: 1, maxLength: 4 })
    .map((parts) =>
      parts.map(([part, operator], at) => (at === 0 ? part : `${operator} !(${part})`)).join(' '),
    );
  const timeMs = fc.oneof(
    fc.integer({ min: NOW - 6 * DAY_MS, max: NOW + 2 * DAY_MS }),
    fc.integer({ min: -6, max: 2 }).map((n) => NOW + n * DAY_MS),
  );

  test('nothing changes before it, whatever the moment tried', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(condition, timeMs, timeMs, share, (when, a, b, at) => {
        const segments = compile({ base: when, other: '!inSegment("base")' });
        const seenAt = (now: number) => evaluateSegments(segments, { now, profile: { a, b } });
        const changeMs = nextChangeMs(segments, { now: NOW, profile: { a, b } });
        const lastMs = changeMs === null ? NOW + 100 * DAY_MS : changeMs - 1;
        expect(changeMs === null || changeMs > NOW).toBe(true);
        expect(seenAt(lastMs)).toEqual(seenAt(NOW));
        expect(seenAt(Math.floor(NOW + (lastMs - NOW) * at))).toEqual(seenAt(NOW));
      }),
      { numRuns: 1_000 },
    );
  });

  test('a single comparison does change at it', () => {
    fc.assert(
      fc.property(comparison, timeMs, timeMs, (when, a, b) => {
        const segments = compile({ only: when });
        const changeMs = nextChangeMs(segments, { now: NOW, profile: { a, b } });
        fc.pre(changeMs !== null);
        const seenAt = (now: number) => evaluateSegments(segments, { now, profile: { a, b } });
        expect(seenAt(changeMs ?? 0)).not.toEqual(seenAt(NOW));
      }),
    );
  });
});
