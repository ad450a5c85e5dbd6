import { describe, expect, test } from 'vitest';
import {
  compileExpression,
  DYNAMIC_SCOPE,
  holds,
  IMPORT_SCOPE,
  type Bindings,
  type Expectation,
  type ScopeTypes,
} from './index.js';

const DAY_MS = 86_400_000;
const NOW = 1_780_000_000_000;

const bindings: Bindings = {
  now: NOW,
  event: { total: 80, cart_id: 'c1', tags: ['a', 'b'], products: [{ sku: 'x', qty: 2 }] },
  entry: { cart_id: 'c1', total: 30.5 },
  profile: {
    country: 'FR',
    name: 'Léa',
    segments: ['vip'],
    aggregates: { orders_365d: 3, last_order_at: NOW - 200 * DAY_MS },
    first_seen: '2026-01-01T00:00:00+01:00',
  },
  account: null,
  decision: { rescue: { action: 'call' } },
  vars: {},
  context: { answers: { 'hourLocal()': 9, 'isHoliday("FR")': false } },
};

function compile(source: string, scope: ScopeTypes = DYNAMIC_SCOPE, expects: Expectation = 'any') {
  const compiled = compileExpression(source, { scope, expects });
  if (!compiled.ok) throw new Error(`${source}: ${JSON.stringify(compiled.error)}`);
  return compiled.value;
}

const value = (source: string, scope?: ScopeTypes, data: Bindings = bindings) => {
  const answer = compile(source, scope).evaluate(data);
  return answer.ok ? answer.value : answer.error;
};

describe('values', () => {
  test.each<[string, unknown]>([
    ['event.total >= 30.0', true],
    ['event.total >= 30', true],
    ['event.total == 80', true],
    ['80 == event.total', true],
    ['80.0 == 80', true],
    ['entry.total > 30', true],
    ['entry.total * 2', 61],
    ['2 * entry.total', 61],
    ['event.total % 7', 3],
    ['event.total / 32', 2.5],
    ['7 / 2', 3],
    [
      'profile.aggregates.orders_365d >= 1 && daysSince(profile.aggregates.last_order_at) > 180.0',
      true,
    ],
    [
      'has(profile.aggregates.last_order_at) && daysSince(profile.aggregates.last_order_at) > 200',
      false,
    ],
    ['has(profile.aggregates.other)', false],
    ['has(account.owner)', false],
    ['has(account.owner) && account.owner == "a"', false],
    ['event.cart_id == entry.cart_id', true],
    ['inSegment("vip") && !inSegment("never-discounts")', true],
    ['"vip" in profile.segments', true],
    ['hourLocal() >= 9 && hourLocal() < 18', true],
    ['isHoliday("FR")', false],
    ['lower(profile.name)', 'léa'],
    ['profile.name.upper()', 'LÉA'],
    ['contains(profile.name, "é")', true],
    ['profile.name.contains("é")', true],
    ['event.tags.exists(t, t == "b")', true],
    ['event.products.map(p, p.qty * 2)', [4]],
    ['event.products.exists(p, p.sku == "x" && p.qty > 1)', true],
    ['size(event.tags) * 1.5', 3],
    ['sum(event.products, line.qty * 3)', 6],
    ['sum([1, 2.5, 3])', 6.5],
    ['decision.rescue.action == "call"', true],
    ['profile.country in ["FR", "BE"]', true],
    ['event.total in [80, 81]', true],
    ['event.tags[1]', 'b'],
    ['now', NOW],
    ['now > profile.first_seen', true],
    ['profile.aggregates.last_order_at < now', true],
    ['now - profile.aggregates.last_order_at > duration("24h")', true],
    ['timestamp(profile.first_seen) == timestamp("2025-12-31T23:00:00Z")', true],
    ['timestamp("2026-01-01T00:00:00Z")', 1_767_225_600_000],
    ['now - timestamp("2026-01-01T00:00:00Z")', NOW - 1_767_225_600_000],
    ['{"a": 1, "b": [2, 3.5]}', { a: 1, b: [2, 3.5] }],
    ['null', null],
    ['event.total > 1 ? event.total * 0.25 : 0', 20],
    ['(event.total > 1 ? 1 : 2.0) * 2.5', 2.5],
    ['profile.name.matches("^L.a$")', true],
    ['account == null', true],
    ['event.missing == 1 || event.total == 80', true],
    ['event.missing == 1 && event.total == 81', false],
  ])('%s', (source, expected) => {
    expect(value(source)).toEqual(expected);
  });

  test('a missing key is a value with its path', () => {
    expect(value('event.nothing.deep > 1')).toMatchObject({
      code: 'missing_key',
      path: ['event', 'nothing'],
    });
    expect(value('account.owner == "a"')).toMatchObject({ path: ['account', 'owner'] });
    expect(value('row == 1', IMPORT_SCOPE)).toMatchObject({ code: 'missing_key', path: ['row'] });
    expect(value('isHoliday("DE")')).toMatchObject({
      path: ['context', 'answers', 'isHoliday("DE")'],
    });
  });

  test('a condition that cannot be evaluated does not hold, with a reason', () => {
    expect(holds(compile('event.nothing > 1'), bindings)).toMatchObject({
      held: false,
      reason: { code: 'missing_key' },
    });
    expect(holds(compile('event.total > 1'), bindings)).toEqual({ held: true });
    expect(holds(compile('event.total'), bindings)).toMatchObject({ reason: { code: 'type' } });
  });

  test.each<[string, string]>([
    ['1 / 0', 'arithmetic'],
    ['event.total / 0', 'arithmetic'],
    ['event.total + profile.name', 'type'],
    ['daysSince(profile.name) > 1', 'type'],
    ['profile.name.replace("", profile.name)', 'ok'],
  ])('%s refuses with %s', (source, code) => {
    const answer = compile(source).evaluate(bindings);
    expect(answer.ok ? 'ok' : answer.error.code).toBe(code);
  });

  test('a dynamic answer of another type than expected is refused', () => {
    const answer = compile('event.total', DYNAMIC_SCOPE, 'bool').evaluate(bindings);
    expect(answer).toMatchObject({ ok: false, error: { code: 'type' } });
  });

  test('lists are iterated up to a bound, also when nested', () => {
    const long = { ...bindings, event: { list: Array.from({ length: 10_001 }, () => 1) } };
    expect(value('event.list.all(x, x == 1)', undefined, long)).toMatchObject({ code: 'limit' });
    expect(value('sum(event.list, line)', undefined, long)).toMatchObject({ code: 'limit' });
    const square = { ...bindings, event: { list: Array.from({ length: 1_000 }, () => 1) } };
    expect(value('event.list.all(x, event.list.all(y, x == y))', undefined, square)).toMatchObject({
      code: 'limit',
    });
    expect(value('event.list.all(x, x == 1)', undefined, square)).toBe(true);
  });

  test('data nested without end costs nothing', () => {
    let nested: unknown = 1;
    for (let level = 0; level < 10_000; level++) nested = level % 2 ? [nested] : { a: nested };
    const data = { now: NOW, event: { x: nested } };
    expect(compile('event.x == []').evaluate(data)).toMatchObject({ ok: true, value: false });
    expect(compile('"a" in event.x').evaluate(data)).toMatchObject({ ok: true, value: false });
    expect(compile('event.x').evaluate(data)).toMatchObject({ error: { code: 'limit' } });
  });

  test('hostile data changes no answer and throws nothing', () => {
    const hostile: unknown = JSON.parse('{"constructor": null, "__proto__": {"x": 1}, "a": 2}');
    const answer = compile('event.a == 2').evaluate({ now: NOW, event: hostile });
    expect(answer.ok || answer.error.code).toBeTruthy();
    delete (hostile as Record<string, unknown>)['constructor'];
    const copied = compile('vars.it').evaluate({ now: NOW, vars: { it: hostile } });
    expect(copied.ok && Object.getPrototypeOf(copied.value)).toBe(Object.prototype);
  });
});

