import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { factOf, START_MS } from './facts.js';
import { openWorld, startOn, type World } from './world.js';

let world: World;

beforeAll(async () => {
  world = await openWorld();
  await world.sink.migrate();
});

afterAll(() => world.close());

/** Reads far more than 30 s allow. */
const ENDLESS = 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1';

const memoryMb = (): number => {
  const status = readFileSync(`/proc/${world.server.pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
};

const events = (batch: number, size: number) =>
  Array.from({ length: size }, (_, index) =>
    factOf('event', {
      id: `b${batch}-${index}`,
      profileId: `p${index % 500}`,
      body: { occurredAtMs: START_MS + index * 1_000 },
    }),
  );

const count = async (table: string): Promise<number> =>
  (await world.reader.query<{ n: number }>(`SELECT count() AS n FROM relance.${table}`))[0]?.n ??
  -1;

describe('the writer beside analysts', () => {
  it('is not held up by the longest queries an analyst can run', { timeout: 120_000 }, async () => {
    const heavy = [1, 2].map(() => world.ask(ENDLESS));
    const startMs = performance.now();
    let worstMs = 0;
    let batches = 0;
    // Longer than such a query may run.
    while (performance.now() - startMs < 33_000) {
      const fromMs = performance.now();
      await world.sink.insert(events(batches, 500), { appendedAtMs: Date.now() });
      worstMs = Math.max(worstMs, performance.now() - fromMs);
      batches += 1;
    }
    const answers = await Promise.all(heavy);
    const text = `${batches} batches of 500, worst ${Math.round(worstMs)} ms, ${memoryMb()} MB`;
    console.info(`writer under two 30 s queries: ${text}`);
    expect(answers.map(({ status, text: said }) => `${status} ${said.slice(0, 9)}`)).toEqual(
      Array(2).fill('408 Code: 159'),
    );
    expect(worstMs).toBeLessThan(5_000);
    expect(await count('events')).toBe(batches * 500);
    const [fresh] = await world.reader.query<{ behind_p99_ms: number }>(
      "SELECT behind_p99_ms FROM relance.freshness WHERE table = 'events'",
    );
    expect(fresh?.behind_p99_ms).toBeLessThan(5_000);
  });

  it(
    'two heavy queries run, a bounded number wait, the rest are told so',
    { timeout: 90_000 },
    async () => {
      const controller = new AbortController();
      const asked = Array.from({ length: 24 }, () =>
        world.ask(ENDLESS, { signal: controller.signal }).then(
          ({ status, headers }) => `${status} ${headers.get('x-clickhouse-exception-code') ?? ''}`,
          () => 'called off',
        ),
      );
      const refused = await Promise.any(
        asked.map(async (answer) =>
          (await answer) === '503 202' ? answer : Promise.reject(new Error('not refused')),
        ),
      );
      expect(refused).toBe('503 202');
      // What tells about tables is not behind them.
      const fromMs = performance.now();
      expect((await world.ask('SHOW TABLES')).status).toBe(200);
      expect(performance.now() - fromMs).toBeLessThan(2_000);
      controller.abort();
      const answers = await Promise.all(asked);
      expect(answers.filter((answer) => answer === '503 202')).toHaveLength(24 - 2 - 16);
      // Hung up on, they are ended in the engine, so that others need not wait for them.
      const again = async (): Promise<number> =>
        (await world.ask('SELECT count() FROM events')).status;
      await expect.poll(again, { timeout: 10_000 }).toBe(200);
    },
  );

  it('inserts fast, and stays small', { timeout: 90_000 }, async () => {
    const batches = [0, 1, 2, 3, 4].map((batch) => events(1_000_000 + batch, 10_000));
    const fromMs = performance.now();
    for (const batch of batches) await world.sink.insert(batch);
    const perSecond = Math.round(50_000 / ((performance.now() - fromMs) / 1_000));
    console.info(`${perSecond} facts/s through the sink, ${memoryMb()} MB`);
    expect(perSecond).toBeGreaterThan(5_000);
    expect(memoryMb()).toBeLessThan(900);
  });
});

describe('the process', () => {
  it('refuses a second one on its folder, and a taken port', async () => {
    await expect(startOn(world.dataDir)).rejects.toMatchObject({ code: 'data_unusable' });
    await expect(startOn(`${world.dataDir}-other`, world.server.port)).rejects.toMatchObject({
      code: 'start_failed',
    });
  });

  it('opens its folder again after SIGKILL in the middle of writing', async () => {
    await world.sink.insert(events(7_000_000, 100));
    const before = await count('events');
    const inHand = world.sink.insert(events(8_000_000, 5_000)).then(
      () => true,
      () => false,
    );
    world.server.kill();
    await world.server.ended;
    const isWritten = await inHand;
    world.server = await startOn(world.dataDir, world.server.port);
    const after = await count('events');
    expect(after).toBeGreaterThanOrEqual(isWritten ? before + 5_000 : before);
    await world.sink.insert(events(8_000_000, 5_000));
    expect(await count('events')).toBe(before + 5_000);
  });

  it('stops on SIGTERM within its time, and keeps everything', async () => {
    const before = await count('events');
    void world.ask(ENDLESS).catch(() => undefined);
    const fromMs = performance.now();
    await world.server.stop();
    expect(performance.now() - fromMs).toBeLessThan(8_000);
    expect(await world.server.ended).toEqual({ exitCode: 0, signal: null });
    world.server = await startOn(world.dataDir, world.server.port);
    expect(await count('events')).toBe(before);
  });
});
