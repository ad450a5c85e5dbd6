import { afterAll, beforeAll, expect, test } from 'vitest';
import { policies, scenario } from '../e2e/scenarios.js';
import { engineWorld, ofKind, type EngineWorld } from '../engine/world.js';
import { basic, startHarness, type Harness } from './harness.js';

const MONDAY_MS = Date.parse('2026-03-30T10:00:00+02:00');
const KEYS = { suppressionKey: 'a test key', linkSigningKey: 'k'.repeat(64) };
const FILES = {
  ...policies(),
  ...scenario('invite', {
    entry: '{ api: true, when: event.total > 10.0, key: event.order, reentry: always }',
    steps: [
      '{ split: [{ when: entry.total > 100.0, then: [{ exit: large }] }, { otherwise: true, then: [] }] }',
      '{ wait: 9d }',
    ],
  }),
  ...scenario('other', { entry: '{ api: true }', steps: ['{ wait: 9d }'] }),
};

let api: Harness;
let world: EngineWorld;

beforeAll(async () => {
  api = await startHarness({
    clock: { kind: 'accelerated', startMs: MONDAY_MS, speed: 1 },
    secrets: KEYS,
  });
  world = await engineWorld(api.engine.database, {
    workspace: 'tests/workspaces/pipeline',
    startMs: MONDAY_MS,
    files: FILES,
  });
  await api.post('/v1/identify', { userId: 'u1', traits: { firstName: 'Camille' } });
  await settle();
  await api.engine.workspace.refresh();
});
afterAll(async () => {
  await world.close();
  await api.close();
});

/** The loops' clock stands still; it is moved up to the api's before they turn. */
async function settle(): Promise<void> {
  world.clock.advance(Math.max(0, api.engine.clock.nowMs() - world.clock.nowMs()));
  await world.settle();
}

async function ask(id: string, over: Record<string, unknown> = {}, key = api.secrets.apiKey) {
  const body = { profile: { user_id: 'u1' }, idempotencyKey: `${id}-1`, ...over };
  const answer = await api.post(`/v1/scenarios/${id}/enrolments`, body, {
    authorization: basic(key),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const entered = async (id: string) =>
  ofKind(await world.facts(), 'enrolment')
    .filter(({ body }) => body.scenario === id)
    .map(({ body }) => [body.entryKey, body.endedAs]);

const asked = async (): Promise<number> => {
  const rows = await api.engine.database.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM log_events_raw
     WHERE value::json->>'name' = 'relance_enrol_requested'`,
  );
  return rows.rows[0]?.n ?? -1;
};

test('a person is taken in with what the program gave, once however often it is told', async () => {
  const large = { idempotencyKey: 'k1', properties: { order: 'o1', total: 120 } };
  const first = await ask('invite', large);
  expect(first).toMatchObject({ status: 200, body: { status: 'requested', scenario: 'invite' } });
  // It is on disk before it is acknowledged, and nothing has turned yet.
  expect(await asked()).toBe(1);
  const again = await ask('invite', large);
  expect(again.body).toEqual({ ...first.body, status: 'repeated' });
  const both = await Promise.all(
    [1, 2, 3].map(() =>
      ask('invite', { idempotencyKey: 'k2', properties: { order: 'o2', total: 20 } }),
    ),
  );
  expect(both.map(({ body }) => body['status']).sort()).toEqual([
    'repeated',
    'repeated',
    'requested',
  ]);
  await ask('invite', { idempotencyKey: 'k3', properties: { order: 'o3', total: 5 } });
  await settle();
  expect(await asked()).toBe(3);
  const facts = await entered('invite');
  expect(facts).toContainEqual(['o1', 'large']);
  expect(new Set(facts.map(([key]) => key))).toEqual(new Set(['o1', 'o2']));
  // Another scenario on request has heard nothing of it.
  expect(await entered('other')).toEqual([]);
});

test('what cannot be done is refused with a problem document, and leaves nothing on the log', async () => {
  const before = await asked();
  const told = async (...given: Parameters<typeof ask>) => {
    const { status, body } = await ask(...given);
    return [status, body['code']];
  };
  expect(await told('nobody')).toEqual([404, 'RLN-1225']);
  expect(await told('Not-An-Id!')).toEqual([404, 'RLN-1225']);
  expect(await told('hello')).toEqual([409, 'RLN-1226']);
  expect(await told('other', { profile: { user_id: 'stranger' } })).toEqual([404, 'RLN-2014']);
  expect(await told('other', { profile: {} })).toEqual([400, 'RLN-2013']);
  expect(await told('other', { idempotencyKey: '' })).toEqual([400, 'RLN-2013']);
  expect(await told('other', { idempotencyKey: undefined })).toEqual([400, 'RLN-2013']);
  expect(await told('other', { properties: [] })).toEqual([400, 'RLN-2013']);
  expect(await told('other', { properties: { long: 'x'.repeat(40_000) } })).toEqual([
    400,
    'RLN-2013',
  ]);
  expect(await told('other', { profil: { user_id: 'u1' } })).toEqual([400, 'RLN-2013']);
  expect(await told('invite', { idempotencyKey: 'k1' })).toEqual([409, 'RLN-1228']);
  expect(await told('other', {}, 'nothing-we-know')).toEqual([401, 'RLN-2001']);
  expect(await told('other', {}, api.secrets.writeKey)).toEqual([403, 'RLN-2012']);
  await api.engine.database.query(
    `UPDATE scenario_state SET state = 'paused', version = version + 1 WHERE scenario = 'other'`,
  );
  await api.engine.workspace.refresh();
  expect(await told('other')).toEqual([409, 'RLN-1227']);
  expect(await asked()).toBe(before);
});
