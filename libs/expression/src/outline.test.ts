import { expect, test } from 'vitest';
import { compileExpression, DYNAMIC_SCOPE, outlineOf } from './index.js';

function outline(source: string) {
  const compiled = compileExpression(source, { scope: DYNAMIC_SCOPE, expects: 'bool' });
  if (!compiled.ok) throw new Error(`${source}: ${JSON.stringify(compiled.error)}`);
  return outlineOf(compiled.value);
}
const path = (...names: string[]) => ({ kind: 'path', path: names });

test('the plain forms of a condition are told apart', () => {
  expect(
    outline(
      `(profile.country == "FR" && profile.n >= 1 + 2) && !inSegment('vip') &&
       (has(profile.birthday) || profile["pro"] || account != null) &&
       daysSince(profile.at) > 180.0 && profile.country in ["FR", "BE"]`,
    ),
  ).toEqual({
    kind: 'all',
    parts: [
      {
        kind: 'compare',
        by: '==',
        left: path('profile', 'country'),
        right: { kind: 'literal', value: 'FR' },
      },
      {
        kind: 'compare',
        by: '>=',
        left: path('profile', 'n'),
        right: { kind: 'literal', value: 3 },
      },
      { kind: 'not', part: { kind: 'in_segment', segment: 'vip' } },
      {
        kind: 'any',
        parts: [
          { kind: 'has', path: ['profile', 'birthday'] },
          { kind: 'true', path: ['profile', 'pro'] },
          {
            kind: 'compare',
            by: '!=',
            left: path('account'),
            right: { kind: 'literal', value: null },
          },
        ],
      },
      {
        kind: 'compare',
        by: '>',
        left: { kind: 'days_since', path: ['profile', 'at'] },
        right: { kind: 'literal', value: 180 },
      },
      {
        kind: 'one_of',
        of: path('profile', 'country'),
        among: [
          { kind: 'literal', value: 'FR' },
          { kind: 'literal', value: 'BE' },
        ],
      },
    ],
  });
});

test('a condition with any other part has no outline', () => {
  for (const source of [
    'profile.a + profile.b > 1',
    'profile.a == 1 && profile.list.exists(x, x > 1)',
    'profile.a ? profile.b : profile.c',
    'profile.name.startsWith("x")',
    'profile.a in profile.list',
  ]) {
    expect([source, outline(source)]).toEqual([source, null]);
  }
});
