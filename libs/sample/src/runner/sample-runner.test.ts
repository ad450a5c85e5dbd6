import { describe, expect, it } from 'vitest';
import type { RawEvent } from '#libs/contracts';
import { sampleHistory } from '../history.js';
import type { OpenTask, ReceivedMessage } from '../visitor/messages.js';
import type { SamplePorts, SampleProgress } from './ports.js';
import { SampleRunner, type LoadingProgress } from './sample-runner.js';

const HOUR_MS = 3_600_000;
const endMs = Date.UTC(2026, 10, 20, 9);
const world = { seed: 'runner', people: 150, accounts: 6 };

class Killed extends Error {}

/** An engine in memory: what it keeps survives a runner, as a disk survives a process. */
class Engine implements SamplePorts {
  nowMs = endMs;
  stored: string | null = null;
  readonly historical = new Map<string, RawEvent>();
  readonly live = new Map<string, RawEvent>();
  readonly did: string[] = [];
  readonly lost: string[] = [];
  mails: ReceivedMessage[] = [];
  tasks: OpenTask[] = [];
  awake = true;
  pausedMs = 0;
  appended = 0;
  /** Appends left before the process dies. */
  lives = Number.POSITIVE_INFINITY;
  /** Whether the batch that kills is on disk already. */
  diesAfter = false;

  readonly clock = { nowMs: () => this.nowMs };
  readonly progress = {
    load: async () => (this.stored === null ? null : (JSON.parse(this.stored) as SampleProgress)),
    save: async (progress: SampleProgress) => {
      this.stored = JSON.stringify(progress);
    },
  };

  private put(into: Map<string, RawEvent>, events: readonly RawEvent[]): void {
    this.lives -= 1;
    if (this.lives < 0 && !this.diesAfter) throw new Killed('before');
    this.appended += events.length;
    for (const event of events) into.set(event.messageId, event);
    if (this.lives < 0) throw new Killed('after');
  }

  async appendHistorical(events: readonly RawEvent[]) {
    this.put(this.historical, events);
  }
  async appendLive(events: readonly RawEvent[]) {
    this.put(this.live, events);
  }
  async caught(sinceSeq: number) {
    return this.mails.filter(({ seq }) => seq > sinceSeq);
  }
  async openTasks() {
    return this.tasks;
  }
  async fetchUrl(url: string, method: string) {
    if (url.includes('broken')) throw new Error('no route');
    this.did.push(`${method} ${url}`);
  }
  async complain(deliveryId: string) {
    this.did.push(`complain ${deliveryId}`);
  }
  async reply(from: string, text: string) {
    this.did.push(`reply ${from} ${text}`);
  }
  async closeTask(taskId: string, outcome: string) {
    this.did.push(`${outcome} ${taskId}`);
    this.tasks = this.tasks.filter((task) => task.taskId !== taskId);
  }
  isAwake() {
    return this.awake;
  }
  async pause(forMs: number) {
    this.pausedMs += forMs;
  }
  onLost(kind: string) {
    this.lost.push(kind);
  }
}

const { signal } = new AbortController();
const runnerOf = (ports: Engine) => new SampleRunner({ ...world, ports, batchSize: 200 });
const expected = [...sampleHistory({ ...world, endMs })].map(({ messageId }) => messageId);

async function loaded(): Promise<Engine> {
  const engine = new Engine();
  await runnerOf(engine).loadHistory(() => undefined, signal);
  engine.appended = 0;
  return engine;
}

async function liveFor(engine: Engine, runner: SampleRunner, hours: number): Promise<number> {
  const untilMs = engine.nowMs + hours * HOUR_MS;
  let turns = 0;
  while (engine.nowMs < untilMs) {
    engine.nowMs += HOUR_MS / 2;
    while ((await runner.turn(signal)) > 0) turns += 1;
  }
  return turns;
}

describe('loading', () => {
  it('appends the whole history once, telling how far it is', async () => {
    const engine = new Engine();
    const told: LoadingProgress[] = [];
    expect(await runnerOf(engine).loadHistory((one) => told.push(one), signal)).toBe(true);
    expect([...engine.historical.keys()]).toEqual(expected);
    expect(told.at(-1)?.events).toBe(expected.length);
    const shares = told.map(({ share }) => share);
    expect(shares).toEqual([...shares].sort((left, right) => left - right));
    expect(shares[0]).toBeGreaterThanOrEqual(0);
    expect(shares.at(-1)).toBeGreaterThan(0.95);
    engine.nowMs += 5 * HOUR_MS;
    await runnerOf(engine).loadHistory(() => undefined, signal);
    expect(engine.appended).toBe(expected.length);
  });

  it.each([false, true])('goes on after a kill at any batch (on disk: %s)', async (diesAfter) => {
    const engine = new Engine();
    engine.diesAfter = diesAfter;
    for (let kills = 0; kills < 200; kills += 1) {
      engine.lives = 2;
      const runner = runnerOf(engine);
      const isDone = await runner
        .loadHistory(() => undefined, signal)
        .catch((error: unknown) => {
          expect(error).toBeInstanceOf(Killed);
          return false;
        });
      // The clock went on; the history must still end where it was begun.
      engine.nowMs += HOUR_MS;
      if (isDone) break;
    }
    expect([...engine.historical.keys()]).toEqual(expected);
  });

  it('stops when asked', async () => {
    const stop = new AbortController();
    const engine = new Engine();
    const runner = runnerOf(engine);
    expect(await runner.loadHistory(() => stop.abort(), stop.signal)).toBe(false);
    expect(engine.historical.size).toBe(200);
    expect(await runner.turn(signal)).toBe(0);
  });
});

