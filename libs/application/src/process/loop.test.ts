import { expect, test } from 'vitest';
import { pause, runLoop } from './loop.js';

test('works on without waiting while there is something to do, then idles', async () => {
  const stop = new AbortController();
  const turns: number[] = [];
  let idled = 0;
  const left = [3, 2, 1, 0, 0];
  await runLoop(
    {
      name: 'test',
      turn: () => {
        const done = left.shift() ?? 0;
        turns.push(done);
        return Promise.resolve(done);
      },
      idle: () => {
        idled += 1;
        if (idled === 2) stop.abort();
        return Promise.resolve();
      },
    },
    { failed: () => undefined },
    stop.signal,
  );
  expect(turns).toEqual([3, 2, 1, 0, 0]);
  expect(idled).toBe(2);
});

test('a failing turn is told and tried again, and a stop ends the pause', async () => {
  const stop = new AbortController();
  const told: number[] = [];
  await runLoop(
    {
      name: 'test',
      turn: () => Promise.reject(new Error('away')),
      idle: () => Promise.resolve(),
    },
    {
      failed: (_name, _error, attempt) => {
        told.push(attempt);
        if (attempt === 2) stop.abort();
      },
    },
    stop.signal,
  );
  expect(told).toEqual([1, 2]);
});

test('a pause that is aborted already does not begin', async () => {
  await pause(60_000, AbortSignal.abort());
});
