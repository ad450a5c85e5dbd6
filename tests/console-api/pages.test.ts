import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API, API_ROUTES, type ApiOperation, type ApiResponse } from '#libs/contracts';
import type { z } from 'zod';
import { openTestStore, type TestStore } from '#libs/testkit';
import { known } from '../engine/world.js';
import { consoleWorld, HOME_KEY, problemOf, type ConsoleWorld } from './world.js';

const START_MS = Date.parse('2026-03-30T10:00:00+02:00');
const DAY_MS = 86_400_000;
const REP = 'rep@console.test';
const OTHER_REP = 'other@console.test';

let store: TestStore;
let world: ConsoleWorld;
let admin: string;
let rep: string;
let otherRep: string;

beforeAll(async () => {
  store = await openTestStore();
  world = await consoleWorld(await store.fresh(), {
    workspace: 'tests/workspaces/pipeline',
    startMs: START_MS,
  });
  const { engine } = world;
  const account = {
    ids: { siren: '732829320' },
    traits: { name: 'Élan Décor', owner: 'Rep@Console.test', country: 'FR' },
  };
  await engine.send(known('u1'));
  await engine.send([
    { type: 'group', name: 'group', source: 'crm', ids: { user_id: 'u1' }, account },
    { name: 'order_completed', ids: { user_id: 'u1' }, properties: { total: 40, currency: 'EUR' } },
    { name: 'complaint_opened', ids: { user_id: 'u1' }, properties: { subject: 'Vase cassé' } },
  ]);
  // Somebody whom nobody may write to: what is withheld, and why, is told as well.
  await engine.send(known('u2').slice(0, 1));
  await engine.settle();
  await engine.send([
    { name: 'signed_up', ids: { user_id: 'u1' } },
    { name: 'signed_up', ids: { user_id: 'u2' } },
  ]);
  await engine.settle();
  engine.clock.advance(DAY_MS);
  await engine.send([
    {
      name: 'order_completed',
      ids: { user_id: 'u1' },
      properties: { order_id: 'o1', total: 129.9 },
    },
  ]);
  await engine.settle();
  admin = await world.signIn('admin');
  rep = await world.signIn('sales', REP);
  otherRep = await world.signIn('sales', OTHER_REP);
});
afterAll(async () => {
  await world.close();
  await store.close();
});

/** Asks for a page and holds it to its own schema. */
async function page<Operation extends ApiOperation>(
  operation: Operation,
  path: string,
  cookie: string = admin,
  locale = 'fr',
): Promise<ApiResponse<Operation>> {
  const answer = await world.ask(path, { cookie, locale });
  expect([path, answer.status, answer.status === 200 ? '' : answer.text]).toEqual([path, 200, '']);
  const schema = API[operation].response as z.ZodType;
  return schema.parse(answer.json) as ApiResponse<Operation>;
}

async function person(text: string): Promise<string> {
  const { items } = await page('people', `/api/people?query=${encodeURIComponent(text)}`);
  return items[0]?.id ?? 'nobody';
}

describe('scenarios', () => {
  it('shows today what runs and what it brought', async () => {
    const { scenarios, attention } = await page('today', '/api/today');
    const [line] = scenarios;
    expect(line).toMatchObject({ state: 'live', entered: 2, sent: 1, converted: 1 });
    expect(line?.revenue).toEqual([{ amount: '129.90', currency: 'EUR' }]);
    expect(line?.daily).toHaveLength(7);
    expect(line?.daily.map(({ entered }) => entered)).toEqual([0, 0, 0, 0, 0, 2, 0]);
    expect(line?.daily.map(({ revenue }) => revenue).at(-1)).toBe('129.90');
    expect(line?.lift.state).toBe('none');
    expect(attention.map(({ sentence }) => sentence).join(' ')).not.toContain('undefined');
  });

  it('draws the graph with where it leads, and gives the YAML back', async () => {
    const { items } = await page('scenarios', '/api/scenarios');
    const id = items[0]?.id ?? '';
    const detail = await page('scenario', `/api/scenarios/${id}`);
    const ids = new Set(detail.graph.nodes.map((node) => node.id));
    for (const { from, to } of detail.graph.edges)
      expect([from, ids.has(from), to, ids.has(to)]).toEqual([from, true, to, true]);
    expect(detail.graph.nodes[0]?.type).toBe('entry');
    expect(detail.source?.text).toMatch(/^scenario: /m);
    expect(detail.versions).toHaveLength(1);
    expect(detail.summary.length).toBeGreaterThan(2);
    const { definition } = detail;
    const source = await page(
      'scenarioSource',
      `/api/scenarios/${id}/source?definition=${definition}`,
    );
    expect(source.text).toBe(detail.source?.text);
    const missing = await world.ask('/api/scenarios/none', { cookie: admin });
    expect(problemOf(missing).code).toBe('RLN-2103');
  });

  it('counts who stands where as the list of people does', async () => {
    const { items } = await page('scenarios', '/api/scenarios');
    const id = items[0]?.id ?? '';
    const { graph } = await page('scenario', `/api/scenarios/${id}`);
    const all = await page('scenarioPeople', `/api/scenarios/${id}/people`);
    for (const node of graph.nodes.filter(({ waiting }) => waiting > 0)) {
      const path = `/api/scenarios/${id}/people?step=${encodeURIComponent(node.id)}`;
      expect((await page('scenarioPeople', path)).items).toHaveLength(node.waiting);
    }
    expect(all.items.length).toBe(items[0]?.people);
  });
});

