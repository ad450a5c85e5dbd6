import { afterAll, beforeAll, expect, it } from 'vitest';
import { AnalyticsError } from '#libs/application';
import { openTestStore, type TestStore } from '#libs/testkit';
import { consoleWorld, HOME_KEY, problemOf, type Ask, type ConsoleWorld } from './world.js';

const START_MS = Date.parse('2026-03-30T10:00:00+02:00');

let store: TestStore;
let world: ConsoleWorld;
/** What ClickHouse does when it is asked. */
let failure: Error;

beforeAll(async () => {
  store = await openTestStore();
  world = await consoleWorld(await store.fresh(), {
    workspace: 'tests/workspaces/pipeline',
    startMs: START_MS,
    publishes: false,
    analytics: { query: () => Promise.reject(failure) },
    takeEvent: () => Promise.resolve({ kind: 'unavailable' }),
  });
});
afterAll(async () => {
  await world.close();
  await store.close();
});

async function refused(path: string, ask: Ask = {}) {
  const answer = await world.ask(path, { key: HOME_KEY, ...ask });
  const { code, hint, instance } = problemOf(answer);
  return { status: answer.status, code, hint, instance };
}

it('says that nothing is published, and how to', async () => {
  expect(await refused('/api/workspace')).toMatchObject({
    status: 409,
    code: 'RLN-2111',
    hint: expect.stringContaining('relance apply'),
  });
});

it('says that the analytics store does not answer', async () => {
  failure = new AnalyticsError('connect ECONNREFUSED', true, null);
  expect(await refused('/api/tables')).toMatchObject({ status: 503, code: 'RLN-2121' });
});

it('gives a fault of ours a number, which is told with its cause, and keeps the cause', async () => {
  failure = new Error('a secret of the inside');
  world.faults.length = 0;
  const answer = await world.ask('/api/tables', { key: HOME_KEY });
  const { code, hint, instance } = problemOf(answer);
  expect([answer.status, code]).toEqual([500, 'RLN-2199']);
  expect(instance).toMatch(/^[0-9a-f]{12}$/);
  expect(hint).toContain(instance);
  expect(answer.text).not.toContain('secret');
  expect(world.faults).toEqual([failure]);
});

it('says that the store does not answer: to who sends an event, and to who reads', async () => {
  const body = { name: 'signed_up', ids: { user_id: 'u' } };
  const sent = await refused('/api/events', { method: 'POST', body });
  expect(sent).toMatchObject({ status: 503, code: 'RLN-2120' });
  store.server.kill();
  await store.server.ended;
  expect(await refused('/api/status')).toMatchObject({ status: 503, code: 'RLN-2120' });
});