describe('import mappings', () => {
  const data: Bindings = {
    now: NOW,
    row: { InvoiceNo: 'C536365', CustomerID: '17850.0', Quantity: '-6' },
    lines: [
      { Quantity: '6', UnitPrice: '2.55' },
      { Quantity: '8', UnitPrice: '2.75' },
    ],
  };

  test.each<[string, unknown]>([
    ['sum(lines, line.Quantity * line.UnitPrice)', 37.3],
    ["row.InvoiceNo.startsWith('C') ? 'order_cancelled' : 'order_completed'", 'order_cancelled'],
    ["row.CustomerID.replace('.0', '')", '17850'],
    ["row.CustomerID == ''", false],
    ['row.Quantity < 0', true],
    ['size(lines) == 2', true],
    ['lines', data['lines']],
  ])('%s', (source, expected) => {
    const answer = value(source, IMPORT_SCOPE, data);
    if (typeof expected === 'number') expect(answer).toBeCloseTo(expected, 9);
    else expect(answer).toEqual(expected);
  });

  test('a cell that is no number refuses', () => {
    const bad = { ...data, lines: [{ Quantity: 'six', UnitPrice: '1' }] };
    expect(value('sum(lines, line.Quantity * line.UnitPrice)', IMPORT_SCOPE, bad)).toMatchObject({
      code: 'type',
    });
  });
});

describe('references', () => {
  test('name what hosts must load and answer', () => {
    const { references } = compile(
      `profile.country == "FR" && profile.aggregates.orders_365d > 1 && event["total"] > 2
        && entry.cart_id == event.cart_id && decision.rescue.action == "call" && account.owner != ""
        && hourLocal() > 8 && isHoliday("FR") && inSegment("vip")
        && event.products.exists(p, p.sku == vars.sku)`,
    );
    expect(references.paths).toEqual([
      ['account', 'owner'],
      ['decision', 'rescue', 'action'],
      ['entry', 'cart_id'],
      ['event', 'cart_id'],
      ['event', 'products'],
      ['event', 'total'],
      ['profile', 'aggregates', 'orders_365d'],
      ['profile', 'country'],
      ['profile', 'segments'],
      ['vars', 'sku'],
    ]);
    expect(references.questions.map(({ key }) => key)).toEqual(['hourLocal()', 'isHoliday("FR")']);
    expect(references.segments).toEqual(['vip']);
    expect(references.timeOpaque).toBe(true);
  });

  test('tell the moments of daysSince', () => {
    const timed = (source: string) => compile(source).references;
    expect(timed('daysSince(profile.a) > 2 * 90 || 30.5 <= daysSince(profile.b)')).toMatchObject({
      timed: [
        { path: ['profile', 'a'], operator: '>', days: 180 },
        { path: ['profile', 'b'], operator: '>=', days: 30.5 },
      ],
      timeOpaque: false,
    });
    expect(timed('daysSince(profile.a) > profile.b').timeOpaque).toBe(true);
    expect(timed('now > profile.b').timeOpaque).toBe(true);
    expect(timed('profile.b > 1').timeOpaque).toBe(false);
  });
});
