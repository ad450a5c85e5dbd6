import { get, request } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { keyedPseudonyms } from '#libs/application';
import { signLink, unsubscribeLinks } from '#libs/channel-email';
import { rawEventSchema, factSchema, type Fact, type RawEvent } from '#libs/contracts';
import { startHarness, type Harness } from './harness.js';

let api: Harness;
let count = 0;
let deliveryId = '';
beforeAll(async () => (api = await startHarness()));
afterAll(() => api.close());

const BROWSER =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const LINKS = [
  'https://shop.example/panier?id=1&x=é€',
  'https://shop.example/',
  'https://s.example/3',
];

/** A person with an address, and a message the provider took a minute ago. */
beforeEach(async () => {
  count += 1;
  deliveryId = `e${count}/welcome#1`;
  const { database } = api.engine;
  const profileId = `p-${count}`;
  await database.query(
    `INSERT INTO profile (profile_id, version, group_unit, first_seen_ms, updated_at_ms, doc)
     VALUES ($1, 1, $1, 0, 0, '{}')`,
    [profileId],
  );
  await database.query('INSERT INTO node (node_id, profile_id, created_at_ms) VALUES ($1, $1, 0)', [
    profileId,
  ]);
  await database.query(
    `INSERT INTO contact_point (channel, address, profile_id, trait)
     VALUES ('email', $1, $2, 'email')`,
    [`p${count}@shop.example`, profileId],
  );
  await database.query(
    `INSERT INTO delivery (id, command_id, profile_id, enrolment_id, decision_id, reservation_id,
       scenario, step_id, grp, channel, action, treatment, template, purpose, sender, state,
       version, vars, links, intended_at_ms, send_at_ms, accepted_at_ms, updated_at_ms)
     VALUES ($1, $1, $2, 'e', 'd', $1, 'welcome', 's', 'policy', 'email', 'a', 't', 'm',
       'marketing', 'shop', 'accepted', 2, '{}', $3, 0, 0, $4, $4)`,
    [deliveryId, profileId, JSON.stringify(LINKS), Date.now() - 60_000],
  );
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** A plain client: follows nothing, says nothing of itself. */
function call(
  method: string,
  path: string,
  options: {
    agent?: string;
    body?: string;
    type?: string;
    accept?: string;
    language?: string;
  } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...(options.agent === undefined ? {} : { 'user-agent': options.agent }),
      ...(options.type === undefined ? {} : { 'content-type': options.type }),
      ...(options.accept === undefined ? {} : { accept: options.accept }),
      ...(options.language === undefined ? {} : { 'accept-language': options.language }),
    };
    const make = method === 'GET' ? get : request;
    const sent = make(api.url + path, { method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    sent.on('error', reject);
    sent.end(options.body);
  });
}

const clickPath = (linkIndex: number): string =>
  signLink(api.secrets.linkSigningKey, { kind: 'click', deliveryId, linkIndex });
const leavePath = (): string =>
  new URL(
    unsubscribeLinks({
      baseUrl: api.url,
      key: api.secrets.linkSigningKey,
      deliveryId,
      purpose: 'marketing',
    }).unsubscribeUrl,
  ).pathname;

async function told(): Promise<readonly RawEvent[]> {
  const events = await api.events();
  for (const event of events) expect(rawEventSchema.parse(event)).toEqual(event);
  return events.filter(
    (event) =>
      event.properties['delivery_id'] === deliveryId ||
      String(event.properties['proof']).includes(deliveryId),
  );
}

async function factsNow(): Promise<readonly Fact[]> {
  const rows = await api.engine.database.query<{ value: string }>(
    'SELECT value FROM fact_outbox WHERE key = $1 OR value LIKE $2 ORDER BY seq',
    [`p-${count}`, '%"suppression"%'],
  );
  return rows.rows.map((row) => factSchema.parse(JSON.parse(row.value)));
}

const suppressions = async (): Promise<unknown[]> =>
  (
    await api.engine.database.query(
      'SELECT channel, purpose, address_hash, reason, is_active FROM suppression WHERE address_hash = $1',
      [keyedPseudonyms(api.secrets.suppressionKey).hash('email', `p${count}@shop.example`)],
    )
  ).rows;

test('a person’s click is told, recorded and led on', async () => {
  const answer = await call('GET', clickPath(0), { agent: BROWSER });
  expect(answer).toMatchObject({ status: 302, body: '' });
  expect(answer.headers).toMatchObject({
    location: 'https://shop.example/panier?id=1&x=%C3%A9%E2%82%AC',
    'referrer-policy': 'no-referrer',
  });
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(await told()).toMatchObject([
    {
      type: 'engine',
      name: 'relance_message_clicked',
      profileId: `p-${count}`,
      properties: {
        delivery_id: deliveryId,
        decision_id: 'd',
        enrolment_id: 'e',
        scenario: 'welcome',
        link: '0',
        bot: false,
      },
    },
  ]);
  expect((await told())[0]?.isBot).toBeUndefined();
  expect(await factsNow()).toMatchObject([
    {
      kind: 'delivery_event',
      body: { deliveryId, deliveryEventKind: 'clicked', link: '0', evidence: [] },
    },
  ]);
});

test('a machine’s visit leads on as well, and counts for nobody', async () => {
  expect((await call('GET', clickPath(1), { agent: 'python-requests/2.32' })).status).toBe(302);
  expect((await call('HEAD', clickPath(1), { agent: BROWSER })).status).toBe(302);
  expect((await call('GET', clickPath(1))).status).toBe(302);
  const events = await told();
  expect(events.map((event) => [event.isBot, event.properties['bot']])).toEqual(
    [1, 2, 3].map(() => [true, true]),
  );
  const facts = await factsNow();
  expect(facts.map((fact) => (fact.kind === 'delivery_event' ? fact.body : null))).toMatchObject([
    { deliveryEventKind: 'bot_clicked', evidence: ['bot_user_agent'] },
    { deliveryEventKind: 'bot_clicked', evidence: ['head_request'] },
    { deliveryEventKind: 'bot_clicked', evidence: ['no_user_agent'] },
  ]);
});

test('a token that is not ours is 404, and records nothing', async () => {
  const [path, leave] = [clickPath(0), leavePath()];
  const last = path.endsWith('A') ? 'B' : 'A';
  const other = signLink('x'.repeat(32), { kind: 'click', deliveryId, linkIndex: 0 });
  const nobody = signLink(api.secrets.linkSigningKey, {
    kind: 'click',
    deliveryId: 'nobody',
    linkIndex: 0,
  });
  const paths = [
    path.slice(0, -1) + last,
    path.slice(0, -3),
    `${path}AA`,
    path.replace('/c/', '/u/'),
    leave.replace('/u/', '/c/'),
    leave.slice(0, -1) + (leave.endsWith('A') ? 'B' : 'A'),
    other,
    nobody,
    clickPath(3),
    '/c/',
    '/c/x',
    '/c/a.b',
    `/c/${'a'.repeat(5_000)}.b`,
    '/u/%00.x',
    '/c/%E0%A4%A.x',
  ];
  for (const one of paths) {
    const answer = await call('GET', one, { agent: BROWSER });
    expect([404], one).toContain(answer.status);
    expect(answer.headers['location']).toBeUndefined();
  }
  expect((await call('POST', leave.slice(0, -2))).status).toBe(404);
  expect(await told()).toEqual([]);
  const page = await call('GET', other, { accept: 'text/html', language: 'fr' });
  expect(page.body).toContain('Ce lien n’est pas valable');
  const problem = await call('GET', other);
  expect(JSON.parse(problem.body)).toMatchObject({ code: 'RLN-2010' });
});

test('looking at the page of leaving changes nothing', async () => {
  for (const method of ['GET', 'HEAD']) {
    const answer = await call(method, leavePath(), { agent: BROWSER, language: 'fr-FR,fr;q=0.9' });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.headers['set-cookie']).toBeUndefined();
    if (method === 'GET') {
      expect(answer.body).toContain('<form method="post">');
      expect(answer.body).toContain('Me désabonner');
    }
  }
  const english = await call('GET', leavePath(), { language: 'en' });
  expect(english.body).toContain('Unsubscribe me');
  expect(await told()).toEqual([]);
  expect(await suppressions()).toEqual([]);
});

