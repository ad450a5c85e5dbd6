import { expect, test } from 'vitest';
import { EngineError } from '../engine-error.js';
import type { Ending, Kept } from '../process/handle.js';
import { keep, type KeeperEvents } from './keeper.js';

const QUICK = { firstMs: 1, longestMs: 4, wellAfterMs: 60_000, attemptsBeforeReady: 3 };
const identity = { pid: 1, startTime: 'x' };

/** A process that ends when told. */
function standIn(): Kept & { end(ending: Ending): void } {
  let end: (ending: Ending) => void = () => undefined;
  const ended = new Promise<Ending>((resolve) => (end = resolve));
  const stop = async (): Promise<void> => end({ exitCode: 0, signal: null });
  return { identity, ended, stop, kill: () => end({ exitCode: null, signal: 'SIGKILL' }), end };
}

function recorder(): KeeperEvents & { readonly log: string[] } {
  const log: string[] = [];
  return {
    log,
    started: (role) => void log.push(`started ${role}`),
    ended: (role) => void log.push(`ended ${role}`),
    restarting: (role, reason, waitMs) => void log.push(`${role} ${reason} ${waitMs}`),
  };
}

test('what dies is started again, with a longer wait each time, up to the longest', async () => {
  const events = recorder();
  const made: ReturnType<typeof standIn>[] = [];
  const sixth = new Promise<void>((resolve) => {
    const keeper = keep(
      {
        role: 'api',
        start: ({ started }) => {
          const next = standIn();
          started(identity);
          made.push(next);
          if (made.length < 6) next.kill();
          else resolve(keeper.stop(1_000));
          return Promise.resolve(next);
        },
      },
      events,
      QUICK,
    );
  });
  await sixth;
  const waits = events.log.filter((line) => line.startsWith('api')).map((line) => line.slice(4));
  expect(waits).toEqual([1, 2, 4, 4, 4].map((waitMs) => `SIGKILL ${waitMs}`));
  expect(made).toHaveLength(6);
});

test('a part that never becomes ready ends the attempt after a few failures', async () => {
  let starts = 0;
  const start = (): Promise<Kept> => {
    starts += 1;
    return Promise.reject(new Error('no disk'));
  };
  const keeper = keep({ role: 'worker', start }, recorder(), QUICK);
  await expect(keeper.ready).rejects.toThrow('no disk');
  await keeper.stop(1_000);
  expect(starts).toBe(3);
});

test('a failure that trying again cannot mend ends it at once', async () => {
  const broken = new EngineError('data_unusable', { en: 'wrong folder', fr: 'mauvais dossier' });
  const keeper = keep({ role: 'pg', start: () => Promise.reject(broken) }, recorder(), QUICK);
  await expect(keeper.ready).rejects.toBe(broken);
});

test('a stop during the start calls it off and is waited for', async () => {
  const start = ({ signal }: { signal: AbortSignal }): Promise<Kept> =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('called off')));
    });
  const keeper = keep({ role: 'pg', start }, recorder(), QUICK);
  await keeper.stop(1_000);
  await expect(keeper.ready).rejects.toThrow();
});
