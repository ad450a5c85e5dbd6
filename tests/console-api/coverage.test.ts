import type { z } from 'zod';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { API, type ApiResponse } from '#libs/contracts';
import type { Locale } from '#libs/kernel';
import { openTestStore, type TestStore } from '#libs/testkit';
import { DELIVERS, policies, scenario } from '../e2e/scenarios.js';
import { asked, member } from '../e2e/told.js';
import { known } from '../engine/world.js';
import { consoleWorld, HOME_KEY, problemOf, type ConsoleWorld } from './world.js';

const START_MS = Date.parse('2026-03-30T10:00:00+02:00');
const DAY_MS = 86_400_000;

const files = {
  ...policies(),
  'segments/french.yaml': `segment: french
name: { fr: Français, en: French }
when: profile.country == "FR"
`,
  'templates/hello/template.yaml': `template: hello
purpose: marketing
variables:
  profile.firstName: { example: Camille }
`,
  ...scenario('members', { entry: '{ segment: { enters: french } }', steps: DELIVERS }),
  ...scenario('cart', {
    entry: '{ on: cart_asked, when: event.total >= 30.0 }',
    steps: [...DELIVERS, '{ task: { for: owner, title: Call, due: 2d } }'],
  }),
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
  const { engine } = world;
  await engine.send([
    ...known('u1'),
    ...known('u2').slice(0, 1),
    ...known('u3', { email: undefined, firstName: undefined }).slice(0, 1),
    ...known('u4', { country: 'BE' }),
    member('u1', 'g1', 'rep@example.test'),
  ]);
  await engine.settle();
  await engine.send([
    asked('cart', 'u1', { total: 80 }),
    asked('cart', 'u2', { total: 12 }),
    asked('cart', 'u4', { total: 40 }),
    { ...asked('cart', 'u3', { total: 90 }), atMs: START_MS - 100 * DAY_MS, historical: true },
  ]);
  await engine.settle();
});
afterAll(async () => {
  await world.close();
  await store.close();
});

async function coverage(id: string, locale: Locale = 'en'): Promise<ApiResponse<'coverage'>> {
  const answer = await world.ask(`/api/scenarios/${id}/coverage`, { key: HOME_KEY, locale });
  expect([id, answer.status]).toEqual([id, 200]);
  return (API.coverage.response as z.ZodType).parse(answer.json) as ApiResponse<'coverage'>;
}

const lacks = ({ lacks: all }: ApiResponse<'coverage'>) =>
  all.map(({ kind, what, people, sources }) => [kind, what, people, sources.map(({ id }) => id)]);

it('of the members of a segment says who lacks an address, a consent, a trait, and who knows', async () => {
  const found = await coverage('members');
  expect([found.basis, found.people, found.isPartial]).toEqual([
    'Members of the segment “French”.',
    3,
    false,
  ]);
  expect(lacks(found)).toEqual([
    ['consent', 'email', 2, expect.arrayContaining(['form'])],
    ['address', 'email', 1, ['form', 'web']],
    ['trait', 'firstName', 1, ['form', 'web']],
  ]);
  expect(found.lacks[1]?.sentence).toMatch(
    /^Without an address \(e-mail\): 1 person; could come from /,
  );
  expect((await coverage('members', 'fr')).lacks[0]?.sentence).toMatch(
    /^Sans consentement \(courriel\) : 2 personnes ; peut venir de /,
  );
});

it('of an event counts those the last 90 days would have brought, on the condition', async () => {
  const found = await coverage('cart');
  expect(found.people).toBe(2);
  expect(lacks(found)).toEqual([['owner', 'owner', 1, expect.any(Array)]]);
});

it('knows no other scenario', async () => {
  const answer = await world.ask('/api/scenarios/none/coverage', { key: HOME_KEY });
  expect([answer.status, problemOf(answer).code]).toEqual([404, 'RLN-2103']);
});
