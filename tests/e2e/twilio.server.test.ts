import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#libs/adapter-postgres';
import { checkoutDir, childEnvironment, loadSecrets } from '#libs/config';
import { factSchema, type Fact } from '#libs/contracts';
import { freePort, startNodeChild, type NodeChild } from '#libs/embedded';
import { openTestStore, type TestStore } from '#libs/testkit';
import {
  ACCOUNT,
  startTwilio,
  type TwilioStandIn,
} from '../../libs/channel-sms/src/testing/index.js';
import { buildApps, programOf } from '../crash/built.js';
import { ofKind, publish } from '../engine/world.js';
import { DELIVERS, policies, scenario } from './scenarios.js';

// The provider's own signing, so that what is checked is not our reading of it.
const { getExpectedTwilioSignature } = createRequire(import.meta.url)(
  'twilio/lib/webhooks/webhooks',
) as { getExpectedTwilioSignature: (token: string, url: string, params: object) => string };

const START = '2026-03-30T10:00:00+02:00';
const WORKSPACE = 'tests/workspaces/pipeline';
const PUBLIC_URL = 'https://shop.example';
const INBOUND = '/webhooks/twilio/inbound';
const NUMBER = '+33612345678';
const HEAP_MB = 320;

const files = {
  ...policies(),
  'profile.yaml': `identities:
  - { ns: user_id, unique: true }
sources:
  web: { kind: online }
  relance: { kind: engine }
traits:
  firstName: { type: string, personal: true, master: [web] }
  mobile: { type: phone, personal: true, master: [web] }
  country: { type: string, master: [web] }
aggregates:
  orders_365d: { count: order_completed, window: 365d }
`,
  'relance.yaml': `workspace: pipeline
name: { fr: Mesure, en: Measurement }
timezone: Europe/Paris
locales: [fr, en]
currency: EUR
country: FR
senders:
  shop: { channel: email, from: "Mesure <bonjour@mesure.example>", stream: marketing }
  sms: { channel: sms, from: "36105" }
holdout: { share: 0%, salt: pipeline }
`,
  'actions/text.yaml': `action: text
name: { fr: Texto, en: Text }
issue: growth
value: 20.0
cost: { sms: 0.06 }
eligible: profile.country == "FR"
treatments:
  - channel: sms
    sender: sms
    text:
      fr: "Mesure : {{profile.firstName}}, à très vite. STOP au 36105"
      en: "Mesure: {{profile.firstName}}, see you soon. STOP to 36105"
`,
  ...scenario('chosen', {
    steps: [
      '{ decide: { id: pick, actions: [text], fallback: text } }',
      '{ deliver: { decision: pick } }',
    ],
  }),
  ...scenario('plain', { steps: DELIVERS.map((step) => step.replace('hello', 'text')) }),
};

let store: TestStore;
let database: Database;
let twilio: TwilioStandIn;
let api: string;
let writeKey: string;
const home = mkdtempSync(join(tmpdir(), 'relance-twilio-'));
const children: NodeChild[] = [];
const written: string[] = [];

/** A part as the supervisor starts it, with the variables of an operator who sends by Twilio. */
async function startPart(app: 'api' | 'worker', port: number): Promise<void> {
  const child = await startNodeChild(
    {
      script: programOf(app),
      heapMb: HEAP_MB,
      onLine: (line) => written.push(line),
      env: childEnvironment({
        DATABASE_URL: database.options.url,
        CLICKHOUSE_URL: undefined,
        // Nobody listens there: only texts are sent here.
        SMTP_URL: 'smtp://127.0.0.1:9',
        TWILIO_ACCOUNT_SID: ACCOUNT.accountSid,
        TWILIO_AUTH_TOKEN: ACCOUNT.authToken,
        TWILIO_API_URL: twilio.apiUrl,
        HOST: '127.0.0.1',
        PORT: String(port),
        PUBLIC_URL,
        RELANCE_HOME: home,
        RELANCE_WORKSPACE: join(checkoutDir(), WORKSPACE),
        RELANCE_CLOCK: `${START}@1`,
        RELANCE_PARTITIONS: '4',
        LOG_LEVEL: 'warn',
      }),
    },
    { signal: new AbortController().signal, started: () => undefined },
  );
  children.push(child);
}

beforeAll(async () => {
  buildApps(['api', 'worker']);
  [store, twilio] = await Promise.all([openTestStore(), startTwilio()]);
  database = await store.fresh();
  await publish(database, { workspace: WORKSPACE, files }, Date.parse(START));
  ({ writeKey } = loadSecrets(home));
  const port = await freePort();
  api = `http://127.0.0.1:${port}`;
  await startPart('api', port);
  await startPart('worker', port);
});
afterAll(async () => {
  await Promise.all(children.map((child) => child.stop()));
  await twilio.close();
  await store.close();
  rmSync(home, { recursive: true, force: true });
});

