import { describe, expect, it } from 'vitest';
import { Gate } from './gate.js';

const never = new AbortController().signal;

/** Work that a test lets end. */
function held(): { readonly work: () => Promise<string>; readonly end: () => void } {
  let end = (): void => undefined;
  const done = new Promise<string>((resolve) => {
    end = () => resolve('done');
  });
  return { work: () => done, end: () => end() };
}

describe('Gate', () => {
  it('runs so many at once, the others in order', async () => {
    const gate = new Gate({ atOnce: 1, waiting: 2, waitMs: 60_000 });
    const first = held();
    const order: string[] = [];
    const runs = [
      gate.run(never, async () => {
        await first.work();
        order.push('first');
      }),
      gate.run(never, () => Promise.resolve(order.push('second'))),
      gate.run(never, () => Promise.reject(new Error('third'))).catch(() => order.push('third')),
    ];
    await expect(gate.run(never, first.work)).rejects.toMatchObject({ code: 202 });
    expect(order).toEqual([]);
    first.end();
    await Promise.all(runs);
    expect(order).toEqual(['first', 'second', 'third']);
    await expect(gate.run(never, () => Promise.resolve('free'))).resolves.toBe('free');
  });

  it('lets a waiter go when it is called off or has waited long enough', async () => {
    const gate = new Gate({ atOnce: 1, waiting: 2, waitMs: 1 });
    const first = held();
    const running = gate.run(never, first.work);
    const controller = new AbortController();
    const calledOff = gate.run(controller.signal, first.work);
    controller.abort();
    await expect(calledOff).rejects.toMatchObject({ code: 394 });
    await expect(gate.run(never, first.work)).rejects.toMatchObject({ code: 202 });
    await expect(gate.run(controller.signal, first.work)).rejects.toMatchObject({ code: 394 });
    first.end();
    await expect(running).resolves.toBe('done');
  });
});
