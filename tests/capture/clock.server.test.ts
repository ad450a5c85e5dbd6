import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  AnchoredClock,
  ClockWouldGoBackError,
  Database,
  migrate,
  migrations,
} from '#libs/adapter-postgres';
import { startPostgres, type PostgresServer } from '#libs/embedded';

const home = mkdtempSync(join(tmpdir(), 'relance-clock-'));
const START_MS = Date.parse('2026-11-02T09:00:00+01:00');
const wish = { kind: 'accelerated', startMs: START_MS, speed: 1_440 } as const;
let postgres: PostgresServer;
let database: Database;
let wallMs = Date.parse('2026-11-22T12:00:00Z');
const wall = (): number => wallMs;

beforeAll(async () => {
  postgres = await startPostgres({ dataDir: join(home, 'pg'), password: 'test', durable: false });
  database = new Database({ url: postgres.url });
  await migrate(database, migrations);
});
afterAll(async () => {
  await database.close();
  await postgres.stop();
  rmSync(home, { recursive: true, force: true });
});

test('two processes share one clock, which rests and goes on for both', async () => {
  const api = await AnchoredClock.open(database, wish, wall);
  expect(api.nowMs()).toBe(START_MS);
  wallMs += 2_000;
  const worker = await AnchoredClock.open(database, wish, wall);
  expect(worker.nowMs()).toBe(api.nowMs());
  expect(api.nowMs()).toBe(START_MS + 2_000 * 1_440);

  await worker.rest();
  const restingMs = worker.nowMs();
  wallMs += 1_000_000;
  expect(worker.nowMs()).toBe(restingMs);
  expect(worker.speed).toBe(0);
  await api.resume();
  expect(api.speed).toBe(1_440);
  wallMs += 1_000;
  // It had run on until it heard of the rest; it stands still, and is not overtaken.
  expect(api.nowMs()).toBeGreaterThanOrEqual(restingMs);
  expect(api.nowMs()).toBeLessThanOrEqual(restingMs + 4_000 * 1_440);
  await api.close();
  await worker.close();
});

test('a home goes on where it stood; a setting that goes back is refused', async () => {
  const before = await AnchoredClock.open(database, wish, wall);
  const stoodMs = before.nowMs();
  await before.close();
  wallMs += 30 * 86_400_000;
  const after = await AnchoredClock.open(database, wish, wall);
  expect(after.nowMs()).toBeGreaterThanOrEqual(stoodMs);
  expect(after.nowMs() - stoodMs).toBeLessThanOrEqual(4_000 * 1_440);
  await after.close();
  wallMs += 10_000;
  const early = { ...wish, startMs: START_MS - 86_400_000 };
  await expect(AnchoredClock.open(database, early, wall)).rejects.toThrow(ClockWouldGoBackError);
  wallMs = START_MS - 86_400_000;
  await expect(AnchoredClock.open(database, { kind: 'wall' }, wall)).rejects.toThrow(
    ClockWouldGoBackError,
  );
});