test('the mail client’s button takes the person out at once, however often it is pressed', async () => {
  const press = () =>
    call('POST', leavePath(), {
      body: 'List-Unsubscribe=One-Click',
      type: 'application/x-www-form-urlencoded',
    });
  const answers = [await press(), await press()];
  for (const answer of answers) {
    expect(answer.status).toBe(200);
    expect(answer.headers['location']).toBeUndefined();
    expect(answer.headers['set-cookie']).toBeUndefined();
  }
  expect(await suppressions()).toMatchObject([
    { channel: 'email', purpose: 'marketing', reason: 'unsubscribed', is_active: true },
  ]);
  const events = await told();
  const consents = events.filter((event) => event.name === 'consent_changed');
  expect(consents.length).toBeGreaterThanOrEqual(1);
  expect(consents[0]).toMatchObject({
    profileId: `p-${count}`,
    properties: {
      channel: 'email',
      purpose: 'marketing',
      status: 'denied',
      proof: `one_click unsubscribe, delivery ${deliveryId}`,
    },
  });
  const left = events.filter((event) => event.name === 'relance_message_unsubscribed');
  expect(left).toHaveLength(1);
  const facts = await factsNow();
  const kinds = facts.map((fact) =>
    fact.kind === 'delivery_event' ? fact.body.deliveryEventKind : fact.kind,
  );
  expect(kinds.filter((kind) => kind === 'unsubscribed')).toHaveLength(1);
  expect(kinds).toContain('suppression');
  expect(JSON.stringify(facts)).not.toContain('shop.example"');
});

test('the form of our page, a multipart form and an empty body do too', async () => {
  const bodies: readonly (readonly [string | undefined, string | undefined])[] = [
    ['', 'application/x-www-form-urlencoded'],
    [
      '--b\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--',
      'multipart/form-data; boundary=b',
    ],
    [undefined, undefined],
  ];
  for (const [body, type] of bodies) {
    const answer = await call('POST', leavePath(), {
      language: 'en',
      ...(body === undefined ? {} : { body }),
      ...(type === undefined ? {} : { type }),
    });
    expect([answer.status, answer.body.includes('This holds from now on')]).toEqual([200, true]);
  }
  expect(await suppressions()).toHaveLength(1);
});
