import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../ports/transaction.js';
import { CaptureQueue } from './capture-queue.js';
import { RateLimit } from './rate-limit.js';
import { Refusals, shapeOf, type RefusalCount } from './refusals.js';

/** A log whose appends the test lets through one by one. */
class GatedLog {
  readonly stored: string[] = [];
  readonly sizes: number[] = [];
  private gates: ((error?: Error) => void)[] = [];
  inFlight = 0;

  readonly append = (_keys: readonly string[], values: readonly string[]): Promise<void> => {
    this.inFlight += 1;
    return new Promise((resolve, reject) => {
      this.gates.push((error) => {
        this.inFlight -= 1;
        if (error !== undefined) return reject(error);
        this.stored.push(...values);
        this.sizes.push(values.length);
        resolve();
      });
    });
  };

  async open(error?: Error): Promise<void> {
    while (this.gates.length === 0) await new Promise((resolve) => setImmediate(resolve));
    this.gates.shift()?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const queueOver = (log: GatedLog, over: Partial<{ maxQueued: number; maxTogether: number }> = {}) =>
  new CaptureQueue({
    append: log.append,
    maxQueued: 100,
    maxTogether: 10,
    giveUpMs: 0,
    elapsedMs: () => 0,
    ...over,
  });

describe('CaptureQueue', () => {
  it('puts what comes while one append is in flight into the next, and answers after it', async () => {
    const log = new GatedLog();
    const queue = queueOver(log);
    const answered: string[] = [];
    const add = (name: string): void => {
      void queue.add([name], [name]).then(() => answered.push(name));
    };
    add('a');
    add('b');
    await log.open();
    expect(answered).toEqual(['a', 'b']);
    add('c');
    await new Promise((resolve) => setImmediate(resolve));
    for (const name of ['d', 'e', 'f']) add(name);
    expect(log.inFlight).toBe(1);
    await log.open();
    expect(answered).toEqual(['a', 'b', 'c']);
    await log.open();
    expect(log.sizes).toEqual([2, 1, 3]);
    expect(answered).toHaveLength(6);
    expect(queue.depth).toBe(0);
  });

  it('stores everything once and in order, never more together than it may', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 20 }),
        async (sizes) => {
          const stored: string[] = [];
          const batches: number[] = [];
          const queue = new CaptureQueue({
            append: async (_keys, values) => {
              await new Promise((resolve) => setImmediate(resolve));
              stored.push(...values);
              batches.push(values.length);
            },
            maxQueued: 1_000,
            maxTogether: 10,
            giveUpMs: 0,
            elapsedMs: () => 0,
          });
          const given = sizes.map((size, place) =>
            Array.from({ length: size }, (_, index) => `${place}.${index}`),
          );
          await Promise.all(given.map((values) => queue.add(values, values)));
          expect(stored).toEqual(given.flat());
          // One request is never cut, even one larger than the bound.
          expect(Math.max(0, ...batches)).toBeLessThanOrEqual(Math.max(10, ...sizes));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('refuses past its bound, takes nothing then, and takes again later', async () => {
    const log = new GatedLog();
    const queue = queueOver(log, { maxQueued: 3 });
    const first = queue.add(['a', 'b'], ['a', 'b']);
    expect(await queue.add(['c', 'd'], ['c', 'd'])).toBe(false);
    expect(queue.depth).toBe(2);
    await log.open();
    expect(await first).toBe(true);
    const later = queue.add(['e', 'f', 'g'], ['e', 'f', 'g']);
    await log.open();
    expect(await later).toBe(true);
    await queue.drain();
    expect(log.stored).toEqual(['a', 'b', 'e', 'f', 'g']);
  });

  it('tells all the waiting of a fault, and goes on', async () => {
    const log = new GatedLog();
    const queue = queueOver(log);
    const ends = Promise.allSettled([queue.add(['a'], ['a']), queue.add(['b'], ['b'])]);
    await log.open(new Error('disk full'));
    expect((await ends).map((end) => end.status)).toEqual(['rejected', 'rejected']);
    const after = queue.add(['c'], ['c']);
    await log.open();
    await after;
    expect(log.stored).toEqual(['c']);
  });

  it('tries again what may pass, until it gives up', async () => {
    let nowMs = 0;
    let failures = 2;
    const queue = new CaptureQueue({
      append: () => {
        nowMs += 400;
        failures -= 1;
        if (failures >= 0) return Promise.reject(new StoreError('gone', true));
        return Promise.resolve();
      },
      maxQueued: 10,
      maxTogether: 10,
      giveUpMs: 1_000,
      elapsedMs: () => nowMs,
    });
    await queue.add(['a'], ['a']);
    failures = 100;
    await expect(queue.add(['b'], ['b'])).rejects.toThrow('gone');
  });
});

describe('RateLimit', () => {
  it('never lets more through than its burst and its rate', () => {
    const step = fc.record({ waitMs: fc.nat(2_000), events: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let nowMs = 0;
        const limit = new RateLimit({ perSecond: 10, burst: 50, elapsedMs: () => nowMs });
        let taken = 0;
        for (const { waitMs, events } of steps) {
          nowMs += waitMs;
          const waitSeconds = limit.take('web', events);
          if (waitSeconds === 0) taken += Math.min(events, 50);
          else {
            // Whoever waits as told is let through.
            nowMs += waitSeconds * 1_000;
            expect(limit.take('web', events)).toBe(0);
            taken += Math.min(events, 50);
          }
        }
        expect(taken).toBeLessThanOrEqual(50 + (nowMs / 1_000) * 10 + 1e-6);
      }),
    );
  });
});

describe('Refusals', () => {
  it('keeps of a name only what the store can hold', () => {
    const message = { 'a\u0000b': 1, [`${'x'.repeat(39)}\u{1f600}`]: 'y' };
    expect(shapeOf(message)).toBe(`ab:number ${'x'.repeat(39)}\ufffd:string`);
  });

  it('loses no count when the store fails', async () => {
    const kept: RefusalCount[] = [];
    let isDown = true;
    const refusals = new Refusals({
      add: (counts) => {
        if (isDown) return Promise.reject(new Error('down'));
        kept.push(...counts);
        return Promise.resolve();
      },
    });
    refusals.add('web', 'too_deep', { a: 1 }, 0);
    await expect(refusals.flush()).rejects.toThrow('down');
    refusals.add('web', 'too_deep', { a: 1 }, 0);
    isDown = false;
    await refusals.flush();
    expect(kept).toEqual([{ day: '1970-01-01', source: 'web', code: 'too_deep', count: 2 }]);
  });
});
