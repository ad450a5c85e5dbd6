import { afterAll, beforeAll, expect, it } from 'vitest';
import { API_ROUTES, type ApiOperation } from '#libs/contracts';
import { openTestStore, type TestStore } from '#libs/testkit';
import { consoleWorld, type ConsoleWorld } from './world.js';

const START_MS = Date.parse('2026-03-30T10:00:00+02:00');

let store: TestStore;
let world: ConsoleWorld;

beforeAll(async () => {
  store = await openTestStore();
  world = await consoleWorld(await store.fresh(), {
    workspace: 'tests/workspaces/pipeline',
    startMs: START_MS,
  });
});
afterAll(async () => {
  await world.close();
  await store.close();
});

/** What each operation that changes something is asked, and the command it becomes. */
const CHANGES: Partial<Record<ApiOperation, readonly [command: string, body: unknown]>> = {
  createUser: ['AddUser', { email: 'told@console.test', role: 'analyst' }],
  createKey: ['AddKey', { name: 'told' }],
  revokeKey: ['RevokeKey', undefined],
  closeTask: ['CloseTask', { outcome: 'done' }],
  replayDeadLetters: ['CloseDeadLetters', { ids: ['none'] }],
  dismissDeadLetters: ['CloseDeadLetters', { ids: ['none'] }],
  applyWorkspace: ['PublishWorkspace', { files: { 'a.md': 'x' } }],
  startImport: ['StartImport', { key: 'file-0001', kind: 'orders', file: 'o.csv' }],
  importEvents: ['TakeImportBatch', ''],
  removeSample: ['RemoveSample', undefined],
  saveDraft: [
    'SaveDraft',
    { path: 'told.yaml', text: 'scenario: told\n', hash: null, publishedHash: null },
  ],
  startDraft: ['StartDraft', { from: 'welcome', id: 'told-too', name: 'Told' }],
  discardDraft: ['DiscardDraft', { files: [{ path: 'none.yaml', hash: 'none' }] }],
  publishDraft: ['PublishDraft', { files: [{ path: 'none.yaml', hash: 'none' }] }],
  pause: ['PauseEngine', { act: 'pause', dryRun: true }],
  actOnEnrolments: ['ActOnEnrolments', { act: 'pause', ids: ['none'] }],
  sendEvent: ['SendEvent', { name: 'signed_up', ids: { user_id: 'u' } }],
};
/** Posts that change no one's data: a session is the caller's own, a check writes nothing. */
const NO_CHANGES: readonly ApiOperation[] = [
  'signIn',
  'signOut',
  'lintWorkspace',
  'planWorkspace',
  'lintDraft',
  'planDraft',
];

it('every change is a command, told by its name and the id of who asks', async () => {
  const cookie = await world.signIn('admin');
  const { id } = (await world.ask('/api/me', { cookie })).json as { id: string };
  const changing = API_ROUTES.filter(
    ({ method, operation }) => method !== 'GET' && !NO_CHANGES.includes(operation),
  );
  expect(changing.map(({ operation }) => operation).sort()).toEqual(Object.keys(CHANGES).sort());
  for (const { operation, method, path, roles } of changing) {
    const [command, body] = CHANGES[operation] ?? ['', undefined];
    world.told.length = 0;
    // Tasks are for reps as well; an administrator may close any.
    expect([operation, roles.includes('admin')]).toEqual([operation, true]);
    await world.ask(path.replace(/:\w+/g, 'none'), { method, cookie, body });
    expect([operation, world.told]).toEqual([operation, [{ command, by: id }]]);
  }
  world.told.length = 0;
  const message = { messageId: 'm' };
  const body = { id: 'none', message };
  await world.ask('/api/dead-letters/replay', { method: 'POST', cookie, body });
  expect(world.told).toEqual([{ command: 'CorrectDeadLetter', by: id }]);
  expect(world.faults).toEqual([]);
});
