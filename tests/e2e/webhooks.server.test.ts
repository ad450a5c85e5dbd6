import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { endpointSecret } from '#libs/channel-webhook';
import { openTestStore, type TestStore } from '#libs/testkit';
import { engineWorld, known, type EngineWorld } from '../engine/world.js';
import { MONDAY_MS, workspace } from './people.js';
import { policies, scenario } from './scenarios.js';
import { asked, asks, endsOf, stepsOf } from './told.js';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

type Answer = (received: Received, response: ServerResponse) => void;

const SECRET = 'm'.repeat(64);
const closing: (() => Promise<void>)[] = [];

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(() => store.close());

/** An endpoint somewhere: keeps what it was sent and answers as it is told. */
async function endpoint(answer: Answer): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { headers: request.headers, text: Buffer.concat(chunks).toString('utf8') };
      received.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`, received };
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

const relance = (url: string): string => `workspace: calls
name: { fr: Appels, en: Calls }
timezone: Europe/Paris
locales: [fr, en]
currency: EUR
country: FR
senders:
  shop: { channel: email, from: "Shop <shop@example.test>" }
webhooks:
  erp: { url: "${url}" }
`;

interface Calling {
  readonly url: string;
  readonly steps: readonly string[];
  readonly wallMs?: () => number;
}

async function calling({ url, steps, wallMs }: Calling): Promise<EngineWorld> {
  const world = await engineWorld(await store.fresh(), {
    workspace,
    startMs: MONDAY_MS,
    webhookSecret: SECRET,
    files: { ...policies(), 'relance.yaml': relance(url), ...scenario('call', { steps }) },
    ...(wallMs === undefined ? {} : { wallMs }),
  });
  closing.push(() => world.close());
  return world;
}

const CALL =
  'webhook: { id: score, to: erp, timeout: 1s, body: { cart: { cel: entry.cart_id }, kind: risk } }';
const RISKY = `split: [ { name: risky, when: 'vars.score.ok && vars.score.body.risk > 0.5', then: [ { exit: risky } ] }, { otherwise: true } ]`;

test('a call is signed as Standard Webhooks says, and its answer decides what follows', async () => {
  const { url, received } = await endpoint((_, response) => json(response, 200, { risk: 0.7 }));
  const world = await calling({ url, steps: [`{ ${CALL} }`, `{ ${RISKY} }`] });
  await asks(world, known('u1'), [asked('call', 'u1', { cart_id: 'c1' })]);
  expect(received).toHaveLength(1);
  const { headers, text } = received[0] as Received;
  const signed = new Webhook(endpointSecret(SECRET, 'erp')).verify(
    text,
    headers as Record<string, string>,
  );
  expect(signed).toMatchObject({
    type: 'relance.step',
    timestamp: new Date(MONDAY_MS).toISOString(),
    data: { scenario: 'call', step: 'score', body: { cart: 'c1', kind: 'risk' } },
  });
  expect(() =>
    new Webhook(endpointSecret(SECRET, 'other')).verify(text, headers as Record<string, string>),
  ).toThrow();
  expect(endsOf(await world.facts(), 'call')).toEqual(['risky']);
});

test('what may pass is tried again under the same id, later each time, and then told as failed', async () => {
  const { url, received } = await endpoint((_, response) => json(response, 503, {}));
  let wallMs = Date.now();
  const world = await calling({
    url,
    wallMs: () => wallMs,
    steps: [`{ ${CALL} }`, `{ ${RISKY} }`],
  });
  await asks(world, known('u1'), [asked('call', 'u1', { cart_id: 'c1' })]);
  for (const [tries, seconds] of [5, 15, 45, 135].entries()) {
    expect(received).toHaveLength(tries + 1);
    wallMs += seconds * 1_000 - 1;
    await world.settle();
    expect(received).toHaveLength(tries + 1);
    wallMs += 1;
    await world.settle();
  }
  expect(received).toHaveLength(5);
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  const facts = await world.facts();
  expect(stepsOf(facts, 'call')).toContain('score#1 failed status');
  expect(endsOf(facts, 'call')).toEqual(['done']);
});

test('what will not pass is not tried again: a refusal, a redirect, an endpoint that is gone', async () => {
  const refusing = await endpoint((_, response) => json(response, 422, { error: 'no' }));
  const world = await calling({
    url: refusing.url,
    steps: [`{ ${CALL.replace('timeout', 'on_failed: exit, timeout')} }`],
  });
  await asks(world, known('u1'), [asked('call', 'u1')]);
  expect(refusing.received).toHaveLength(1);
  expect(endsOf(await world.facts(), 'call')).toEqual(['webhook_failed']);
  const target = await endpoint((_, response) => json(response, 200, {}));
  const redirecting = await endpoint((_, response) => {
    response.writeHead(307, { location: target.url });
    response.end();
  });
  const other = await calling({ url: redirecting.url, steps: [`{ ${CALL} }`] });
  await asks(other, known('u1'), [asked('call', 'u1')]);
  expect(stepsOf(await other.facts(), 'call')).toContain('score#1 failed redirected');
  expect(target.received).toEqual([]);
});

test('an endpoint that never answers rests, and a long or odd answer is not kept', async () => {
  const answers: Answer[] = [
    () => undefined,
    (_, response) => json(response, 200, { long: 'x'.repeat(3_000) }),
  ];
  const { url, received } = await endpoint((one, response) => answers.shift()?.(one, response));
  let wallMs = Date.now();
  const world = await calling({
    url,
    wallMs: () => wallMs,
    steps: [
      `{ ${CALL} }`,
      `{ split: [ { name: bare, when: 'vars.score.ok && size(vars.score.body) == 0', then: [ { exit: bare } ] }, { otherwise: true } ] }`,
    ],
  });
  await asks(world, known('u1'), [asked('call', 'u1')]);
  expect(received).toHaveLength(1);
  wallMs += 5_000;
  await world.settle();
  expect(received).toHaveLength(2);
  expect(endsOf(await world.facts(), 'call')).toEqual(['bare']);
});

test('an answer that was lost in a crash is asked for again, and counted once', async () => {
  const { url, received } = await endpoint((_, response) => json(response, 200, {}));
  let wallMs = Date.now();
  const world = await calling({
    url,
    wallMs: () => wallMs,
    steps: [`{ ${CALL} }`, '{ wait: 1h }'],
  });
  await world.send([...known('u1'), asked('call', 'u1')]);
  await world.settle({ without: ['webhooks'] });
  // Taken up by a worker that then died: nobody records what came of it.
  const { database } = world.engine.options;
  await database.query('UPDATE webhook_call SET attempts = 1, next_wall_ms = $1', [
    wallMs + 25_000,
  ]);
  await world.settle();
  expect(received).toHaveLength(0);
  wallMs += 25_000;
  await world.settle();
  await world.settle();
  expect(received).toHaveLength(1);
  expect(stepsOf(await world.facts(), 'call')).toEqual(['score#1 answered']);
});

test('nothing is called for an enrolment that is over, or a branch that was cut short', async () => {
  const { url, received } = await endpoint((_, response) => json(response, 200, {}));
  const world = await calling({
    url,
    steps: [
      `{ parallel: { join: any, branches: [ { then: [ { ${CALL} } ] }, { then: [ { wait_for: { on: go_on } } ] } ] } }`,
    ],
  });
  await world.send([...known('u1'), asked('call', 'u1')]);
  await world.settle({ without: ['webhooks'] });
  world.clock.advance(1_000);
  await world.send([{ name: 'go_on', ids: { user_id: 'u1' } }]);
  await world.settle({ without: ['webhooks'] });
  await world.settle();
  expect(received).toEqual([]);
  expect(endsOf(await world.facts(), 'call')).toEqual(['done']);
});