describe('people', () => {
  it('finds somebody by e-mail, name without accents, and id', async () => {
    const id = await person('u1@');
    expect(id).not.toBe('nobody');
    const { items } = await page('people', `/api/people?query=${id}`);
    expect(items.map((item) => item.id)).toEqual([id]);
    const byName = await page('people', '/api/people?query=camille');
    expect(byName.items.map((item) => item.id)).toContain(id);
    const wild = await page('people', '/api/people?query=%25');
    expect(wild.items).toEqual([]);
  });

  it('pages through everybody once', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let round = 0; cursor !== null && round < 10; round += 1) {
      const path: string = `/api/people?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const { items, next }: ApiResponse<'people'> = await page('people', path);
      seen.push(...items.map((item) => item.id));
      cursor = next;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(2);
  });

  it('says where each value comes from and how to reach somebody', async () => {
    const found = await page('person', `/api/people/${await person('u1@')}`);
    expect(found.values.find(({ name }) => name === 'email')).toMatchObject({
      source: expect.any(String),
      why: expect.stringMatching(/\w/),
    });
    expect(found.channels.map(({ channel, isReachable }) => [channel, isReachable])).toEqual([
      ['email', true],
      ['sms', false],
    ]);
    expect(found.account?.name).toBe('Élan Décor');
    const other = await page('person', `/api/people/${await person('u2@')}`, admin, 'en');
    expect(other.channels[0]).toMatchObject({ isReachable: false, consent: 'unknown' });
    expect(other.channels[0]?.why).toMatch(/consent/i);
  });

  it('tells a life in order, each line once, whatever the size of a page', async () => {
    const id = await person('u1@');
    const whole = await page('timeline', `/api/people/${id}/timeline?limit=200`);
    expect(whole.isPartial).toBe(true);
    const lines: string[] = [];
    let cursor: string | null = '';
    for (let round = 0; cursor !== null && round < 100; round += 1) {
      const from = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const part: ApiResponse<'timeline'> = await page(
        'timeline',
        `/api/people/${id}/timeline?limit=2${from}`,
      );
      lines.push(...part.items.map((item) => `${item.kind} ${item.id}`));
      cursor = part.next;
    }
    expect(lines).toEqual(whole.items.map((item) => `${item.kind} ${item.id}`));
    expect(new Set(lines).size).toBe(lines.length);
    const kinds = new Set(whole.items.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['decision', 'enrolment', 'event', 'message', 'outcome']);
    for (const item of whole.items) expect(item.sentence).toMatch(/^[^{}]+[.]$/);
    const some = await page('timeline', `/api/people/${id}/timeline?kinds=decision,outcome`);
    expect(new Set(some.items.map(({ kind }) => kind))).toEqual(new Set(['decision', 'outcome']));
    const [outcome] = some.items.filter(({ kind }) => kind === 'outcome');
    expect(outcome?.sentence).toMatch(
      /^A commandé 129,90 EUR le 31\/03, 1 jour après le courriel « /,
    );
  });

  it('explains why nothing went to somebody', async () => {
    const who = await person('u2@');
    const told = await page('explain', `/api/explain?profile=${who}`, admin, 'en');
    const text = JSON.stringify(told);
    expect(told.scenarios[0]?.state).not.toBe('never_entered');
    expect(text).toMatch(/consent/i);
    const byKey = await world.ask('/api/explain?profile=user_id:u2', { key: HOME_KEY });
    expect((byKey.json as { profileId: string }).profileId).toBe(who);
    expect((await world.ask('/api/explain?profile=user_id:none', { key: HOME_KEY })).status).toBe(
      404,
    );
  });
});

describe('decisions', () => {
  it('lists them and opens one with every candidate and its reason', async () => {
    const { items } = await page('decisions', '/api/decisions');
    expect(items).toHaveLength(2);
    const withMail = items.find(({ eligible }) => eligible > 0);
    const one = await page('decision', `/api/decisions/${withMail?.id ?? ''}`);
    const sum = one.candidates.reduce((total, { propensity }) => total + propensity, 0);
    expect(sum).toBeCloseTo(1, 9);
    expect(one.candidates.filter(({ isChosen }) => isChosen)).toHaveLength(1);
    expect(one.candidates.every(({ why }) => why !== '')).toBe(true);
    expect(one.funnel[0]?.left).toBeLessThanOrEqual(one.candidates.length);
    expect(one.sentences.length).toBeGreaterThanOrEqual(one.candidates.length);
    const other = await page('decisions', '/api/decisions?scenario=other');
    expect(other.items).toEqual([]);
  });
});

describe('accounts, for their rep alone', () => {
  it('tells what campaigns did there, in words', async () => {
    const { items } = await page('accounts', '/api/accounts', rep);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ name: 'Élan Décor', people: 1, openComplaints: 1 });
    const detail = await page('account', `/api/accounts/${items[0]?.id ?? ''}`, rep);
    expect(detail.sentences.map(({ sentence }) => sentence).join('\n')).toContain(
      'a commandé 129,90 EUR le 31/03, 1 jour après le courriel',
    );
    expect(detail.revenue.weeks).toHaveLength(53);
    const orders = detail.revenue.weeks.reduce((sum, week) => sum + week.orders, 0);
    expect(orders).toBe(2);
    expect(detail.complaints).toMatchObject([{ subject: 'Vase cassé' }]);
    expect(detail.revenue.touches).toHaveLength(1);
    const found = await page('accounts', '/api/accounts?query=elan', rep);
    expect(found.items).toHaveLength(1);
  });

  it('shows another rep nothing of it: not the account, its people, their life or its links', async () => {
    const { items } = await page('accounts', '/api/accounts', rep);
    const account = items[0]?.id ?? '';
    const who = await person('u1@');
    expect((await page('accounts', '/api/accounts', otherRep)).items).toEqual([]);
    expect((await page('accounts', `/api/accounts?owner=${REP}`, otherRep)).items).toEqual([]);
    expect((await page('people', '/api/people', otherRep)).items).toEqual([]);
    expect((await page('people', '/api/people?query=u1', otherRep)).items).toEqual([]);
    for (const path of [
      `/api/accounts/${account}`,
      `/api/people/${who}`,
      `/api/people/${who}/timeline`,
    ]) {
      const answer = await world.ask(path, { cookie: otherRep });
      expect([path, answer.status]).toEqual([path, 404]);
      expect((await world.ask(path, { cookie: rep })).status).toBe(200);
    }
    const links = ['/accounts/by/siren/732829320', '/profiles/by/user_id/u1'];
    for (const link of links) {
      const own = await world.ask(link, { cookie: rep });
      expect(own.headers.get('location')).toMatch(/^\/(accounts|people)\/\w+$/);
      const none = await world.ask(link, { cookie: otherRep });
      expect(none.headers.get('location')).toBe('/sign-in?problem=not_found');
    }
  });
});

describe('tasks', () => {
  it('are closed once, by their rep, and the engine hears of it', async () => {
    const { database } = world.console.options;
    const who = await person('u1@');
    await database.query(
      `INSERT INTO task (id, command_id, profile_id, owner, title, state, version, created_at_ms,
         due_at_ms) VALUES ('t1', 'c1', $1, $2, 'Appeler', 'open', 1, $3, $3)`,
      [who, REP, START_MS],
    );
    const { items } = await page('tasks', '/api/tasks', rep);
    expect(items).toMatchObject([{ id: 't1', isOverdue: true, state: 'open' }]);
    expect((await page('tasks', `/api/tasks?owner=${REP}`, otherRep)).items).toEqual([]);
    const close = (cookie: string) =>
      world.ask('/api/tasks/t1/close', { method: 'POST', cookie, body: { outcome: 'reached' } });
    expect((await close(otherRep)).status).toBe(404);
    const both = await Promise.all([close(rep), close(rep)]);
    expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
    const late = both.find(({ status }) => status === 409);
    expect(late === undefined ? '' : problemOf(late).code).toBe('RLN-2113');
    expect((await page('tasks', '/api/tasks?state=closed', rep)).items).toHaveLength(1);
    await world.engine.settle();
    const closed = await database.query<{ body: string }>(
      `SELECT body FROM event WHERE name = 'relance_task_closed'`,
    );
    expect(closed.rows).toHaveLength(1);
    expect(closed.rows[0]?.body).toContain('"outcome":"reached"');
    const facts = (await world.engine.facts()).filter(({ kind }) => kind === 'task');
    expect(facts.map(({ version }) => version)).toEqual([2]);
  });
});

it('answers every list within bounds and refuses absurd ones', async () => {
  for (const { path, query } of API_ROUTES.filter((route) => route.query?.shape['limit'])) {
    if (path.includes(':')) continue;
    const answer = await world.ask(`${path}?limit=100000`, { cookie: admin });
    expect([path, query !== undefined, answer.status]).toEqual([path, true, 400]);
  }
  expect(world.faults).toEqual([]);
});
