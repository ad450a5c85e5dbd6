import { readFileSync } from 'node:fs';
import { ClickHouseError } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmbeddedLog, LOG_CHANNEL, Wakeups } from '#libs/adapter-postgres';
import { AnalyticsSink } from '#libs/application';
import type { Fact } from '#libs/contracts';
import type { JsonObject } from '#libs/kernel';
import { openTestStore, type TestStore } from '#libs/testkit';
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

/** Two queries that no analyst gets an answer to: one of the processor, one over the sink's table. */
const HEAVY: readonly ((rows: number) => string)[] = [
  (rows) => `SELECT count() AS n FROM numbers(${rows}) WHERE sipHash64(number) = 1`,
  (rows) => `SELECT count() AS n FROM numbers(${rows}) AS a
    CROSS JOIN (SELECT event_id FROM relance.events LIMIT 10) AS e
    WHERE sipHash64(a.number, e.event_id) = 1`,
];
const SHARE = 1_000_000;
const WHOLE = 1_000_000_000_000;
/** As core.md has it. */
const CUT_AFTER_MS = 30_000;

/** Ends in an error, with how long that took. */
async function cutOff(query: string): Promise<{ code: string; tookMs: number }> {
  const fromMs = performance.now();
  const code = await world.analyst.query({ query, format: 'JSONEachRow' }).then(
    async (answer) => `answered ${await answer.text()}`,
    (error: unknown) => (error instanceof ClickHouseError ? error.code : String(error)),
  );
  return { code, tookMs: performance.now() - fromMs };
}

describe('the sink beside analysts', () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.close());

  it(
    'carries the log on while the longest queries run, and these are cut at their bound',
    { timeout: 90_000 },
    async () => {
      const database = await store.fresh();
      const wakeups = new Wakeups(database, LOG_CHANNEL);
      const log = await EmbeddedLog.open(database, wakeups, { partitions: 4, wallMs: Date.now });
      const reader = await log.reader('analytics', ['facts']);
      const sink = new AnalyticsSink({ work: database, reader, writer: world.sink });
      let carried = 0;
      /** From the append to the commit of the sink's offsets. */
      const carry = async (facts: readonly Fact[]): Promise<number> => {
        const fromMs = performance.now();
        await log.append(
          'facts',
          facts.map((fact) => ({ key: fact.id, value: fact as unknown as JsonObject })),
        );
        for (let left = facts.length; left > 0;) left -= await sink.runOnce(1_000);
        carried += facts.length;
        return performance.now() - fromMs;
      };
      await carry(events(0, 500));
      for (const query of HEAVY) {
        const fromMs = performance.now();
        expect((await world.ask(query(SHARE))).status).toBe(200);
        const wholeMs = (performance.now() - fromMs) * (WHOLE / SHARE);
        expect(wholeMs, 'left alone it runs for longer than a minute').toBeGreaterThan(60_000);
      }

      const over = new AbortController();
      const cut = Promise.all(HEAVY.map((query) => cutOff(query(WHOLE)))).finally(() => {
        over.abort();
      });
      const delaysMs: number[] = [];
      for (let batch = 1; !over.signal.aborted; batch += 1)
        delaysMs.push(await carry(events(batch, 500)));
      const worstMs = Math.max(...delaysMs);
      const text = `${delaysMs.length} batches of 500, worst ${Math.round(worstMs)} ms, ${memoryMb()} MB`;
      console.info(`the sink under two heavy queries: ${text}`);
      for (const { code, tookMs } of await cut) {
        expect(code).toBe('159');
        expect(tookMs).toBeGreaterThan(CUT_AFTER_MS - 500);
        expect(tookMs).toBeLessThan(CUT_AFTER_MS + 3_000);
      }
      expect(delaysMs.length).toBeGreaterThan(6);
      expect(worstMs).toBeLessThan(5_000);
      expect(await count('events')).toBe(carried);
      expect(
        (await log.lag('analytics')).filter(({ topic, lag }) => topic === 'facts' && lag > 0),
      ).toEqual([]);
      const [fresh] = await world.reader.query<{ behind_p99_ms: number }>(
        "SELECT behind_p99_ms FROM relance.freshness WHERE table = 'events'",
      );
      expect(fresh?.behind_p99_ms).toBeLessThan(5_000);
      await wakeups.close();
    },
  );

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