describe('living', () => {
  it('appends what happens, received now, and waits when there is nothing yet', async () => {
    const engine = await loaded();
    const runner = runnerOf(engine);
    expect(await runner.turn(signal)).toBe(0);
    await liveFor(engine, runner, 24);
    expect(engine.live.size).toBeGreaterThan(20);
    for (const event of engine.live.values()) {
      expect(event.historical).toBe(false);
      expect(event.receivedAtMs).toBeGreaterThanOrEqual(event.atMs);
      expect(event.receivedAtMs - event.atMs).toBeLessThanOrEqual(HOUR_MS);
      expect(engine.historical.has(event.messageId)).toBe(false);
    }
    expect(engine.pausedMs).toBeCloseTo((engine.live.size * 1_000) / 150, 3);
  });

  it('does the same through kills as without', async () => {
    const [calm, rough] = [await loaded(), await loaded()];
    await liveFor(calm, runnerOf(calm), 30);
    rough.diesAfter = true;
    let runner = runnerOf(rough);
    while (rough.nowMs < endMs + 30 * HOUR_MS) {
      rough.lives = 3;
      await liveFor(rough, runner, 0.5).catch(() => (runner = runnerOf(rough)));
    }
    rough.lives = Number.POSITIVE_INFINITY;
    while ((await runner.turn(signal)) > 0);
    expect([...rough.live.keys()].sort()).toEqual([...calm.live.keys()].sort());
  });

  it('keeps in hand what could not be appended', async () => {
    const [calm, flaky] = [await loaded(), await loaded()];
    await liveFor(calm, runnerOf(calm), 20);
    const runner = runnerOf(flaky);
    for (let hour = 0; hour < 40; hour += 1) {
      flaky.nowMs += HOUR_MS / 2;
      flaky.lives = hour % 2;
      await runner.turn(signal).catch(() => undefined);
      flaky.lives = Number.POSITIVE_INFINITY;
      while ((await runner.turn(signal)) > 0);
    }
    expect([...flaky.live.keys()].sort()).toEqual([...calm.live.keys()].sort());
    expect(flaky.appended).toBe(calm.appended);
  });

  it('rests while nobody looks, and lets long rest go', async () => {
    const engine = await loaded();
    const runner = runnerOf(engine);
    engine.awake = false;
    expect(await liveFor(engine, runner, 24 * 40)).toBe(0);
    engine.awake = true;
    const turns = await liveFor(engine, runner, 1);
    expect(turns).toBeGreaterThan(40);
    expect(turns).toBeLessThan(52);
    const oldest = Math.min(...[...engine.live.values()].map(({ atMs }) => atMs));
    expect(oldest).toBeGreaterThan(engine.nowMs - 50 * HOUR_MS);
  });

  it('reads mail once, clicks through real links, leaves by POST, closes tasks', async () => {
    const engine = await loaded();
    const emails = new Set<string>();
    for (const { ids, source } of engine.historical.values()) {
      if (source === 'form' && ids['email'] !== undefined) emails.add(ids['email']);
    }
    engine.mails = Array.from({ length: 1_500 }, (_, index) => ({
      seq: index + 1,
      channel: 'email' as const,
      to: [...emails][index % emails.size] ?? '',
      receivedAtMs: endMs,
      deliveryId: `d-${index}`,
      scenario: 'win-back',
      action: 'winback-offer-15',
      text: '',
      firstLink: `http://127.0.0.1/c/${index % 50 === 0 ? 'broken' : index}`,
      unsubscribeLink: `http://127.0.0.1/u/${index}`,
    }));
    engine.tasks = Array.from({ length: 10 }, (_, index) => ({
      taskId: `t-${index}`,
      createdAtMs: endMs,
      scenario: 'b2b-reorder',
      person: `C0000${index}`,
    }));
    const runner = runnerOf(engine);
    await liveFor(engine, runner, 100);
    await runner.keep();
    const did = (start: string) => engine.did.filter((one) => one.startsWith(start));
    expect(did('GET http://127.0.0.1/c/').length).toBeGreaterThan(100);
    expect(new Set(did('GET')).size).toBe(did('GET').length);
    expect(did('POST').length).toBeGreaterThan(0);
    expect(did('POST').every((one) => one.includes('/u/'))).toBe(true);
    expect(did('done').length).toBeGreaterThan(4);
    expect(engine.lost).toContain('click');
    const saved = JSON.parse(engine.stored ?? '') as SampleProgress;
    expect(saved.readSeq).toBe(1_500);
    const orders = [...engine.live.values()].filter(({ name }) => name === 'order_completed');
    expect(orders.some(({ messageId }) => engine.historical.has(messageId))).toBe(false);
    expect(orders.length).toBeGreaterThan(30);
  });
});
