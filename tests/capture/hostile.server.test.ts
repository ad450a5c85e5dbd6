import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic, startHarness, type Harness } from './harness.js';

let api: Harness;
beforeAll(async () => (api = await startHarness()));
afterAll(() => api.close());

const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const ok = (members: string): string => `{"type":"track","event":"E","userId":"u",${members}}`;

/** One message each, as JSON text, and its verdict: `null` is accepted. */
const TABLE: readonly (readonly [what: string, message: string, code: string | null])[] = [
  ['nothing', 'null', 'not_an_object'],
  ['a text', '"x"', 'not_an_object'],
  ['a list', '[]', 'not_an_object'],
  ['an empty object', '{}', 'invalid_type'],
  ['an unknown type', '{"type":"engine","event":"E","userId":"u"}', 'invalid_type'],
  ['a type of another kind', '{"type":{"a":1},"event":"E","userId":"u"}', 'invalid_type'],
  ['no name', '{"type":"track","userId":"u"}', 'invalid_name'],
  ['a null name', '{"type":"track","event":null,"userId":"u"}', 'invalid_name'],
  ['punctuation', '{"type":"track","event":"!!!","userId":"u"}', 'invalid_name'],
  ['a long name', `{"type":"track","event":"${'n'.repeat(257)}","userId":"u"}`, 'invalid_name'],
  [
    'a reserved name',
    '{"type":"track","event":"relance_task_closed","userId":"u"}',
    'reserved_name',
  ],
  [
    'it in disguise',
    '{"type":"track","event":"Relance Message Clicked","userId":"u"}',
    'reserved_name',
  ],
  [
    'it in wide letters',
    '{"type":"track","event":"ｒｅｌａｎｃｅ_x","userId":"u"}',
    'reserved_name',
  ],
  ['nobody', '{"type":"track","event":"E"}', 'no_identity'],
  ['null ids', '{"type":"track","event":"E","userId":null,"anonymousId":null}', 'no_identity'],
  ['blank ids', '{"type":"track","event":"E","userId":"  "}', 'no_identity'],
  ['a numeric id', '{"type":"track","event":"E","userId":42}', null],
  ['an object as id', '{"type":"track","event":"E","userId":{"$gt":""}}', 'invalid_identity'],
  ['a boolean as id', '{"type":"track","event":"E","userId":true}', 'invalid_identity'],
  ['a long id', `{"type":"track","event":"E","userId":"${'i'.repeat(513)}"}`, 'invalid_identity'],
  ['a group without id', '{"type":"group","userId":"u","traits":{}}', 'invalid_identity'],
  ['properties as list', ok('"properties":[1]'), 'invalid_properties'],
  ['properties as text', ok('"properties":"x"'), 'invalid_properties'],
  ['null properties', ok('"properties":null'), null],
  ['traits as number', ok('"traits":1'), 'invalid_traits'],
  ['context as text', ok('"context":"x"'), null],
  ['a hostile context', ok('"context":{"ip":5,"page":[],"library":null,"userAgent":{}}'), null],
  ['20 levels', ok(`"properties":${deep(18)}`), null],
  ['21 levels', ok(`"properties":${deep(20)}`), 'too_deep'],
  ['10,000 levels', ok(`"properties":${deep(10_000)}`), 'too_deep'],
  ['an infinite number', ok('"properties":{"total":1e999}'), 'invalid_number'],
  ['it in a list', ok('"properties":{"l":[1,-1e999]}'), 'invalid_number'],
  ['a NUL character', ok('"properties":{"a\\u0000b":"x\\u0000y"}'), null],
  ['half a surrogate pair', ok('"properties":{"t":"\\ud800"}'), null],
  ['__proto__', ok('"properties":{"__proto__":{"polluted":true},"ok":1}'), null],
  ['escaped __proto__', ok('"properties":{"\\u005f_proto__":{"polluted":true}}'), null],
  ['__proto__ with a NUL', ok('"properties":{"__proto\\u0000__":{"polluted":true}}'), null],
  ['constructor', ok('"properties":{"constructor":{"prototype":{"polluted":true}}}'), null],
  ['hostile ids', ok('"ids":{"__proto__":"x"}'), null],
  ['ids of a strange space', ok('"ids":{"A b":"x"}'), 'invalid_identity'],
  ['a message id as object', ok('"messageId":{}'), 'invalid_message_id'],
  ['a long message id', ok(`"messageId":"${'m'.repeat(257)}"`), 'invalid_message_id'],
  ['an empty message id', ok('"messageId":""'), null],
  ['a bad time', ok('"timestamp":"yesterday"'), 'invalid_timestamp'],
  ['a time of year 0', ok('"timestamp":"0000-01-01T00:00:00Z"'), 'invalid_timestamp'],
  ['a time of year 9999', ok('"timestamp":"9999-12-31T23:59:59Z"'), 'invalid_timestamp'],
  ['a time as object', ok('"timestamp":{}'), 'invalid_timestamp'],
  ['a bad sentAt', ok('"sentAt":"never"'), null],
  ['an own profile id', ok('"profileId":"p-of-somebody"'), null],
  ['an own verified', ok('"verified":["email"],"historical":true,"sample":true'), null],
];

