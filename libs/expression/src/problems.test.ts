import { describe, expect, test } from 'vitest';
import { present } from '#libs/kernel';
import { compileExpression, DYNAMIC_SCOPE, type Expectation, type ScopeTypes } from './index.js';

const NOW = 1_780_000_000_000;

function compile(source: string, scope: ScopeTypes = DYNAMIC_SCOPE) {
  const compiled = compileExpression(source, { scope });
  if (!compiled.ok) throw new Error(`${source}: ${JSON.stringify(compiled.error)}`);
  return compiled.value;
}

function problems(source: string, scope: ScopeTypes = DYNAMIC_SCOPE, expects?: Expectation) {
  const compiled = compileExpression(source, expects ? { scope, expects } : { scope });
  return compiled.ok ? [] : compiled.error;
}

const value = (source: string, scope: ScopeTypes, data: object) => {
  const answer = compile(source, scope).evaluate({ now: NOW, ...data });
  return answer.ok ? answer.value : answer.error;
};

describe('problems', () => {
  const typed: ScopeTypes = {
    ...DYNAMIC_SCOPE,
    event: {
      fields: { total: 'double', quantity: 'int', sku: 'string', discount: 'double' },
      optional: ['discount'],
    },
    profile: { fields: { aggregates: { fields: { orders: 'int' } } }, open: true },
  };
  const long = Array.from({ length: 201 }, (_, at) => at).join(',');

  test.each<[string, string, string]>([
    ['syntax', '1 +', ''],
    ['syntax', 'event.total = 3', '='],
    ['syntax', 'event.total and true', ''],
    ['syntax', '"a', '"a'],
    ['syntax', 'event.sku.matches("(")', 'event.sku.matches("(")'],
    ['syntax', 'event.sku.exists(1, true)', ''],
    ['unknown_name', 'evnt.total > 3.0', 'evnt'],
    ['unknown_name', 'event.totl > 3.0', 'totl'],
    ['unknown_name', 'event.total > 3.0 && dayssince(1) > 2.0', 'dayssince'],
    ['unknown_name', 'event.sku.contain("a")', 'contain'],
    ['unknown_name', 'profile.aggregates.ordres > 1', 'ordres'],
    ['unknown_name', 'cel.bind(x, 1, x)', 'cel'],
    ['unknown_name', 'now.getHours("Europe/Paris") > 3', 'now.getHours("Europe/Paris")'],
    ['type', 'event.total == "x"', 'event.total == "x"'],
    ['type', 'event.sku.startsWith(3)', 'event.sku.startsWith(3)'],
    ['type', 'inSegment(event.sku)', 'inSegment(event.sku)'],
    ['too_deep', `${'('.repeat(60)}1${')'.repeat(60)}`, ''],
    ['too_large', Array.from({ length: 151 }, () => '1').join('+'), ''],
    ['too_large', 'a'.repeat(2_001), 'a'.repeat(2_001)],
    ['list_too_long', `event.quantity in [${long}]`, ''],
    [
      'macro_depth',
      '[1].map(a, [1].map(b, [1].map(c, c)))',
      '[1].map(a, [1].map(b, [1].map(c, c)))',
    ],
    ['regex_unbounded', 'event.sku.matches(event.sku)', 'event.sku.matches(event.sku)'],
    ['regex_unbounded', 'event.sku.matches("(a+)+$")', 'event.sku.matches("(a+)+$")'],
    ['type', 'event.total > 1.0 ? 1 : "a"', 'event.total > 1.0 ? 1 : "a"'],
  ])('%s, row %#', (code, source, at) => {
    const [problem] = problems(source, typed);
    expect(problem?.code).toBe(code);
    const { offset, length, message } = present(problem, 'a problem');
    if (at !== '') expect(source.slice(offset, offset + length)).toBe(at);
    expect(message['fr']).toBeTruthy();
    expect(message['en']).toBeTruthy();
  });

  test('the answer is held to what is expected', () => {
    expect(problems('event.total', typed, 'bool')).toMatchObject([{ code: 'type' }]);
    expect(problems('event.total * 2.0', typed, 'number')).toEqual([]);
    expect(problems('profile.whatever', typed, 'bool')).toEqual([]);
  });

  test('habits of other languages are put right', () => {
    expect(problems('event.total = 3')[0]?.hint?.['en']).toBe('equality is written ==');
    expect(problems('event.total and true')[0]?.hint?.['fr']).toBe("« et » s'écrit &&");
    expect(problems('event.total >')[0]?.message['en']).toBe('the expression ends too early');
  });

  test('near names are proposed', () => {
    expect(problems('profil.x > 1')[0]?.hint?.['en']).toBe('did you mean profile?');
    expect(problems('event.totl > 1.0', typed)[0]?.hint?.['en']).toBe('did you mean event.total?');
    expect(problems('daySince(now) > 1.0')[0]?.hint?.['en']).toBe('did you mean daysSince()?');
  });

  test.each([
    ['event.total == 30', 'event.total == 30.0'],
    ['event.total >= 30', 'event.total >= 30.0'],
    ['100 < event.total', '100.0 < event.total'],
    ['(event.total + 1.0) * 2 > 3.0', '(event.total + 1.0) * 2.0'],
    ['event.total * event.quantity > 3.0', 'event.total * double(event.quantity)'],
  ])('int_double_mix on %s proposes %s', (source, corrected) => {
    const { warnings } = compile(source, typed);
    expect(warnings).toMatchObject([{ code: 'int_double_mix', severity: 'warning' }]);
    expect(warnings[0]?.hint?.['en']).toBe(`write ${corrected}`);
  });

  test('int_double_mix says which is which, in words', () => {
    const [warning] = compile('event.total >= 30', typed).warnings;
    expect(warning?.message).toEqual({
      fr: 'event.total est un nombre décimal (double), 30 un nombre entier (int)',
      en: 'event.total is a decimal number (double), 30 a whole one (int)',
    });
  });

  test('fields declared as times are instants, however data writes them', () => {
    const scope: ScopeTypes = {
      ...DYNAMIC_SCOPE,
      event: { fields: { at: 'timestamp', until: 'timestamp' } },
    };
    const event = { at: '2026-03-01T00:30:00+02:00', until: 1_772_400_000_000 };
    const read = (source: string) => value(source, scope, { event });
    expect(read('event.at.getDayOfWeek()')).toBe(6);
    expect(read('event.at < event.until && event.until < now')).toBe(true);
    expect(read('event.until - event.at > duration("22h")')).toBe(true);
    expect(read('has(event.at) && daysSince(event.at) > 1.0')).toBe(true);
    expect(read('event.at')).toBe(1_772_317_800_000);
    expect(value('event.at < now', scope, { event: { at: 'soon' } })).toMatchObject({
      code: 'type',
    });
  });

  test('mixed numbers warn and still evaluate', () => {
    expect(value('event.total == 80', typed, { event: { total: 80 } })).toBe(true);
    expect(value('event.quantity / 2 == 1.5', typed, { event: { quantity: 3 } })).toBe(true);
  });

  test.each<[string, number]>([
    ['event.discount > 5.0', 1],
    ['has(event.discount) && event.discount > 5.0', 0],
    ['event.discount > 5.0 && has(event.discount)', 0],
    ['!has(event.discount) || event.discount > 5.0', 0],
    ['has(event.discount) || event.discount > 5.0', 1],
    ['has(event.discount) ? event.discount : 0.0', 0],
    ['event.total > 5.0', 0],
  ])('missing_key_risk: %s', (source, count) => {
    const { warnings } = compile(source, typed);
    expect(warnings).toHaveLength(count);
    if (count > 0) expect(warnings[0]?.code).toBe('missing_key_risk');
  });

  test('the has() form is proposed', () => {
    const { warnings } = compile('event.total > 1.0 && event.discount > 5.0', typed);
    expect(warnings[0]?.hint?.['en']).toBe('write has(event.discount) && event.discount > 5.0');
  });
});
