import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OutcomeFact, RewardFact } from '#libs/contracts';
import { engineWorld, type EngineWorld } from '../engine/world.js';
import { basic, startHarness, type Harness } from './harness.js';

const MONDAY_MS = Date.parse('2026-03-30T10:00:00+02:00');
const KEYS = { suppressionKey: 'a test key', linkSigningKey: 'k'.repeat(64) };

let api: Harness;
let world: EngineWorld;
let asProgram: Record<string, string>;
/** Asked before anything was published. */
let early: Answered;

beforeAll(async () => {
  api = await startHarness({
    clock: { kind: 'accelerated', startMs: MONDAY_MS, speed: 1 },
    secrets: KEYS,
  });
  asProgram = { authorization: basic(api.secrets.apiKey) };
  early = await ask('/v1/decide', { profile: { userId: 'u1' } });
  const { database } = api.engine;
  world = await engineWorld(database, {
    workspace: 'tests/workspaces/pipeline',
    startMs: MONDAY_MS,
  });
  await arrive('u1');
  await api.engine.workspace.refresh();
});
afterAll(async () => {
  await world.close();
  await api.close();
});

interface Answered {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function ask(path: string, body: unknown): Promise<Answered> {
  const answer = await api.post(path, body, asProgram);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function profile(ns: string, id: string, query = ''): Promise<Answered> {
  const path = `/v1/profiles/by/${ns}/${encodeURIComponent(id)}${query}`;
  const answer = await fetch(api.url + path, { headers: asProgram });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** The loops' clock stands still; it is moved up to the api's before they turn. */
async function settle(): Promise<void> {
  world.clock.advance(Math.max(0, api.engine.clock.nowMs() - world.clock.nowMs()));
  await world.settle();
}

/** A person signs up on a page: known, with an address and consent. */
async function arrive(userId: string): Promise<void> {
  const traits = { firstName: 'Camille', email: `${userId}@example.test`, country: 'FR' };
  const properties = {
    channel: 'email',
    purpose: 'marketing',
    status: 'granted',
    basis: 'opt_in',
    proof: 'form 2026-01, box ticked',
  };
  const batch = [
    { type: 'identify', userId, traits },
    { type: 'track', userId, event: 'Consent Changed', properties },
  ];
  const answer = await api.post('/v1/batch', { batch });
  expect(await answer.json()).toMatchObject({ accepted: 2 });
  await settle();
}

const count = async (table: string): Promise<number> => {
  const rows = await api.engine.database.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM ${table}`,
  );
  return rows.rows[0]?.n ?? -1;
};

test('nothing is decided before a workspace is published', () => {
  expect(early.body).toMatchObject({ status: 503, code: 'RLN-2017' });
});

test('a profile is read by any of its ids, with where everything comes from', async () => {
  const byUser = await profile('user_id', 'u1');
  expect(byUser.status).toBe(200);
  expect(byUser.body).toMatchObject({
    traits: { firstName: { value: 'Camille', source: 'web' }, country: { value: 'FR' } },
    consents: { 'email:marketing': 'granted' },
    statements: [{ status: 'granted', source: 'web', proof: 'form 2026-01, box ticked' }],
  });
  const { profileId, version } = byUser.body as { profileId: string; version: number };
  for (const [ns, id] of [
    ['email', '  U1@Example.TEST '],
    ['userId', 'u1'],
    ['profile_id', profileId],
  ] as const) {
    expect((await profile(ns, id)).body['profileId'], ns).toBe(profileId);
  }
  expect((await profile('user_id', 'u1', `?min_version=${version}`)).status).toBe(200);
  expect((await profile('user_id', 'u1', `?min_version=${version + 1}`)).body).toMatchObject({
    status: 409,
    code: 'RLN-2016',
  });
  expect((await profile('user_id', 'nobody')).body['code']).toBe('RLN-2014');
  expect((await profile('user_id', 'u1', '?min_version=x')).body['code']).toBe('RLN-2013');
  const asPage = await fetch(`${api.url}/v1/profiles/by/user_id/u1`, {
    headers: { authorization: basic(api.secrets.writeKey) },
  });
  expect(asPage.status).toBe(403);
  expect(await asPage.json()).toMatchObject({ code: 'RLN-2012' });
  expect((await fetch(`${api.url}/v1/profiles/by/user_id/u1`)).status).toBe(401);
});

test('a fault of ours is said to be one; its cause is for the log', async () => {
  const { database } = api.engine;
  await database.query('ALTER TABLE profile RENAME TO profile_away');
  const answer = await profile('user_id', 'u1').finally(() =>
    database.query('ALTER TABLE profile_away RENAME TO profile'),
  );
  expect(answer.body).toMatchObject({ status: 500, code: 'RLN-2009' });
  expect(JSON.stringify(answer.body)).not.toContain('relation');
  const told = api.lines.filter((line) => /a request failed.*\/v1\/profiles\/by\//.test(line));
  expect(told).toHaveLength(1);
  expect(told[0]).not.toContain('u1');
});

test('a decision gives every candidate its reason and its share', async () => {
  const before = await count('decision');
  const dry = await ask('/v1/decide', { profile: { userId: 'u1' }, dryRun: true });
  expect(dry.status).toBe(200);
  expect(await count('decision')).toBe(before);
  const { body } = await ask('/v1/decide', { profile: { email: 'u1@example.test' } });
  const candidates = body['candidates'] as { action: string; propensity: number }[];
  expect(candidates.map((one) => one.action).sort()).toEqual(['hello', 'nothing', 'offer']);
  expect(candidates.reduce((sum, one) => sum + one.propensity, 0)).toBeCloseTo(1, 9);
  expect(body).toMatchObject({ group: 'policy', fallbackReason: null });
  expect(body['latencyUs']).toBeGreaterThan(0);
  expect(await count('decision')).toBe(before + 1);
  expect(await count('cap_reservation')).toBe(0);
  const listed = await ask('/v1/decide', {
    profile: { userId: 'u1' },
    actions: ['hello', 'of-old'],
    policy: 'rules',
  });
  expect(listed.body['candidates']).toMatchObject([
    { action: 'hello' },
    { action: 'of-old', passed: false, reason: 'inactive', propensity: 0 },
    { action: 'nothing' },
  ]);
});

test('a question asked again under its id has one record', async () => {
  const question = { profile: { userId: 'u1' }, requestId: 'basket-7' };
  const first = await ask('/v1/decide', question);
  const again = await ask('/v1/decide', question);
  expect(first.status).toBe(200);
  expect({ ...again.body, latencyUs: 0 }).toEqual({ ...first.body, latencyUs: 0 });
});

test('what cannot be read is named, whoever is unknown is not found', async () => {
  const wrong: readonly (readonly [string, unknown])[] = [
    ['profile', {}],
    ['profile', { profile: {} }],
    ['profile', { profile: { userId: {} } }],
    ['profile', []],
    ['actions', { profile: { userId: 'u1' }, actions: 'hello' }],
    ['actions', { profile: { userId: 'u1' }, actions: [1] }],
    ['policy', { profile: { userId: 'u1' }, policy: 'mine' }],
    ['context', { profile: { userId: 'u1' }, context: [] }],
    ['dryRun', { profile: { userId: 'u1' }, dryRun: 'yes' }],
    ['requestId', { profile: { userId: 'u1' }, requestId: 1 }],
  ];
  for (const [member, body] of wrong) {
    const answer = await ask('/v1/decide', body);
    expect(answer.body, member).toMatchObject({ status: 400, code: 'RLN-2013' });
    expect(answer.body['title']).toContain(`"${member}"`);
  }
  expect((await ask('/v1/decide', '{"profile":')).body['code']).toBe('RLN-2002');
  const nobody = await ask('/v1/decide', { profile: { userId: 'nobody' } });
  expect(nobody.body).toMatchObject({ status: 404, code: 'RLN-2014' });
});

test('an outcome is a reward, takes the reserved place, and counts once', async () => {
  await arrive('u2');
  const asked = await ask('/v1/decide', {
    profile: { userId: 'u2' },
    actions: ['hello'],
    policy: 'rules',
    reserve: true,
  });
  const { decisionId, action } = asked.body as { decisionId: string; action: string };
  expect(action).toBe('hello');
  const reservation = async (): Promise<unknown[]> =>
    (await api.engine.database.query('SELECT state, action FROM cap_reservation')).rows;
  expect(await reservation()).toEqual([{ state: 'reserved', action: 'hello' }]);
  // The place is taken: the same person gets no second message today.
  const second = await ask('/v1/decide', { profile: { userId: 'u2' }, dryRun: true });
  expect(second.body['candidates']).toMatchObject([
    { action: 'hello', passed: false, reason: 'cap' },
    { action: 'offer', passed: false, reason: 'cap' },
    { action: 'nothing', passed: true },
  ]);

  const told = { decisionId, kind: 'converted', value: '129.90', outcomeId: 'order-1' };
  const first = await ask('/v1/outcomes', told);
  expect(first.body).toMatchObject({ recorded: true });
  expect((await ask('/v1/outcomes', told)).body).toEqual({ ...first.body, recorded: false });
  expect(await reservation()).toEqual([{ state: 'consumed', action: 'hello' }]);
  await settle();
  const facts = await world.facts();
  const outcomes = facts.filter((fact): fact is OutcomeFact => fact.kind === 'outcome');
  expect(outcomes).toMatchObject([
    { body: { decisionId, outcomeKind: 'converted', value: '129.90', currency: 'EUR' } },
  ]);
  const rewards = facts.filter((fact): fact is RewardFact => fact.kind === 'reward');
  expect(rewards).toMatchObject([
    { version: 1, body: { decisionId, value: 129.9, action: 'hello', scenario: null } },
  ]);
  const learned = await api.engine.database.query(
    `SELECT successes, failures FROM posterior WHERE scenario = '' AND action = 'hello'`,
  );
  expect(learned.rows).toEqual([{ successes: 1, failures: 0 }]);

  expect((await ask('/v1/outcomes', { ...told, decisionId: 'nothing' })).body).toMatchObject({
    code: 'RLN-2015',
  });
  for (const wrong of [{}, { decisionId }, { ...told, kind: 'liked' }, { ...told, value: 'x' }]) {
    expect((await ask('/v1/outcomes', wrong)).body['code']).toBe('RLN-2013');
  }
});

test('from a page to a message, its link, and out again', async () => {
  await arrive('u3');
  await api.post('/v1/track', { userId: 'u3', event: 'Signed Up' });
  await settle();
  const mail = world.mails.find((one) => one.to.includes('u3@example.test'));
  const link = /\/c\/[\w-]+\.[\w-]+/.exec(mail?.html ?? '')?.[0];
  // A minute later: whoever clicks within two seconds is a machine.
  await api.engine.database.query(
    'UPDATE delivery SET accepted_at_ms = accepted_at_ms - 60000 WHERE accepted_at_ms IS NOT NULL',
  );
  const visited = await fetch(`${api.url}${link}`, {
    redirect: 'manual',
    headers: {
      'user-agent': 'Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0',
    },
  });
  expect(visited.status).toBe(302);
  await settle();
  const clicked = (await world.facts()).filter((fact) => fact.kind === 'outcome').at(-1);
  expect(clicked).toMatchObject({ body: { outcomeKind: 'clicked', attributedBy: 'direct' } });

  const header = mail?.headers['list-unsubscribe'] ?? '';
  const leave = /<([^>]+\/u\/[^>]+)>/.exec(header)?.[1] ?? '';
  const path = new URL(leave).pathname;
  expect((await fetch(api.url + path)).status).toBe(200);
  await settle();
  expect((await profile('user_id', 'u3')).body['consents']).toMatchObject({
    'email:marketing': 'granted',
  });
  const left = await fetch(api.url + path, {
    method: 'POST',
    body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
  });
  expect(left.status).toBe(200);
  // At once: before anything else runs, nobody may decide to write to them.
  const decided = await ask('/v1/decide', { profile: { userId: 'u3' }, dryRun: true });
  const reasons = (decided.body['candidates'] as { passed: boolean; stage: string }[]).slice(0, 2);
  expect(reasons.map((one) => [one.passed, one.stage])).toEqual([
    [false, 'suppression'],
    [false, 'suppression'],
  ]);
  await settle();
  expect((await profile('user_id', 'u3')).body['consents']).toMatchObject({
    'email:marketing': 'denied',
  });
});

test('a body that is no JSON, or holds a NUL, is told so by a document', async () => {
  const send = async (body: string) => {
    const headers = { ...asProgram, 'content-type': 'application/json' };
    const answer = await fetch(`${api.url}/v1/decide`, { method: 'POST', headers, body });
    return { status: answer.status, ...((await answer.json()) as { code: string; type: string }) };
  };
  expect(await send('{')).toMatchObject({ status: 400, code: 'RLN-2002' });
  expect(await send('{"profile":{"userId":"a\\u0000"}}')).toMatchObject({
    status: 400,
    code: 'RLN-2013',
  });
  expect((await profile('user_id', 'a\u0000')).status).toBe(400);
});
