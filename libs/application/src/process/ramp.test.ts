import { expect, test } from 'vitest';
import { Ramp } from './ramp.js';

test('grows while batches are full, up to its bound, and starts anew after a small one', () => {
  const ramp = new Ramp(100, 500);
  const sizes = [100, 180, 400, 500, 30, 20].map((count) => {
    const { size } = ramp;
    ramp.took(count);
    return size;
  });
  expect(sizes).toEqual([100, 200, 400, 500, 500, 100]);
});

test('shrinks by failures down to one, and grows again from there', () => {
  const ramp = new Ramp(100, 500);
  for (let count = 0; count < 5; count += 1) ramp.failed();
  expect(ramp.size).toBe(1);
  ramp.took(1);
  expect(ramp.size).toBe(2);
});
