import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database } from '#libs/adapter-postgres';
import { startPostgres } from '#libs/embedded';
import { startHarness, type Harness } from './harness.js';

let api: Harness;
beforeAll(async () => (api = await startHarness({ giveUpMs: 300 }, { durable: true })));
afterAll(() => api.close());

test('what was answered 200 is on disk, though the store is killed at that instant', async () => {
  const acknowledged = new Set<string>();
  const send = async (lane: number): Promise<number> => {
    for (let n = 0; ; n += 1) {
      const messageId = `d-${lane}-${n}`;
      const answer = await api
        .post('/v1/track', { userId: `u-${lane}`, event: 'Disk Test', messageId })
        .catch(() => undefined);
      if (answer?.status !== 200) return answer?.status ?? 0;
      acknowledged.add(messageId);
      // The hundredth answer of any lane: others are in flight at that moment.
      if (acknowledged.size === 200) api.postgres.kill();
    }
  };
  const ends = await Promise.all(Array.from({ length: 16 }, (_, lane) => send(lane)));
  expect(new Set(ends)).toEqual(new Set([503]));
  expect(acknowledged.size).toBeGreaterThanOrEqual(200);
  await api.postgres.ended;

  const refused = await api.post('/v1/track', { userId: 'u', event: 'Disk Test' });
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: 'RLN-2006' });
  expect(refused.headers.get('retry-after')).toBe('1');
  expect((await fetch(`${api.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${api.url}/healthz`)).status).toBe(200);

  const again = await startPostgres({
    dataDir: join(api.home, 'postgres'),
    password: 'test',
    port: api.postgres.port,
  });
  try {
    const database = new Database({ url: again.url });
    const rows = await database.query<{ id: string }>(
      `SELECT value::json->>'messageId' AS id FROM log_events_raw`,
    );
    await database.close();
    const found = new Set(rows.rows.map((row) => row.id));
    expect([...acknowledged].filter((id) => !found.has(id))).toEqual([]);
    const back = await api.post('/v1/track', { userId: 'u', event: 'Disk Test' });
    expect(back.status).toBe(200);
  } finally {
    await again.stop();
  }
});
