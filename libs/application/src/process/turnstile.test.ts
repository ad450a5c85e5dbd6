import { expect, test } from 'vitest';
import { Turnstile } from './turnstile.js';

test('what runs alone waits for what is under way, and what comes after waits for it', async () => {
  const turnstile = new Turnstile();
  const told: string[] = [];
  const first = Promise.withResolvers<void>();
  const lone = Promise.withResolvers<void>();
  const works = [
    turnstile.through(() => first.promise.then(() => void told.push('first'))),
    turnstile.alone(() => lone.promise.then(() => void told.push('alone'))),
    turnstile.through(() => Promise.resolve(void told.push('after'))),
  ];
  lone.resolve();
  await Promise.resolve();
  expect(told).toEqual([]);
  first.resolve();
  await Promise.all(works);
  expect(told).toEqual(['first', 'alone', 'after']);
});

test('a failure alone lets the others go on', async () => {
  const turnstile = new Turnstile();
  await expect(turnstile.alone(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await turnstile.through(() => Promise.resolve(1))).toBe(1);
});
