import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWorkspaceFolder } from '#libs/application';
import { API, type ApiOperation, type ApiResponse } from '#libs/contracts';
import { openTestStore, type TestStore } from '#libs/testkit';
import type { z } from 'zod';
import { consoleWorld, HOME_KEY, problemOf, type Ask, type ConsoleWorld } from './world.js';

const START_MS = Date.parse('2026-03-30T10:00:00+02:00');
const FOLDER = join(import.meta.dirname, '../workspaces/pipeline');
const HELLO = 'hello.yaml';

let store: TestStore;
let world: ConsoleWorld;
let files: Record<string, string>;
let marketer: string;

beforeAll(async () => {
  store = await openTestStore();
  world = await consoleWorld(await store.fresh(), {
    workspace: 'tests/workspaces/pipeline',
    startMs: START_MS,
  });
  files = Object.fromEntries((await readWorkspaceFolder(FOLDER)).files);
  marketer = await world.signIn('marketer');
  // What the engine published itself knows no YAML; from here on a folder has been published.
  await call('applyWorkspace', '/api/workspace/apply', { ...post({ files }), key: HOME_KEY });
});
afterAll(async () => {
  await world.close();
  await store.close();
});

async function call<Operation extends ApiOperation>(
  operation: Operation,
  path: string,
  ask: Ask = {},
): Promise<ApiResponse<Operation>> {
  const as = ask.key === undefined ? { cookie: marketer } : {};
  const answer = await world.ask(path, { ...as, ...ask });
  expect([path, answer.status, answer.status === 200 ? '' : answer.text]).toEqual([path, 200, '']);
  return (API[operation].response as z.ZodType).parse(answer.json) as ApiResponse<Operation>;
}

async function refused(path: string, ask: Ask): Promise<readonly [number, string]> {
  const answer = await world.ask(path, { cookie: marketer, ...ask });
  return [answer.status, problemOf(answer).code];
}

const post = (body: unknown): Ask => ({ method: 'POST', body });
const put = (body: unknown): Ask => ({ method: 'PUT', body });
const open = (path: string) =>
  call('draftFile', `/api/draft/file?path=${encodeURIComponent(path)}`);
const save = (file: ApiResponse<'draftFile'>, text: string | null) =>
  call(
    'saveDraft',
    '/api/draft/file',
    put({ path: file.path, text, hash: file.hash, publishedHash: file.published?.hash ?? null }),
  );
const chosen = ({ path, hash }: ApiResponse<'draftFile'>) => ({ files: [{ path, hash }] });

/** Leaves the draft empty, whatever a test left in it. */
async function clear(): Promise<void> {
  const { files: drafted } = await call('draft', '/api/draft');
  if (drafted.length === 0) return;
  const all = drafted.map(({ path, hash }) => ({ path, hash }));
  await call('discardDraft', '/api/draft/discard', post({ files: all }));
}

