import type { z } from 'zod';
import { afterAll, beforeEach, beforeAll, describe, expect, it } from 'vitest';
import { PostgresEnrolmentJobs } from '#libs/adapter-postgres';
import { API, type ApiOperation, type ApiResponse } from '#libs/contracts';
import { openTestStore, type TestStore } from '#libs/testkit';
import { DELIVERS, policies, scenario } from '../e2e/scenarios.js';
import { asked, endsOf } from '../e2e/told.js';
import { known } from '../engine/world.js';
import { consoleWorld, HOME_KEY, problemOf, type Ask, type ConsoleWorld } from './world.js';

const START_MS = Date.parse('2026-03-30T10:00:00+02:00');
const HOUR_MS = 3_600_000;

let store: TestStore;
let world: ConsoleWorld;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const files = {
  ...policies(),
  ...scenario('soon', { steps: DELIVERS }),
  ...scenario('later', { steps: ['{ wait: 1h }', ...DELIVERS] }),
};
const users = (count: number) => Array.from({ length: count }, (_, index) => `u${index}`);

beforeEach(async () => {
  world = await consoleWorld(await store.fresh(), {
    workspace: 'tests/workspaces/pipeline',
    files,
    startMs: START_MS,
  });
  return () => world.close();
});

async function call<Operation extends ApiOperation>(
  operation: Operation,
  path: string,
  ask: Ask = {},
): Promise<ApiResponse<Operation>> {
  const answer = await world.ask(path, ask.cookie === undefined ? { key: HOME_KEY, ...ask } : ask);
  expect([path, answer.status, answer.status === 200 ? '' : answer.text]).toEqual([path, 200, '']);
  return (API[operation].response as z.ZodType).parse(answer.json) as ApiResponse<Operation>;
}

const hold = (body: unknown, ask: Ask = {}) =>
  call('pause', '/api/pauses', { method: 'POST', body, ...ask });
const act = (body: unknown, ask: Ask = {}) =>
  call('actOnEnrolments', '/api/enrolments/act', { method: 'POST', body, ...ask });

/** People who wait for an hour, and one whose message is written and has not gone. */
async function people(count: number): Promise<void> {
  const { engine } = world;
  await engine.send(users(count).flatMap((user) => known(user)));
  await engine.settle();
  await engine.send([...users(count).map((user) => asked('later', user)), asked('soon', 'u0')]);
  await engine.settle({ without: ['sender'] });
}

describe('pausing everything', () => {
  it('says what it touches before, who did it after, and holds until it is resumed', async () => {
    await people(2);
    const cookie = await world.signIn('marketer');
    const asks: Ask = { cookie };
    const dry = await hold({ act: 'pause', dryRun: true }, asks);
    expect(dry).toMatchObject({ isDone: false, people: 2, messages: 1, inHand: 0 });
    expect(dry.sentence).toMatch(/^Everything: 2 people in a scenario, 1 message to go\./);
    expect((await call('pauses', '/api/pauses')).everything).toBeNull();

    expect(await hold({ act: 'pause' }, asks)).toMatchObject({ isDone: true, messages: 1 });
    const { everything } = await call('pauses', '/api/pauses', asks);
    expect(everything).toMatchObject({ by: 'marketer@console.test', sinceMs: START_MS });
    expect((await hold({ act: 'pause' }, asks)).sentence).toBe('Everything was paused already.');
    world.engine.clock.advance(2 * HOUR_MS);
    await world.engine.settle();
    expect(world.engine.mails).toHaveLength(0);
    const status = await call('status', '/api/status');
    expect(status.sentences).toEqual(['Everything is paused for 2 h: nothing leaves.']);

    expect((await hold({ act: 'resume' }, asks)).isDone).toBe(true);
    await world.engine.settle();
    expect(world.engine.mails).toHaveLength(3);
    const french = await hold({ act: 'resume' }, { ...asks, locale: 'fr' });
    expect(french.sentence).toBe('Tout n’était pas suspendu.');
    const acts = await call('operatorActs', '/api/operator-acts', asks);
    expect(acts.items.map(({ sentence, by, people: many }) => [sentence, by, many])).toEqual([
      ['Resume: everything.', 'marketer@console.test', 2],
      ['Pause: everything.', 'marketer@console.test', 2],
    ]);
    expect(world.faults).toEqual([]);
  });

  it('of one scenario shows it as paused, and an unknown one is refused with the nearest', async () => {
    await hold({ act: 'pause', scenario: 'later' });
    const { items } = await call('scenarios', '/api/scenarios');
    expect(items.find(({ id }) => id === 'later')?.state).toBe('paused');
    expect((await call('pauses', '/api/pauses')).scenarios).toMatchObject([{ scenario: 'later' }]);
    const body = { act: 'pause', scenario: 'lates' };
    const refused = await world.ask('/api/pauses', { method: 'POST', key: HOME_KEY, body });
    expect([refused.status, problemOf(refused).code]).toEqual([404, 'RLN-2040']);
    expect(problemOf(refused).hint).toMatch(/^Those in force, the nearest first: later, /);
  });
});