const userId = 'u1';

/** Sends events as a site does. */
async function capture(...batch: readonly object[]): Promise<void> {
  const answer = await fetch(`${api}/v1/batch`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
    },
    body: JSON.stringify({ batch: batch.map((one) => ({ userId, ...one })) }),
  });
  expect(answer.status, await answer.text()).toBe(200);
}

const asks = (name: string) => ({ type: 'track', event: `${name}_asked` });

/** What the number writes back, signed as the provider signs it. */
async function reply(
  body: string,
  sid: string,
  token: string = ACCOUNT.authToken,
): Promise<number> {
  const form = { MessageSid: sid, From: NUMBER, To: '+33700000000', Body: body };
  const answer = await fetch(api + INBOUND, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': getExpectedTwilioSignature(token, PUBLIC_URL + INBOUND, form),
    },
    body: new URLSearchParams(form).toString(),
  });
  return answer.status;
}

async function facts(): Promise<readonly Fact[]> {
  const { rows } = await database.query<{ value: string }>(
    'SELECT value FROM log_facts ORDER BY part, "offset"',
  );
  return rows.map(({ value }) => factSchema.parse(JSON.parse(value)));
}

/** What the person's profile says of texts. */
async function consent(): Promise<unknown> {
  const { rows } = await database.query<{ status: unknown }>(
    `SELECT doc->'consents'->>'sms:marketing' AS status FROM profile`,
  );
  return rows[0]?.status;
}

/** Waits until so many enrolments have ended, and answers what was told by then. */
async function ended(count: number): Promise<readonly Fact[]> {
  await expect
    .poll(
      async () =>
        ofKind(await facts(), 'enrolment').filter(({ body }) => body.state === 'ended').length,
      { timeout: 30_000, interval: 50, message: written.slice(-10).join('\n') },
    )
    .toBe(count);
  return await facts();
}

test('a decision sends a text by Twilio; a signed STOP withholds the next one at once', async () => {
  await capture(
    { type: 'identify', traits: { firstName: 'Zoé', mobile: '06 12 34 56 78', country: 'FR' } },
    {
      type: 'track',
      event: 'consent_changed',
      properties: {
        channel: 'sms',
        purpose: 'marketing',
        status: 'granted',
        basis: 'opt_in',
        proof: 'form 2026-01, box ticked',
      },
    },
    asks('chosen'),
  );
  const first = await ended(1);
  // The stand-in keeps a form only where method, path, credentials and type are right.
  expect(twilio.forms).toEqual([
    { To: NUMBER, From: '36105', Body: 'Mesure : Zoé, à très vite. STOP au 36105' },
  ]);
  expect(twilio.requests()).toBe(1);
  const [decision] = ofKind(first, 'decision');
  expect(decision?.body).toMatchObject({ chosenAction: 'text', chosenTreatment: 'sms' });
  expect(ofKind(first, 'delivery').at(-1)?.body).toMatchObject({
    state: 'accepted',
    channel: 'sms',
    provider: 'twilio',
    providerId: `SM${NUMBER}`,
    smsSegments: 1,
    decisionId: decision?.id,
  });

  // A stranger's STOP stops nothing.
  expect(await reply('STOP', 'SM1', 'another token')).toBe(403);
  await capture(asks('plain'));
  await ended(2);
  expect(twilio.forms).toHaveLength(2);

  expect(await reply('Stop', 'SM2')).toBe(200);
  // In force with the answer, whatever the consumers of the log have read by then.
  const suppressed = await database.query('SELECT channel, reason, is_active FROM suppression');
  expect(suppressed.rows).toEqual([{ channel: 'sms', reason: 'unsubscribed', is_active: true }]);
  await capture(asks('plain'));
  const third = await ended(3);
  expect(
    ofKind(third, 'withheld').map(({ body }) => [body.channel, body.stage, body.reason]),
  ).toEqual([['sms', 'suppression', 'suppressed_unsubscribed']]);

  // Once the consumers have read of it, no text is a candidate any more.
  await expect.poll(consent, { timeout: 30_000, interval: 50 }).toBe('denied');
  await capture(asks('chosen'));
  const last = ofKind(await ended(4), 'decision').at(-1);
  expect(last?.body).toMatchObject({ chosenAction: 'nothing', fallbackReason: 'no_candidate' });
  expect(last?.body.candidates.map(({ stage, reason }) => [stage, reason])).toEqual([
    ['consent', 'consent_denied'],
  ]);
  expect(twilio.requests()).toBe(2);
});
