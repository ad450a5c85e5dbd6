import { fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_ROUTES, PERSON_ROLES, ROLES, type Role } from '#libs/contracts';
import { openTestStore, type TestStore } from '#libs/testkit';
import { registerApi } from '../../apps/api/src/console/http/register.js';
import { consoleWorld, HOME_KEY, PASSWORD, problemOf, type ConsoleWorld } from './world.js';

const START_MS = Date.parse('2026-03-30T10:00:00+02:00');
const EXPECTED_ROUTES = 60;

let store: TestStore;
let world: ConsoleWorld;
/** What each role comes with. */
const passes = new Map<Role, { readonly cookie?: string; readonly key?: string }>();

beforeAll(async () => {
  store = await openTestStore();
  world = await consoleWorld(await store.fresh(), {
    workspace: 'tests/workspaces/pipeline',
    startMs: START_MS,
  });
  for (const role of PERSON_ROLES) passes.set(role, { cookie: await world.signIn(role) });
  const { secret } = await world.console.access.addKey('a program', {
    kind: 'person',
    id: 'x',
    email: 'admin@console.test',
    name: 'x',
    roles: ['admin'],
  });
  passes.set('machine', { key: secret });
});
afterAll(async () => {
  await world.close();
  await store.close();
});

/** An address that names nothing: who is let in is refused later, and otherwise. */
const pathOf = (path: string): string => path.replace(/:\w+/g, 'nothing');
const isPage = (path: string): boolean => !path.startsWith('/api/');

describe('every role on every route', () => {
  const guarded = API_ROUTES.filter(({ roles }) => !roles.includes('anyone'));

  it('covers the whole inventory', () => {
    expect(API_ROUTES).toHaveLength(EXPECTED_ROUTES);
    expect(API_ROUTES.filter(({ roles }) => roles.includes('anyone')).map((r) => r.path)).toEqual([
      '/api/sign-in',
      '/api/sign-in/:token',
      '/api/openapi.json',
    ]);
  });

  // The guard reads the inventory: that a role was not widened by mistake is said here once more.
  it('gives reps, analysts and programs no more than this', () => {
    const of = (role: Role) =>
      API_ROUTES.filter(({ roles }) => roles.includes(role))
        .map(({ operation }) => operation)
        .sort()
        .join(' ');
    expect(of('sales')).toBe(
      'account accountByKey accounts closeTask me pauses people person personByKey signOut tasks timeline',
    );
    expect(of('analyst')).toBe(
      'coverage decision decisions draft draftFile me pauses publishings results scenario scenarioSource scenarios signOut tables today workspace',
    );
    expect(of('machine')).toBe(
      'actOnEnrolments applyWorkspace coverage deadLetters dismissDeadLetters draft draftFile ' +
        'enrolments explain importEvents lintWorkspace me operatorActs pause pauses planWorkspace publishings removeSample ' +
        'replayDeadLetters results sampleRemoval sandboxMessage sandboxMessages scenario ' +
        'scenarioSource scenarios sendEvent signOut startImport status troubles workspace',
    );
    for (const operation of ['users', 'createUser', 'keys', 'createKey', 'revokeKey'] as const) {
      expect(API_ROUTES.find((one) => one.operation === operation)?.roles).toEqual(['admin']);
    }
  });

  for (const route of guarded) {
    it(`${route.method} ${route.path} is for ${route.roles.join(', ')} only`, async () => {
      const path = pathOf(route.path);
      const nobody = await world.ask(path, { method: route.method });
      if (isPage(route.path)) {
        expect([nobody.status, nobody.headers.get('location')]).toEqual([
          302,
          `/sign-in?next=${encodeURIComponent(path)}`,
        ]);
      } else expect([nobody.status, problemOf(nobody).code]).toEqual([401, 'RLN-2101']);
      for (const role of ROLES) {
        // Signing out would take the pass away from the tests that follow.
        if (route.operation === 'signOut' && role !== 'machine') continue;
        const answer = await world.ask(path, { method: route.method, ...passes.get(role) });
        const isRefused = isPage(route.path)
          ? answer.headers.get('location') === '/sign-in?problem=not_allowed'
          : answer.status === 403;
        expect([role, isRefused]).toEqual([role, !route.roles.includes(role)]);
        if (isRefused && !isPage(route.path)) expect(problemOf(answer).code).toBe('RLN-2102');
        expect([role, answer.status]).not.toEqual([role, 401]);
        expect(answer.status).not.toBe(500);
      }
    });
  }

  it('lets no fault through', () => expect(world.faults).toEqual([]));
});