describe('enrolments in trouble', () => {
  it('finds the overdue and the stuck, and neither while they are paused', async () => {
    await people(3);
    world.engine.clock.advance(3 * HOUR_MS);
    const overdue = await call('enrolments', '/api/enrolments?trouble=overdue&limit=2');
    expect(overdue.items.map(({ why }) => why)).toEqual([
      'Should have gone on for 2 h.',
      'Should have gone on for 2 h.',
    ]);
    const rest = await call(
      'enrolments',
      `/api/enrolments?trouble=overdue&limit=2&cursor=${overdue.next ?? ''}`,
    );
    expect([rest.items.length, rest.next]).toEqual([1, null]);
    const stuck = await call('enrolments', '/api/enrolments?trouble=stuck');
    expect(stuck.items).toMatchObject([
      { scenario: 'soon', step: 'deliver-1', why: 'Waits for an answer for 3 h.' },
    ]);
    const { items } = await call('troubles', '/api/enrolments/troubles');
    expect(items.map((one) => [one.trouble, one.scenario, one.step, one.people])).toEqual([
      ['stuck', 'soon', 'deliver-1', 1],
      ['overdue', 'later', 'wait-1', 3],
    ]);
    const later = await call('enrolments', '/api/enrolments?trouble=overdue&minutes=200');
    expect(later.items).toEqual([]);
    await hold({ act: 'pause' });
    for (const trouble of ['overdue', 'stuck']) {
      const found = await call('enrolments', `/api/enrolments?trouble=${trouble}`);
      expect([trouble, found.items]).toEqual([trouble, []]);
    }
  });

  it('finds what did not go, by its reason, though the person has left', async () => {
    await world.engine.send(known('u0').slice(0, 1));
    await world.engine.settle();
    await world.engine.send([asked('soon', 'u0')]);
    await world.engine.settle();
    const failing = await call('enrolments', '/api/enrolments?trouble=failing');
    expect(failing.items).toMatchObject([{ scenario: 'soon', status: 'ended' }]);
    expect(failing.items[0]?.why).toMatch(/^The last message did not go: .*consent/);
    const reason = 'consent_unknown';
    const by = await call('enrolments', `/api/enrolments?trouble=failing&reason=${reason}`);
    expect(by.items).toHaveLength(1);
    const other = await call('enrolments', '/api/enrolments?trouble=failing&reason=cap');
    expect(other.items).toEqual([]);
    const { items } = await call('troubles', '/api/enrolments/troubles');
    expect(items).toMatchObject([{ trouble: 'failing', reason, scenario: 'soon', people: 1 }]);
  });
});

describe('acting on many', () => {
  it('goes on page by page where it stood, and says how far it is', async () => {
    await people(5);
    const filter = { scenario: 'later' };
    const dry = await act({ act: 'pause', filter, dryRun: true });
    expect(dry).toMatchObject({ enrolments: 5, people: 5, messages: 0, job: null });
    const begun = await act({ act: 'pause', filter });
    expect(begun.job).not.toBeNull();
    const { database } = world.console.options;
    const page = () =>
      database.transaction((tx) => new PostgresEnrolmentJobs().runOnce(tx, 2, START_MS));
    expect(await page()).toBe(3);
    const jobs = async () =>
      (await call('operatorActs', '/api/operator-acts')).items.map((one) => one.job);
    expect(await jobs()).toMatchObject([{ state: 'running', done: 2, total: 5 }]);
    await world.engine.settle();
    expect(await jobs()).toMatchObject([{ state: 'done', done: 5, total: 5 }]);
    const paused = await call('enrolments', '/api/enrolments?trouble=paused');
    expect(paused.items.map(({ why }) => why)).toEqual(users(5).map(() => 'Paused.'));
    world.engine.clock.advance(2 * HOUR_MS);
    await world.engine.settle();
    expect(world.engine.mails).toHaveLength(1);

    const [one] = paused.items;
    await act({ act: 'resume', ids: [one?.id] });
    await world.engine.settle();
    expect(world.engine.mails).toHaveLength(2);
    const stopped = await act({ act: 'stop', filter: { trouble: 'paused' } }, { locale: 'fr' });
    expect(stopped.sentence).toMatch(/^Arrêter 4 parcours \(4 personnes\)\./);
    await world.engine.settle();
    const ends = [...endsOf(await world.engine.facts(), 'later')].sort();
    expect(ends).toEqual(['done', 'stopped', 'stopped', 'stopped', 'stopped']);
    expect((await act({ act: 'stop', filter })).sentence).toBe('Nobody is touched.');
  });

  it('withholds the message of whoever is stopped', async () => {
    await people(1);
    const dry = await act({ act: 'stop', filter: { scenario: 'soon' }, dryRun: true });
    expect(dry.sentence).toBe('Stop 1 enrolment (1 person). 1 message will not go.');
    await act({ act: 'stop', filter: { scenario: 'soon' } });
    await world.engine.settle();
    expect(world.engine.mails).toHaveLength(0);
  });

  it('is not asked of everything by saying nothing', async () => {
    const cases = [{ act: 'stop' }, { act: 'stop', filter: {} }];
    for (const body of cases) {
      const refused = await world.ask('/api/enrolments/act', {
        method: 'POST',
        key: HOME_KEY,
        body,
      });
      expect([refused.status, problemOf(refused).code]).toEqual([400, 'RLN-2041']);
    }
  });
});