test('each message of a batch has its own verdict', async () => {
  const body = `{"batch":[${TABLE.map(([, message]) => message).join(',')}]}`;
  const answer = await api.post('/v1/batch', body);
  expect(answer.status).toBe(200);
  const { accepted, rejected } = (await answer.json()) as {
    accepted: number;
    rejected: { index: number; code: string }[];
  };
  const codes = new Map(rejected.map(({ index, code }) => [index, code]));
  const verdicts = TABLE.map(([what], index) => [what, codes.get(index) ?? null]);
  expect(verdicts).toEqual(TABLE.map(([what, , code]) => [what, code]));
  expect(accepted).toBe(TABLE.length - rejected.length);

  const events = await api.events();
  expect(events).toHaveLength(accepted);
  const text = JSON.stringify(events);
  for (const trace of ['polluted', '\\u0000', 'd800', 'p-of-somebody', '"verified"', '"sample"']) {
    expect(text).not.toContain(trace);
  }
  expect(events.every((event) => !event.historical)).toBe(true);
  expect(events.some((event) => event.properties['ab'] === 'xy')).toBe(true);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  const asJson = await api.engine.database.query<{ n: number }>(
    'SELECT count(value::jsonb)::int AS n FROM log_events_raw',
  );
  expect(asJson.rows).toEqual([{ n: accepted }]);
});

test('each alone has the same verdict', async () => {
  for (const [what, message, code] of TABLE) {
    if (!message.startsWith('{"type":"track"')) continue;
    const answer = await api.post('/v1/track', message);
    expect(answer.status, what).toBe(200);
    const { rejected } = (await answer.json()) as { rejected: { code: string }[] };
    expect(rejected[0]?.code ?? null, what).toBe(code);
  }
});

test('a program may say what a page may not', async () => {
  const authorization = basic(api.secrets.apiKey);
  const at = '2024-02-29T12:00:00Z';
  const message = {
    type: 'track',
    event: 'Order Completed',
    ids: { customer_id: 'C-7' },
    verified: ['customer_id'],
    messageId: 'old-1',
    timestamp: at,
  };
  const body = { batch: [message], historical: true, source: 'erp' };
  const answer = await api.post('/v1/batch', body, { authorization });
  expect(await answer.json()).toMatchObject({ accepted: 1 });
  expect(await api.events('historical')).toMatchObject([
    {
      source: 'erp',
      ids: { customer_id: 'C-7' },
      verified: ['customer_id'],
      historical: true,
      atMs: Date.parse(at),
      eventDay: '2024-02-29',
    },
  ]);
});

test('times are corrected by the client’s own clock, addresses are cut, bots are flagged', async () => {
  const nowMs = Date.now();
  const iso = (ms: number): string => new Date(ms).toISOString();
  // A clock an hour slow: the event happened 10 s before it was sent.
  const slow = { timestamp: iso(nowMs - 3_610_000), sentAt: iso(nowMs - 3_600_000) };
  const base = { type: 'track', event: 'Times', userId: 'u' };
  const agent = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
  const context = { ip: '203.0.113.77', userAgent: agent, device: { id: 'x' } };
  await api.post('/v1/track', { ...base, ...slow, messageId: 't-1' });
  await api.post('/v1/track', { ...base, messageId: 't-2', context });
  await api.post('/v1/track', {
    ...base,
    messageId: 't-3',
    timestamp: iso(nowMs + 86_400_000),
    context: { ip: '2001:db8:85a3::8a2e:370:7334' },
  });
  const events = new Map((await api.events()).map((event) => [event.messageId, event]));
  const first = events.get('t-1');
  expect(Math.abs((first?.atMs ?? 0) - (nowMs - 10_000))).toBeLessThan(5_000);
  expect(first?.eventDay).toBe(slow.timestamp.slice(0, 10));
  expect(events.get('t-2')).toMatchObject({
    isBot: true,
    hasTimestamp: false,
    context: { ip: '203.0.113.0', userAgent: agent },
  });
  expect(events.get('t-2')?.context).not.toHaveProperty('device');
  const late = events.get('t-3');
  expect(late?.context?.ip).toBe('2001:db8:85a3::');
  expect(late?.atMs).toBe((late?.receivedAtMs ?? 0) + 5 * 60_000);
});
