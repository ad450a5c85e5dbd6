import { mkdtemp, rm } from 'node:fs/promises';
import { get, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database } from '#libs/adapter-postgres';
import { loadSecrets } from '#libs/config';
import { openTestStore, type TestStore } from '#libs/testkit';
import { createJsonLog } from '../../apps/api/src/engine/json-log.js';
import { openEngine, type Engine } from '../../apps/api/src/engine/engine.js';
import { createServer, type ApiServer } from '../../apps/api/src/server.js';
import { engineWorld, known, ofKind, type EngineWorld } from '../engine/world.js';
import { DELIVERS, policies, scenario } from './scenarios.js';

const LINK_KEY = 'link-signing-key-of-a-test-000000000000000000';
const SUPPRESSION_KEY = 'suppression-key-of-a-test-0000000000000000';
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0';

let home: string;
let store: TestStore;
let api: Engine;
let server: ApiServer;
let database: Database;
let world: EngineWorld;

beforeAll(async () => {
  store = await openTestStore();
  const databaseUrl = await store.freshUrl();
  home = await mkdtemp(join(tmpdir(), 'relance-links-'));
  api = await openEngine({
    databaseUrl,
    partitions: 4,
    clock: { kind: 'wall' },
    secrets: {
      ...loadSecrets(home),
      linkSigningKey: LINK_KEY,
      suppressionKey: SUPPRESSION_KEY,
    },
    publicUrl: 'https://shop.example',
    locale: 'en',
    log: createJsonLog('error', () => undefined),
  });
  server = await createServer(api);
  const port = await server.listen(0, '127.0.0.1');
  database = new Database({ url: databaseUrl, maxConnections: 6 });
  world = await engineWorld(database, {
    workspace: 'tests/workspaces/pipeline',
    startMs: 0,
    clock: api.clock,
    files: { ...policies(), ...scenario('one', { steps: DELIVERS }) },
    baseUrl: `http://127.0.0.1:${port}`,
    linkKey: LINK_KEY,
    suppressionKey: SUPPRESSION_KEY,
  });
});
afterAll(async () => {
  await world.close();
  await server.close();
  await api.close();
  await database.close();
  await store.close();
  await rm(home, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

/** A plain client that follows nothing. */
function call(method: 'GET' | 'POST', url: string, form?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      'user-agent': BROWSER,
      ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    };
    const make = method === 'GET' ? get : request;
    const sent = make(url, { method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, location: response.headers.location, body }),
      );
    });
    sent.on('error', reject);
    sent.end(form);
  });
}

const ask = (user_id: string) => ({ name: 'one_asked', ids: { user_id } });

/** Every link of the last mail: those to follow, and the one to leave by. */
function linksOf(to: string): { readonly clicks: readonly string[]; readonly leave: string } {
  const mail = world.mails.filter((one) => one.to.includes(to)).at(-1);
  const urls = [...(mail?.html ?? '').matchAll(/href="([^"]+)"/g)].map(([, url = '']) =>
    url.replaceAll('&amp;', '&'),
  );
  const header = mail?.headers['list-unsubscribe'] ?? '';
  const leave = /<(https?:[^>]+)>/.exec(header)?.[1] ?? '';
  expect(mail?.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click');
  expect(mail?.html).not.toContain(`${to}"`);
  return { clicks: urls.filter((url) => new URL(url).pathname.startsWith('/c/')), leave };
}

async function consentOf(to: string): Promise<unknown> {
  const rows = await database.query<{ consents: unknown; suppressed: number }>(
    `SELECT p.doc->'consents' AS consents,
       (SELECT count(*)::int FROM suppression WHERE is_active) AS suppressed
     FROM profile p JOIN contact_point c USING (profile_id) WHERE c.address = $1`,
    [to],
  );
  expect(rows.rows).toHaveLength(1);
  return rows.rows[0];
}

test('links of a caught mail, followed over HTTP: a visit changes nothing, a POST ends it', async () => {
  const to = 'u1@example.test';
  await world.send(known('u1'));
  await world.settle();
  await world.send([ask('u1')]);
  await world.settle();
  const { clicks, leave } = linksOf(to);
  expect(clicks.length).toBeGreaterThan(0);
  const before = await consentOf(to);
  for (const url of clicks) {
    const answer = await call('GET', url);
    expect([answer.status, answer.location?.startsWith('https://')]).toEqual([302, true]);
  }
  for (let visit = 0; visit < 3; visit += 1) {
    expect((await call('GET', leave)).status).toBe(200);
  }
  const flip = (url: string): string => url.slice(0, -1) + (url.endsWith('A') ? 'B' : 'A');
  for (const url of [...clicks, leave]) expect((await call('GET', flip(url))).status).toBe(404);
  expect((await call('POST', flip(leave), 'List-Unsubscribe=One-Click')).status).toBe(404);
  await world.settle();
  expect(await consentOf(to)).toEqual(before);
  // Whoever only looks is still written to.
  await world.send([ask('u1')]);
  await world.settle();
  expect(world.mails).toHaveLength(2);

  expect((await call('POST', leave, 'List-Unsubscribe=One-Click')).status).toBe(200);
  // At once, before any consumer has read a word of it.
  await world.send([ask('u1')]);
  await world.settle();
  expect(world.mails).toHaveLength(2);
  const facts = await world.facts();
  const withheld = ofKind(facts, 'withheld').map(({ body }) => [body.stage, body.reason]);
  expect(withheld).toEqual([['suppression', 'suppressed_unsubscribed']]);
  // So soon after the mail was taken, a visit is a machine's: recorded, counted for nobody.
  const visits = ofKind(facts, 'delivery_event').filter(({ body }) => body.link !== null);
  expect(visits.map(({ body }) => body.deliveryEventKind)).toEqual(
    clicks.map(() => expect.stringMatching(/clicked$/) as string),
  );
  const left = ofKind(facts, 'outcome').filter(({ body }) => body.outcomeKind === 'unsubscribed');
  expect(left).toHaveLength(1);
  expect(await consentOf(to)).not.toEqual(before);
});