describe('a draft', () => {
  it('is kept apart from what is published, byte for byte, until it is published', async () => {
    const file = await open(HELLO);
    expect([file.text, file.isDraft, file.origin]).toEqual([files[HELLO], false, 'folder']);
    const text = `# a word of the author,   laid out by hand\r\n${file.text ?? ''}\n\n`;
    const saved = await save(file, text);
    expect([saved.text, saved.isDraft, saved.author]).toEqual([
      text,
      true,
      'marketer@console.test',
    ]);
    expect((await open(HELLO)).text).toBe(text);
    expect((await call('workspace', '/api/workspace', { key: HOME_KEY })).files).toEqual(files);
    const draft = await call('draft', '/api/draft');
    expect(draft.files).toMatchObject([
      { path: HELLO, change: 'changed', isBehind: false, scenario: { id: 'hello', name: 'Hello' } },
    ]);
    expect(draft.names.actions).toContain('hello');
    expect(draft.names.events).toContain('order_completed');
    const done = await call('publishDraft', '/api/draft/publish', post(chosen(saved)));
    expect(done.isNew).toBe(true);
    const now = await call('workspace', '/api/workspace', { key: HOME_KEY });
    expect([now.files[HELLO], now.author]).toEqual([text, 'marketer@console.test']);
    const after = await call('draft', '/api/draft');
    expect([after.files, after.origin]).toEqual([[], 'console']);
    await call('applyWorkspace', '/api/workspace/apply', { ...post({ files }), key: HOME_KEY });
    expect((await call('draft', '/api/draft')).origin).toBe('folder');
  });

  it('goes away where a file is as it is published again', async () => {
    const file = await open(HELLO);
    const saved = await save(file, 'scenario: hello\n');
    const back = await save(saved, file.text);
    expect([back.isDraft, back.text]).toEqual([false, file.text]);
    expect((await call('draft', '/api/draft')).files).toEqual([]);
  });

  it('is not saved over what somebody else wrote meanwhile', async () => {
    const file = await open(HELLO);
    const both = await Promise.all(
      ['# one\n', '# two\n'].map((line) => {
        const { path, hash } = file;
        const body = { path, text: line + file.text, hash, publishedHash: hash };
        return world.ask('/api/draft/file', { cookie: marketer, ...put(body) });
      }),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const late = both.find(({ status }) => status === 409);
    expect(late === undefined ? '' : problemOf(late).code).toBe('RLN-2070');
    const stale = chosen(file);
    for (const path of ['discard', 'plan', 'publish']) {
      expect(await refused(`/api/draft/${path}`, post(stale))).toEqual([409, 'RLN-2070']);
    }
    await clear();
  });

  it('is not published over what was published otherwise since', async () => {
    const saved = await save(await open(HELLO), `# mine\n${files[HELLO] ?? ''}`);
    const theirs = { ...files, [HELLO]: `# theirs\n${files[HELLO] ?? ''}` };
    await call('applyWorkspace', '/api/workspace/apply', {
      ...post({ files: theirs }),
      key: HOME_KEY,
    });
    const behind = await open(HELLO);
    expect([behind.isBehind, behind.text]).toEqual([true, saved.text]);
    expect(await refused('/api/draft/publish', post(chosen(behind)))).toEqual([409, 'RLN-2071']);
    // Saved again by somebody who has seen theirs, it may be published.
    const kept = await save(behind, `# mine and theirs\n${files[HELLO] ?? ''}`);
    expect(kept.isBehind).toBe(false);
    await call('publishDraft', '/api/draft/publish', post(chosen(kept)));
    const now = await call('workspace', '/api/workspace', { key: HOME_KEY });
    expect(now.files[HELLO]).toBe(kept.text);
  });

  it('of two who publish it at once lets one, and the other is told', async () => {
    const saved = await save(await open(HELLO), `# once\n${files[HELLO] ?? ''}`);
    const publish = () =>
      world.ask('/api/draft/publish', { cookie: marketer, ...post(chosen(saved)) });
    const both = await Promise.all([publish(), publish()]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('takes a file away where the author says so', async () => {
    const started = await call(
      'startDraft',
      '/api/draft/scenarios',
      post({ from: 'welcome', id: 'short-lived', name: 'Short' }),
    );
    await call('publishDraft', '/api/draft/publish', post(chosen(started)));
    const gone = await save(await open(started.path), null);
    expect(gone.text).toBeNull();
    const plan = await call('planDraft', '/api/draft/plan', post(chosen(gone)));
    expect(plan.changes).toMatchObject([
      { kind: 'scenario', id: 'short-lived', change: 'removed' },
    ]);
    await call('publishDraft', '/api/draft/publish', post(chosen(gone)));
    expect(await refused(`/api/draft/file?path=${started.path}`, {})).toEqual([404, 'RLN-2103']);
  });

  it('holds files of a workspace only', async () => {
    for (const path of ['notes.txt', '../secrets.yaml', 'elsewhere/x.yaml', '.git/config']) {
      const body = { path, text: 'x', hash: null, publishedHash: null };
      expect([path, await refused('/api/draft/file', put(body))]).toEqual([
        path,
        [400, 'RLN-2072'],
      ]);
    }
  });

  it('holds so many files and no more', async () => {
    const { database } = world.console.options;
    await database.query(
      `INSERT INTO workspace_draft (path, source, hash, base_hash, author, updated_at_ms)
       SELECT 'segments/s' || n || '.yaml', '', 'x', NULL, 'x', 0 FROM generate_series(1, 200) n`,
    );
    const body = { path: 'one-more.yaml', text: 'x', hash: null, publishedHash: null };
    expect(await refused('/api/draft/file', put(body))).toEqual([409, 'RLN-2074']);
    await clear();
  });
});

describe('the lint of a draft', () => {
  it('finds what the command line finds, at the same place, of text not saved yet', async () => {
    const text = (files[HELLO] ?? '').replace('actions: [hello, offer]', 'actions: [helo, offer]');
    const draft = await call('lintDraft', '/api/draft/lint', post({ file: { path: HELLO, text } }));
    const whole = await call('lintWorkspace', '/api/workspace/lint', {
      ...post({ files: { ...files, [HELLO]: text } }),
      key: HOME_KEY,
    });
    expect(draft).toEqual(whole);
    expect(draft.isPublishable).toBe(false);
    const [problem] = draft.problems.filter(({ severity }) => severity === 'error');
    expect(problem?.code).toBe('RLN-1301');
    const line = text.split('\n').findIndex((one) => one.includes('helo, offer')) + 1;
    expect(problem?.place).toMatchObject({ file: HELLO, line });
    expect(Object.keys(problem?.message ?? {}).sort()).toEqual(['en', 'fr']);
  });

  it('keeps a broken draft from being published, and says where it is broken', async () => {
    const saved = await save(await open(HELLO), 'scenario: hello\nsteps: nonsense\n');
    const answer = await world.ask('/api/draft/publish', {
      cookie: marketer,
      ...post(chosen(saved)),
    });
    expect([answer.status, problemOf(answer).code]).toEqual([422, 'RLN-2112']);
    expect(problemOf(answer).problems?.map(({ place }) => place?.file)).toContain(HELLO);
    const plan = await call('planDraft', '/api/draft/plan', post(chosen(saved)));
    expect(plan.isPublishable).toBe(false);
    // Kept for who wrote it.
    expect((await open(HELLO)).text).toBe('scenario: hello\nsteps: nonsense\n');
    await clear();
  });
});

describe('a new scenario', () => {
  it.each(['abandoned-cart', 'welcome', 'win-back'] as const)(
    'from %s is made of what the workspace has, in the reader’s language',
    async (from) => {
      for (const locale of ['fr', 'en']) {
        const body = { from, id: `my-${from}`, name: 'Mon « scénario »' };
        const file = await call('startDraft', '/api/draft/scenarios', { ...post(body), locale });
        expect(file.text).toMatch(/fallback: (hello|offer)/);
        expect(file.text?.includes('finalité')).toBe(locale === 'fr');
        const { problems } = await call('lintDraft', '/api/draft/lint', post({}));
        const errors = problems.filter(({ severity }) => severity === 'error');
        // This workspace has no segment that win-back could begin with, and no event of carts.
        const mayMiss = from === 'win-back' ? ['RLN-1301'] : [];
        expect([from, errors.map(({ code }) => code)]).toEqual([from, mayMiss]);
        await clear();
      }
    },
  );

  it('is not given an id that is taken', async () => {
    const body = { from: 'welcome', id: 'hello', name: 'x' };
    expect(await refused('/api/draft/scenarios', post(body))).toEqual([409, 'RLN-2073']);
    const draft = { ...body, id: 'fresh' };
    await call('startDraft', '/api/draft/scenarios', post(draft));
    expect(await refused('/api/draft/scenarios', post(draft))).toEqual([409, 'RLN-2073']);
    await clear();
  });

  it('is published, and listed', async () => {
    const body = { from: 'welcome', id: 'fresh', name: 'Fresh' };
    const file = await call('startDraft', '/api/draft/scenarios', post(body));
    const plan = await call('planDraft', '/api/draft/plan', post(chosen(file)));
    expect(plan.changes).toMatchObject([{ kind: 'scenario', id: 'fresh', change: 'added' }]);
    await call('publishDraft', '/api/draft/publish', post(chosen(file)));
    const { items } = await call('scenarios', '/api/scenarios');
    expect(items.map(({ id }) => id).sort()).toEqual(['fresh', 'hello']);
    expect(world.told.at(-1)?.command).toBe('PublishDraft');
  });
});

it('nothing here is a fault', () => expect(world.faults).toEqual([]));