describe('the door', () => {
  it('refuses paths that the inventory does not name', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await world.ask('/api/anything', { method, ...passes.get('admin') });
      expect(answer.status).toBe(404);
    }
    expect((await world.ask('/api/users', { method: 'PUT', ...passes.get('admin') })).status).toBe(
      404,
    );
  });

  it('does not start with an unguarded route under /api', async () => {
    const server = fastify();
    const { access } = world.console;
    const options = { access, handlers: {} as never, publicUrl: world.url, onFault: () => {} };
    await registerApi(server, options);
    expect(() => server.get('/api/secrets', () => 'all of them')).toThrow(/not in the inventory/);
    await server.close();
  });

  it('refuses requests that another site makes with a person’s cookie', async () => {
    const { cookie = '' } = passes.get('admin') ?? {};
    const body = { name: 'stolen' };
    const post = { method: 'POST', cookie, body };
    for (const origin of ['https://evil.test', 'null', 'http://127.0.0.1:1', null]) {
      const answer = await world.ask('/api/keys', { ...post, origin });
      expect([origin, answer.status, problemOf(answer).code]).toEqual([origin, 403, 'RLN-2105']);
    }
    const own = await world.ask('/api/keys', { ...post, origin: 'http://console.test' });
    expect(own.status).toBe(200);
    const vouched = await world.ask('/api/keys', {
      ...post,
      origin: null,
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    expect(vouched.status).toBe(200);
  });

  it('does not let another site sign somebody in', async () => {
    const body = { email: 'admin@console.test', password: PASSWORD };
    const answer = await world.ask('/api/sign-in', {
      method: 'POST',
      body,
      origin: 'https://evil.test',
    });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([403, null]);
  });

  it('takes a key by Bearer, Basic and X-API-Key, and forgets it once revoked', async () => {
    const made = await world.ask('/api/keys', {
      method: 'POST',
      key: HOME_KEY,
      body: { name: 'short-lived' },
    });
    const { key, secret } = made.json as { key: { id: string }; secret: string };
    const basic = `Basic ${Buffer.from(`${secret}:`).toString('base64')}`;
    expect((await world.ask('/api/me', { key: secret })).status).toBe(200);
    expect((await world.ask('/api/me', { headers: { authorization: basic } })).status).toBe(200);
    expect((await world.ask('/api/me', { headers: { 'x-api-key': secret } })).status).toBe(200);
    expect((await world.ask('/api/keys', { key: secret })).status).toBe(403);
    const gone = await world.ask(`/api/keys/${key.id}`, { method: 'DELETE', key: HOME_KEY });
    expect(gone.status).toBe(200);
    expect((await world.ask('/api/me', { key: secret })).status).toBe(401);
    const listed = (await world.ask('/api/keys', { key: HOME_KEY })).text;
    expect(listed).toContain('short-lived');
    expect(listed).not.toContain(secret);
  });

  it('keeps no secret in the store', async () => {
    const { cookie = '' } = passes.get('marketer') ?? {};
    const token = cookie.split('=')[1] ?? 'none';
    const { database } = world.console.options;
    for (const table of ['console_user', 'console_session', 'console_link', 'access_key']) {
      const rows = await database.query<{ all: string }>(
        `SELECT coalesce(string_agg(t::text, ' '), '') AS all FROM ${table} t`,
      );
      expect(rows.rows[0]?.all).not.toContain(PASSWORD);
      expect(rows.rows[0]?.all).not.toContain(token);
    }
  });
});

