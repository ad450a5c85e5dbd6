import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PostgresConsoleWorkspaceStore } from '#libs/adapter-postgres';
import { readWorkspaceFolder } from '#libs/application';
import { API, type ApiOperation, type ApiResponse } from '#libs/contracts';
import { openTestStore, type TestStore } from '#libs/testkit';
import type { z } from 'zod';
import { known } from '../engine/world.js';
import { consoleWorld, HOME_KEY, problemOf, type ConsoleWorld } from './world.js';

const START_MS = Date.parse('2026-03-30T10:00:00+02:00');
const HOUR_MS = 3_600_000;
const WORKSPACE = 'tests/workspaces/pipeline';
const PEOPLE = 4;

let store: TestStore;
let world: ConsoleWorld;
let files: Record<string, string>;

beforeAll(async () => {
  store = await openTestStore();
  const folder = join(import.meta.dirname, '../..', WORKSPACE);
  files = Object.fromEntries((await readWorkspaceFolder(folder)).files);
  world = await consoleWorld(await store.fresh(), { workspace: WORKSPACE, startMs: START_MS });
});
afterAll(async () => {
  await world.close();
  await store.close();
});

/** The workspace with a scenario of two branches side by side, the second wait under this name. */
const withBranches = (second: string, change: string): { files: Record<string, string> } => ({
  files: {
    ...files,
    'both.yaml': `scenario: both
name: { fr: Les deux, en: Both }
purpose: marketing
entry: { on: both_asked, reentry: never }
${change}
steps:
  - parallel:
      id: sides
      join: all
      branches:
        - { name: left, then: [{ wait: { id: calm, for: 48h } }] }
        - { name: right, then: [{ wait_for: { id: ${second}, on: answered, up_to: 240h } }] }
  - wait: { id: after, for: 24h }
  - exit: done
`,
  },
});

async function ask<Operation extends ApiOperation>(
  operation: Operation,
  body: unknown,
): Promise<ApiResponse<Operation>> {
  const { path, response } = API[operation];
  const answer = await world.ask(path, { key: HOME_KEY, method: 'POST', body });
  expect([path, answer.status, answer.status === 200 ? '' : answer.text]).toEqual([path, 200, '']);
  await world.engine.engine.workspace.refresh();
  return (response as z.ZodType).parse(answer.json) as ApiResponse<Operation>;
}

const tell = async (name: string, count: number): Promise<void> => {
  const who = Array.from({ length: count }, (_, index) => ({ user_id: `both-${index}` }));
  await world.engine.send(who.map((ids) => ({ name, ids })));
  await world.engine.settle();
};

it('people in two branches at once are planned and moved by both of their steps', async () => {
  await ask('applyWorkspace', withBranches('reply', 'on_change: pin'));
  for (let index = 0; index < PEOPLE; index += 1) await world.engine.send(known(`both-${index}`));
  await tell('both_asked', PEOPLE);

  const bare = withBranches('reaction', 'on_change: migrate');
  const plan = await ask('planWorkspace', bare);
  expect(plan.isPublishable).toBe(false);
  expect(plan.changes.find(({ id }) => id === 'both')?.scenario?.inFlight).toMatchObject([
    { step: 'reply', people: PEOPLE, fate: 'refused', reason: 'unmapped_step' },
  ]);
  const { path } = API.applyWorkspace;
  const refused = await world.ask(path, { key: HOME_KEY, method: 'POST', body: bare });
  const errors = problemOf(refused).problems?.filter(({ severity }) => severity === 'error');
  expect([refused.status, errors?.map(({ code }) => code)]).toEqual([422, ['RLN-1230']]);

  const led = withBranches('reaction', 'on_change: migrate\nredirects: { reply: reaction }');
  const mended = await ask('planWorkspace', led);
  expect([mended.isPublishable, mended.people]).toEqual([true, PEOPLE]);
  await ask('applyWorkspace', led);
  await world.engine.settle();
  const { database } = world.console.options;
  const kept = new PostgresConsoleWorkspaceStore(database);
  const places = async () => {
    const { rows } = await database.query<{ definition: string }>(
      `SELECT DISTINCT definition FROM enrolment WHERE scenario = 'both'`,
    );
    const found = await kept.places(rows.map(({ definition }) => definition));
    return found.map(({ stepIds, people }) => ({ steps: stepIds.join(' '), people }));
  };
  expect(await places()).toEqual([{ steps: 'calm reaction', people: PEOPLE }]);
  // Both branches must end before they join: under the new version as under the old one.
  world.engine.clock.advance(HOUR_MS);
  await tell('answered', PEOPLE);
  expect(await places()).toEqual([{ steps: 'calm', people: PEOPLE }]);
  world.engine.clock.advance(48 * HOUR_MS);
  await world.engine.settle();
  expect(await places()).toEqual([{ steps: 'after', people: PEOPLE }]);
  expect(world.faults).toEqual([]);
});
