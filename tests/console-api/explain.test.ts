import type { z } from 'zod';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { API, type ApiResponse } from '#libs/contracts';
import type { Locale } from '#libs/kernel';
import { openTestStore, type TestStore } from '#libs/testkit';
import { DELIVERS, policies, scenario } from '../e2e/scenarios.js';
import { asked } from '../e2e/told.js';
import { known } from '../engine/world.js';
import { consoleWorld, HOME_KEY, problemOf, type ConsoleWorld } from './world.js';

const START_MS = Date.parse('2026-03-30T10:00:00+02:00');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const files = {
  ...policies(),
  ...scenario('cart', {
    entry:
      '{ on: cart_asked, when: event.total >= 30.0 && profile.country == "FR", reentry: { after: 7d } }',
    steps: ['{ wait: 2h }', ...DELIVERS],
  }),
  ...scenario('once', { entry: '{ on: once_asked, reentry: never }', steps: ['{ wait: 1h }'] }),
  ...scenario('away', { steps: DELIVERS, holdout: '100%' }),
};

let store: TestStore;
let world: ConsoleWorld;

beforeAll(async () => {
  store = await openTestStore();
  world = await consoleWorld(await store.fresh(), {
    workspace: 'tests/workspaces/pipeline',
    files,
    startMs: START_MS,
  });
});
afterAll(async () => {
  await world.close();
  await store.close();
});

type Part = ApiResponse<'explain'>['scenarios'][number];

/** The explanation of one scenario for one person. */
async function why(user: string, of: string, locale: Locale = 'en'): Promise<Part> {
  const path = `/api/explain?profile=user_id:${user}&scenario=${of}`;
  const answer = await world.ask(path, { key: HOME_KEY, locale });
  expect([path, answer.status]).toEqual([path, 200]);
  const told = (API.explain.response as z.ZodType).parse(answer.json) as ApiResponse<'explain'>;
  expect(told.scenarios).toHaveLength(1);
  return told.scenarios[0] as Part;
}

const checks = (part: Part) =>
  part.entry?.checks.map(({ isMet, sentence }) => `${isMet ?? '?'} ${sentence}`);

it('says condition by condition why the last event did not enter somebody', async () => {
  const { engine } = world;
  await engine.send([...known('u1'), ...known('u2', { country: 'BE' }).slice(0, 1)]);
  await engine.settle();
  expect(checks(await why('u1', 'cart'))).toEqual([
    'false It takes: “cart asked”; none is known.',
    '? Total of the event ≥ 30 (depends on the event).',
    'true Country = FR.',
    'true Has never entered.',
  ]);
  await engine.send(['u1', 'u2'].map((user) => asked('cart', user, { total: 12 })));
  await engine.settle();
  engine.clock.advance(3 * HOUR_MS);
  expect(checks(await why('u2', 'cart'))).toEqual([
    'true It takes: “cart asked”; the last, 3 h ago.',
    'false Total of the event ≥ 30 (here: 12).',
    'false Country = FR (here: BE).',
    'true Has never entered.',
    expect.stringMatching(/^false .*consent/i),
    expect.stringMatching(/^false .*address/i),
  ]);
  expect(checks(await why('u2', 'cart', 'fr'))).toContain(
    'false Total à l’évènement ≥ 30 (ici : 12).',
  );
});

it('says of who is in it the step, since when, and what for; then when again', async () => {
  const { engine } = world;
  await engine.send([asked('cart', 'u1', { total: 80 })]);
  await engine.settle();
  engine.clock.advance(HOUR_MS);
  const standing = await why('u1', 'cart');
  expect(standing).toMatchObject({ state: 'in', entry: null });
  expect(standing.sentences).toEqual([
    'Is in it, at the step “Wait 2 h” for 1 h, 1 h more (treated).',
  ]);
  engine.clock.advance(DAY_MS);
  await engine.settle();
  const left = await why('u1', 'cart');
  expect(left.state).toBe('ended');
  expect(checks(left)).toContain('false Entered 1 d 1 h ago; again in 5 d 23 h.');
  await engine.send([asked('once', 'u1')]);
  await engine.settle();
  engine.clock.advance(DAY_MS);
  await engine.settle();
  expect(checks(await why('u1', 'once'))).toContain('false Entered 1 d ago; one enters only once.');
});

it('names the holdout and the pause', async () => {
  const away = await why('u1', 'away');
  expect(checks(away)).toContain(
    'false Would be in the holdout: would enter, but be sent nothing.',
  );
  const body = { act: 'pause', scenario: 'cart' };
  await world.ask('/api/pauses', { method: 'POST', key: HOME_KEY, body });
  world.engine.clock.advance(HOUR_MS);
  expect(checks(await why('u1', 'cart'))?.[0]).toBe('false Paused for 1 h: nobody enters.');
});

it('refuses a scenario that nobody knows, with the nearest', async () => {
  const path = '/api/explain?profile=user_id:u1&scenario=crat';
  const refused = await world.ask(path, { key: HOME_KEY });
  expect([refused.status, problemOf(refused).code]).toEqual([404, 'RLN-2040']);
  expect(problemOf(refused).detail).toBe('There is no scenario "crat".');
  const close = await world.ask('/api/explain?profile=user_id:u1&scenario=onse', { key: HOME_KEY });
  expect(problemOf(close).hint).toMatch(/nearest first: once, /);
});