describe('signing in', () => {
  it('sets a cookie that scripts cannot read, and ends with it', async () => {
    const email = 'leaving@console.test';
    const cookie = await world.signIn('marketer', email);
    const body = { email: 'LEAVING@console.test', password: PASSWORD };
    const again = await world.ask('/api/sign-in', { method: 'POST', body });
    expect(again.headers.get('set-cookie')).toMatch(
      /^relance_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=1209600$/,
    );
    expect((await world.ask('/api/me', { cookie })).json).toMatchObject({
      email,
      role: 'marketer',
      home: '/today',
    });
    expect((await world.ask('/api/sign-out', { method: 'POST', cookie })).status).toBe(200);
    expect((await world.ask('/api/me', { cookie })).status).toBe(401);
  });

  it('says the same of a wrong password and of nobody, and slows guessing down', async () => {
    const email = 'guessed@console.test';
    await world.signIn('analyst', email);
    const guess = (who: string) =>
      world.ask('/api/sign-in', { method: 'POST', body: { email: who, password: 'wrong' } });
    const [wrong, nobody] = [await guess(email), await guess('nobody@console.test')];
    expect([wrong.status, problemOf(wrong).code]).toEqual([401, 'RLN-2106']);
    expect(nobody.text).toBe(wrong.text);
    const answers = await Promise.all(Array.from({ length: 12 }, () => guess(email)));
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(5);
    const late = answers.find(({ status }) => status === 429);
    expect(Number(late?.headers.get('retry-after'))).toBeGreaterThan(0);
    // Even the right one waits now.
    const right = { email, password: PASSWORD };
    const slowed = await world.ask('/api/sign-in', { method: 'POST', body: right });
    expect([slowed.status, problemOf(slowed).code]).toEqual([429, 'RLN-2107']);
  });

  it('by a link works once, and not by looking at it', async () => {
    const made = await world.ask('/api/users', {
      method: 'POST',
      key: HOME_KEY,
      body: { email: 'new@console.test', role: 'sales' },
    });
    const { signInUrl, password } = made.json as { signInUrl: string; password: string };
    const path = new URL(signInUrl).pathname;
    expect(password).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
    expect((await world.ask(path, { method: 'HEAD' })).headers.get('set-cookie')).toBeNull();
    const first = await world.ask(path);
    expect([first.status, first.headers.get('location')]).toEqual([302, '/accounts']);
    expect(first.headers.get('set-cookie')).toContain('HttpOnly');
    const second = await world.ask(path);
    expect([second.headers.get('location'), second.headers.get('set-cookie')]).toEqual([
      '/sign-in?problem=link_used',
      null,
    ]);
    const twice = await world.ask('/api/users', {
      method: 'POST',
      key: HOME_KEY,
      body: { email: 'new@console.test', role: 'sales' },
    });
    expect(problemOf(twice).code).toBe('RLN-2109');
  });

  it('speaks the caller’s language and says where a request is malformed', async () => {
    const wrong = { method: 'POST', key: HOME_KEY, body: { email: 'x', role: 'king' } };
    const french = problemOf(await world.ask('/api/users', { ...wrong, locale: 'fr-FR' }));
    const english = problemOf(await world.ask('/api/users', { ...wrong, locale: 'en-GB,fr;q=.1' }));
    expect([french.detail, english.detail]).toEqual([
      'La demande est mal formée.',
      'The request is malformed.',
    ]);
    expect(english.issues?.map(({ path }) => path)).toEqual(['email', 'role']);
    const broken = await world.ask('/api/users', {
      method: 'POST',
      key: HOME_KEY,
      body: '{"email":',
    });
    expect(broken.headers.get('content-type')).toContain('application/problem+json');
    const big = await world.ask('/api/users', {
      method: 'POST',
      key: HOME_KEY,
      body: { email: 'x'.repeat(70_000) },
    });
    expect([big.status, problemOf(big).code]).toEqual([413, 'RLN-2110']);
    for (const path of [
      '/api/people/a%00',
      '/api/accounts?cursor=%00',
      '/profiles/by/user_id/%00',
    ]) {
      const holdsNul = await world.ask(path, { key: HOME_KEY });
      expect([path, holdsNul.status]).toEqual([path, 400]);
    }
    const signIn = { method: 'POST', body: { email: 'a\u0000@b.fr', password: 'x' } };
    expect((await world.ask('/api/sign-in', signIn)).status).toBe(400);
  });
});
