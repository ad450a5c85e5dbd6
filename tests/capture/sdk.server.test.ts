import { Analytics } from '@segment/analytics-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rawEventSchema } from '#libs/contracts';
import { basic, startHarness, type Harness } from './harness.js';

let api: Harness;
beforeAll(async () => (api = await startHarness()));
afterAll(() => api.close());

test('an unchanged SDK sends all six calls, and the log holds what it said', async () => {
  const errors: unknown[] = [];
  const analytics = new Analytics({ writeKey: api.secrets.writeKey, host: api.url, flushAt: 3 });
  analytics.on('error', (error) => errors.push(error));
  const timestamp = new Date('2026-11-20T10:00:00.000Z');
  const who = { userId: 'u-1', anonymousId: 'a-1', timestamp };
  analytics.identify({
    ...who,
    messageId: 'm-identify',
    traits: { email: 'a@b.example', plan: 'x' },
  });
  analytics.track({
    ...who,
    messageId: 'm-track',
    event: 'Order Completed',
    properties: { total: 129.9, products: [{ sku: 'L-1' }] },
  });
  analytics.page({ ...who, messageId: 'm-page', name: 'Accueil', category: 'Boutique' });
  analytics.screen({ ...who, messageId: 'm-screen', name: 'Panier' });
  analytics.group({
    ...who,
    messageId: 'm-group',
    groupId: 'g-1',
    traits: { name: 'Hôtel Aster' },
  });
  analytics.alias({ userId: 'u-1', previousId: 'a-0', messageId: 'm-alias', timestamp });
  await analytics.closeAndFlush({ timeout: 10_000 });
  expect(errors).toEqual([]);

  const events = new Map((await api.events()).map((event) => [event.messageId, event]));
  expect([...events.keys()].sort()).toEqual([
    'm-alias',
    'm-group',
    'm-identify',
    'm-page',
    'm-screen',
    'm-track',
  ]);
  for (const event of events.values()) expect(rawEventSchema.parse(event)).toEqual(event);
  const ids = { anonymous_id: 'a-1', user_id: 'u-1' };
  expect(events.get('m-track')).toMatchObject({
    type: 'track',
    name: 'order_completed',
    originalName: 'Order Completed',
    source: 'web',
    ids,
    properties: { total: 129.9, products: [{ sku: 'L-1' }] },
    originalAtMs: timestamp.getTime(),
    hasTimestamp: true,
    eventDay: '2026-11-20',
    historical: false,
  });
  expect(events.get('m-identify')).toMatchObject({
    ids: { ...ids, email: 'a@b.example' },
    traits: { email: 'a@b.example', plan: 'x' },
  });
  expect(events.get('m-page')).toMatchObject({
    name: 'page',
    properties: { name: 'Accueil', category: 'Boutique' },
  });
  expect(events.get('m-screen')).toMatchObject({ name: 'screen', properties: { name: 'Panier' } });
  expect(events.get('m-group')).toMatchObject({
    account: { ids: { group_id: 'g-1' }, traits: { name: 'Hôtel Aster' } },
  });
  expect(events.get('m-group')?.traits).toBeUndefined();
  expect(events.get('m-alias')).toMatchObject({ ids: { user_id: 'u-1', anonymous_id: 'a-0' } });
});

test('a key is taken from Basic, from the body, from a header, and refused when wrong', async () => {
  const event = { userId: 'u', event: 'Key Test' };
  const without = { 'content-type': 'application/json', authorization: '' };
  const { writeKey } = api.secrets;
  const ways: (readonly [Record<string, string>, object])[] = [
    [{ authorization: basic(writeKey) }, event],
    [{ authorization: `Bearer ${writeKey}` }, event],
    [{ ...without, 'x-write-key': writeKey }, event],
    [without, { ...event, writeKey }],
  ];
  for (const [headers, body] of ways) {
    const answer = await api.post('/v1/track', body, headers);
    expect(await answer.json()).toEqual({ success: true, accepted: 1, rejected: [] });
  }
  for (const authorization of [basic('wrong'), '', 'Basic', 'Bearer nothing']) {
    const answer = await api.post('/v1/track', event, {
      authorization,
      'accept-language': 'fr-FR',
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({
      code: 'RLN-2001',
      status: 401,
      title: "La clé d'accès manque ou n'est pas connue.",
    });
  }
  const batch = await api.post('/v1/batch', { batch: [event], writeKey: 'wrong' }, without);
  expect(batch.status).toBe(401);
});

test('the browser SDK finds its settings, and pages of any origin may call', async () => {
  const path = `/v1/projects/${api.secrets.writeKey}/settings`;
  const answer = await fetch(api.url + path, { headers: { origin: 'https://page.example' } });
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  expect(await answer.json()).toMatchObject({
    integrations: {
      'Segment.io': {
        apiKey: api.secrets.writeKey,
        apiHost: `${new URL(api.url).host}/v1`,
        protocol: 'http',
      },
    },
  });
  expect((await fetch(`${api.url}/v1/projects/wrong/settings`)).status).toBe(404);
  const asks = await fetch(`${api.url}/v1/t`, {
    method: 'OPTIONS',
    headers: { origin: 'https://page.example', 'access-control-request-method': 'POST' },
  });
  expect(asks.status).toBe(204);
  expect(asks.headers.get('access-control-allow-headers')).toContain('authorization');
  const sent = await api.post(
    '/v1/t',
    { event: 'From Page', anonymousId: 'p' },
    {
      origin: 'https://page.example',
      'content-type': 'text/plain',
    },
  );
  expect(sent.status).toBe(200);
});
