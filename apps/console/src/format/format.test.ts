import { expect, test } from 'vitest';
import { formatOf } from './format.js';

const AT_MS = Date.parse('2026-11-23T22:30:00Z');
const fr = formatOf('fr', 'Europe/Paris');
const en = formatOf('en', 'Europe/London');
/** Spaces of every width as plain ones. */
const plain = (text: string): string => text.replace(/\s/gu, ' ');

test('money and numbers are written as the reader writes them', () => {
  const amount = { amount: '1290.5000', currency: 'EUR' };
  expect(plain(fr.money(amount))).toBe('1 290,50 €');
  expect(en.money(amount)).toBe('€1,290.50');
  expect(plain(fr.percent(0.623))).toBe('62,3 %');
  expect(plain(fr.points(0.042))).toBe('+4,2 pt');
  expect(plain(fr.list(['3 €', '2 £']))).toBe('3 € et 2 £');
});

test('times are those of the workspace’s zone', () => {
  expect(fr.dateTime(AT_MS)).toContain('23:30');
  expect(en.dateTime(AT_MS)).toContain('22:30');
  expect(formatOf('fr', 'Asia/Tokyo').dayOf(AT_MS)).toBe('2026-11-24');
  expect(fr.shortDay('2026-11-23')).toBe('23 nov.');
});

test('ages and sizes have a unit', () => {
  expect(plain(fr.relative(AT_MS - 3 * 86_400_000, AT_MS))).toBe('il y a 3 jours');
  expect(plain(en.relative(AT_MS + 7_200_000, AT_MS))).toBe('in 2 hours');
  expect(plain(fr.duration(90_000))).toBe('2 min');
  expect(plain(fr.bytes(412_000_000))).toBe('412 Mo');
  expect(fr.country('BE')).toBe('Belgique');
  expect(fr.country('nowhere')).toBe('nowhere');
});
