import { expect, test } from 'vitest';
import { keptDays, retentionDays } from './retention.js';

test.each([
  ['30d', 30],
  ['2w', 14],
  ['13mo', 403],
  ['3y', 1_098],
])('%s is %d days', (text, days) => {
  expect(retentionDays(text)).toBe(days);
});

test('without a workspace nothing is kept for less than the default', () => {
  expect(keptDays(null)).toEqual({ events: 403, results: 1_098 });
});
