import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic, startHarness, type Harness } from './harness.js';

let api: Harness;
beforeAll(async () => (api = await startHarness({ eventsPerSecond: 4_000 })));
afterAll(() => api.close());

const event = (n: number, over: object = {}): object => ({
  type: 'track',
  userId: 'u',
  event: 'Limit Test',
  messageId: `l-${n}`,
  ...over,
});
const verdict = async (answer: Response): Promise<unknown> => await answer.json();

test('32 KB an event, told with its place', async () => {
  const big = event(1, { properties: { text: 'x'.repeat(33 * 1024) } });
  const answer = await api.post('/v1/batch', { batch: [event(0), big, event(2)] });
  expect(answer.status).toBe(200);
  expect(await verdict(answer)).toEqual({
    success: false,
    accepted: 2,
    rejected: [{ index: 1, code: 'event_too_large' }],
  });
  const single = await api.post('/v1/track', big);
  expect(await verdict(single)).toMatchObject({ accepted: 0, rejected: [{ index: 0 }] });
  const bare = Buffer.byteLength(JSON.stringify(event(3, { properties: { text: '' } })));
  const fits = event(3, { properties: { text: 'x'.repeat(32 * 1024 - bare) } });
  expect(await verdict(await api.post('/v1/track', fits))).toMatchObject({ accepted: 1 });
  const accented = event(4, { properties: { text: 'é'.repeat(17 * 1024) } });
  expect(await verdict(await api.post('/v1/track', accented))).toMatchObject({ accepted: 0 });
});

test('500 KB and 2,500 events a batch', async () => {
  const text = 'x'.repeat(10_000);
  const heavy = Array.from({ length: 51 }, (_, n) => event(n, { properties: { text } }));
  const tooHeavy = await api.post('/v1/batch', { batch: heavy });
  expect(tooHeavy.status).toBe(413);
  expect(await verdict(tooHeavy)).toMatchObject({ code: 'RLN-2003' });
  const many = Array.from({ length: 2_501 }, (_, n) => event(n));
  const tooMany = await api.post('/v1/batch', { batch: many });
  expect(tooMany.status).toBe(400);
  expect(await verdict(tooMany)).toMatchObject({ code: 'RLN-2004' });
  const whole = await api.post('/v1/batch', { batch: many.slice(1) });
  expect(await verdict(whole)).toMatchObject({ success: true, accepted: 2_500 });
});

test('gzip is opened up to 4 MB, and no further', async () => {
  const send = (plain: string, encoding = 'gzip', body: Buffer = gzipSync(plain)) =>
    fetch(`${api.url}/v1/batch`, {
      method: 'POST',
      headers: { 'content-encoding': encoding, authorization: basic(api.secrets.writeKey) },
      body: new Uint8Array(body),
    });
  const text = 'x'.repeat(20_000);
  const batch = Array.from({ length: 100 }, (_, n) => event(n, { properties: { text } }));
  expect(await verdict(await send(JSON.stringify({ batch })))).toMatchObject({ accepted: 100 });
  expect((await send(' '.repeat(4 * 1024 * 1024 + 1))).status).toBe(413);
  expect((await send(' '.repeat(400 * 1024 * 1024))).status).toBe(413);
  expect((await send('', 'gzip', Buffer.from('no gzip'))).status).toBe(400);
  expect((await send('{}', 'zstd', Buffer.from('{}'))).status).toBe(415);
});

test('what is not JSON, or not of the shape, is 400', async () => {
  for (const body of ['', 'x', '[]', 'null', '1', '{"batch":1}', '{"batch":null}', '{}', '{"a":']) {
    const answer = await api.post('/v1/batch', body);
    expect(answer.status, body).toBe(400);
    expect(await verdict(answer)).toMatchObject({ code: 'RLN-2002' });
  }
});

test('a source that hurries is asked to wait, and nothing of it is kept', async () => {
  const before = (await api.events()).length;
  const many = Array.from({ length: 2_500 }, (_, n) => event(n));
  let slowed: Response | undefined;
  let accepted = 0;
  for (let turn = 0; turn < 20 && slowed === undefined; turn += 1) {
    const answer = await api.post('/v1/batch', { batch: many });
    if (answer.status === 429) slowed = answer;
    else accepted += 2_500;
  }
  expect(Number(slowed?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect((await api.events()).length).toBe(before + accepted);
  const other = await api.post('/v1/track', event(0), {
    authorization: basic(api.secrets.apiKey),
  });
  expect(other.status).toBe(200);
});

test('refusals are counted, and a hundred of them sampled without their values', async () => {
  const secret = 'jeanne@private.example';
  const bad = Array.from({ length: 150 }, () => ({ type: 'track', event: 7, userId: secret }));
  const answer = await api.post(
    '/v1/batch',
    { batch: bad },
    {
      authorization: basic(api.secrets.apiKey),
    },
  );
  expect(answer.status).toBe(200);
  await api.engine.capture.drain();
  const counts = await api.engine.database.query<{ count: number }>(
    `SELECT count FROM capture_refusal WHERE source = 'api' AND code = 'invalid_name'`,
  );
  expect(counts.rows).toEqual([{ count: 150 }]);
  const samples = await api.engine.database.query<{ shape: string }>(
    `SELECT shape FROM capture_refusal_sample WHERE source = 'api'`,
  );
  expect(samples.rows).toHaveLength(100);
  expect(samples.rows[0]).toEqual({ shape: 'type:string event:number userId:string' });
  expect(api.lines.join('')).not.toContain(secret);
  // Of the tests before this one: whole requests that were refused.
  const whole = await api.engine.database.query<{ code: string }>(
    `SELECT DISTINCT code FROM capture_refusal WHERE code LIKE 'RLN-%' ORDER BY code`,
  );
  expect(whole.rows.map((row) => row.code)).toEqual([
    'RLN-2002',
    'RLN-2003',
    'RLN-2004',
    'RLN-2005',
    'RLN-2007',
  ]);
});

test('health, readiness and figures', async () => {
  expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
  const ready = await fetch(`${api.url}/readyz`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({
    status: 'ready',
    parts: { store: { state: 'ready' }, log: { state: 'ready' }, capture: { state: 'ready' } },
  });
  await api.engine.eventLog.reader('profile', ['events.raw']);
  const figures = await (await fetch(`${api.url}/metrics`)).text();
  expect(figures).toMatch(/^relance_capture_accepted_total \d+$/m);
  expect(figures).toMatch(/^relance_capture_rejected_total\{code="invalid_name"\} 150$/m);
  expect(figures).toMatch(/^relance_log_lag_records\{group="profile",topic="events.raw"\} \d+$/m);
});

test('an address where there is nothing says so, in the language of the caller', async () => {
  const answer = await fetch(`${api.url}/nothing`, { headers: { 'accept-language': 'fr' } });
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(await answer.json()).toMatchObject({
    code: 'RLN-2008',
    title: "Il n'y a rien à cette adresse.",
  });
});
