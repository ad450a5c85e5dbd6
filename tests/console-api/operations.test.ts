import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWorkspaceFolder } from '#libs/application';
import { API, type ApiOperation, type ApiResponse } from '#libs/contracts';
import { openTestStore, type TestStore } from '#libs/testkit';
import type { z } from 'zod';
import { consoleWorld, HOME_KEY, problemOf, type Ask, type ConsoleWorld } from './world.js';

const START_MS = Date.parse('2026-03-30T10:00:00+02:00');
const FOLDER = join(import.meta.dirname, '../workspaces/pipeline');

let store: TestStore;
let world: ConsoleWorld;
let files: Record<string, string>;

beforeAll(async () => {
  store = await openTestStore();
  world = await consoleWorld(await store.fresh(), {
    workspace: 'tests/workspaces/pipeline',
    startMs: START_MS,
  });
  files = Object.fromEntries((await readWorkspaceFolder(FOLDER)).files);
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
  const answer = await world.ask(path, { key: HOME_KEY, ...ask });
  expect([path, answer.status, answer.status === 200 ? '' : answer.text]).toEqual([path, 200, '']);
  return (API[operation].response as z.ZodType).parse(answer.json) as ApiResponse<Operation>;
}

const post = (body: unknown): Ask => ({ method: 'POST', body });
const scenarioPath = (): string =>
  Object.keys(files).find(
    (path) => /^\w+\.yaml$/.test(path) && /^scenario:/m.test(files[path] ?? ''),
  ) ?? '';

describe('a workspace', () => {
  it('is given back as it was written, and the same again writes nothing', async () => {
    const first = await call('applyWorkspace', '/api/workspace/apply', post({ files }));
    expect(first.isNew).toBe(false);
    expect((await call('workspace', '/api/workspace')).files).toEqual(files);
  });

  it('is published once by two who publish the same at once', async () => {
    const path = scenarioPath();
    const changed = { ...files, [path]: `${files[path] ?? ''}\n# a word of the author\n` };
    const both = await Promise.all(
      [1, 2].map(() => call('applyWorkspace', '/api/workspace/apply', post({ files: changed }))),
    );
    expect(both.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(both.map(({ version }) => version)).size).toBe(1);
    // Only a comment changed: the definition is the same, and it gives back the newest text.
    const id = /^scenario: *(\S+)/m.exec(files[path] ?? '')?.[1] ?? '';
    const detail = await call('scenario', `/api/scenarios/${id}`);
    expect(detail.versions).toHaveLength(1);
    expect(detail.source?.text).toContain('a word of the author');
  });

  it('with an error is refused whole: what is in force stays', async () => {
    const before = await call('workspace', '/api/workspace');
    const broken = { ...files, [scenarioPath()]: 'scenario: hello\nsteps: nonsense\n' };
    const refused = await world.ask('/api/workspace/apply', {
      key: HOME_KEY,
      ...post({ files: broken }),
    });
    expect([refused.status, problemOf(refused).code]).toEqual([422, 'RLN-2112']);
    expect(problemOf(refused).problems?.length).toBeGreaterThan(0);
    expect(await call('workspace', '/api/workspace')).toEqual(before);
    const lint = await call('lintWorkspace', '/api/workspace/lint', post({ files: broken }));
    expect(lint.isPublishable).toBe(false);
    expect(lint.problems.map(({ place }) => place?.file)).toContain(scenarioPath());
  });

  it('plans in words what would change, and for how many', async () => {
    const without = Object.fromEntries(
      Object.entries(files).filter(([path]) => path !== scenarioPath()),
    );
    const plan = await call('planWorkspace', '/api/workspace/plan', post({ files: without }));
    expect(plan.changes.find(({ kind }) => kind === 'scenario')).toMatchObject({
      change: 'removed',
      sentence: expect.stringMatching(/^Scenario “\S+”: removed\.$/),
    });
  });

  it('takes a large one, and refuses one past the limit before reading it', async () => {
    const padding = '# '.padEnd(900_000, 'x');
    const large = Object.fromEntries(
      Array.from({ length: 6 }, (_, index) => [`notes-${index}.md`, padding]),
    );
    const lint = await call(
      'lintWorkspace',
      '/api/workspace/lint',
      post({ files: { ...files, ...large } }),
    );
    expect(lint.isPublishable).toBe(true);
    const tooLarge = await world.ask('/api/workspace/lint', {
      key: HOME_KEY,
      ...post({ files: { 'a.md': 'x'.repeat(26 * 1_048_576) } }),
    });
    expect(tooLarge.status).toBe(413);
  });
});

describe('an import', () => {
  const event = (n: number, over: Record<string, unknown> = {}): string =>
    JSON.stringify({
      messageId: `import-${n}`,
      type: 'track',
      name: 'order_completed',
      source: 'form',
      ids: { user_id: `i${n % 3}` },
      properties: { total: 10, currency: 'EUR' },
      atMs: START_MS - 86_400_000,
      originalAtMs: START_MS - 86_400_000,
      receivedAtMs: 0,
      hasTimestamp: true,
      eventDay: '2026-03-29',
      historical: true,
      ...over,
    });
  const begin = () =>
    call('startImport', '/api/imports', post({ key: 'file-0001', kind: 'orders', file: 'o.csv' }));
  const orders = async (): Promise<number> => {
    const { database } = world.console.options;
    const rows = await database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM event WHERE name = 'order_completed'`,
    );
    return rows.rows[0]?.n ?? 0;
  };

  it('keeps its place, tells bad lines by number, and counts each event once', async () => {
    const job = await begin();
    expect(job).toEqual({ id: 'file-0001', state: 'running', accepted: 0, cursor: '' });
    const lines = [
      event(1),
      'not json',
      event(2),
      event(3, { name: 'relance_segment_entered' }),
      event(4, { profileId: 'somebody', type: 'engine' }),
      event(5),
    ].join('\n');
    const path = `/api/imports/${job.id}/events?cursor=6`;
    const batch = await call('importEvents', path, { method: 'POST', body: lines });
    expect(batch.accepted).toBe(3);
    expect(batch.rejected.map(({ line, code }) => [line, code])).toEqual([
      [2, 'malformed'],
      [4, 'reserved'],
      [5, 'reserved'],
    ]);
    // The answer was lost: the same batch once more, then the rest.
    await call('importEvents', path, { method: 'POST', body: lines });
    expect((await begin()).cursor).toBe('6');
    await call('importEvents', `/api/imports/${job.id}/events?cursor=7&last=1`, {
      method: 'POST',
      body: event(6),
    });
    expect((await begin()).state).toBe('done');
    await world.engine.settle();
    expect(await orders()).toBe(4);
  });

  it('enters nobody into a scenario, whatever the file says', async () => {
    await call('importEvents', '/api/imports/file-0001/events', {
      method: 'POST',
      body: event(9, { name: 'signed_up', ids: { user_id: 'i9' } }),
    });
    await world.engine.settle();
    const { database } = world.console.options;
    const rows = await database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM enrolment e JOIN profile_identity i ON i.value_norm = 'i9'
       JOIN node n ON n.node_id = i.node_id AND n.profile_id = e.profile_id`,
    );
    expect(rows.rows).toEqual([{ n: 0 }]);
    const none = await world.ask('/api/imports/unknown/events', {
      key: HOME_KEY,
      method: 'POST',
      body: event(1),
    });
    expect(none.status).toBe(404);
  });
});

describe('the sandbox', () => {
  it('gives messages as outside.md says: an array, newest first, filtered', async () => {
    const { database } = world.console.options;
    for (const [channel, to] of [
      ['email', 'ana@example.test'],
      ['sms', '+33612345678'],
      ['email', 'ben@example.test'],
    ]) {
      await database.query(
        `INSERT INTO sandbox_message (delivery_id, channel, recipient, sender, subject, html, body,
           headers, at_ms) VALUES ('d1', $1, $2, 's', 'Bonjour', '<p>x</p>', 'x', $3, $4)`,
        [channel, to, JSON.stringify([['list-unsubscribe', '<u>']]), START_MS],
      );
    }
    const all = await call('sandboxMessages', '/api/sandbox/messages');
    expect(all.map(({ to }) => to)).toEqual([
      'ben@example.test',
      '+33612345678',
      'ana@example.test',
    ]);
    expect(all[0]).toEqual({
      id: expect.any(String),
      to: 'ben@example.test',
      from: 's',
      channel: 'email',
      subject: 'Bonjour',
      html: '<p>x</p>',
      text: 'x',
      headers: { 'list-unsubscribe': '<u>' },
      deliveryId: 'd1',
      at: new Date(START_MS).toISOString(),
    });
    const ana = await call('sandboxMessages', '/api/sandbox/messages?to=ANA@example.test');
    expect(ana.map(({ to }) => to)).toEqual(['ana@example.test']);
    expect(await call('sandboxMessages', '/api/sandbox/messages?to=example&limit=1')).toHaveLength(
      1,
    );
    const sms = await call('sandboxMessages', '/api/sandbox/messages?channel=sms');
    expect(sms.map(({ channel }) => channel)).toEqual(['sms']);
    const one = await call('sandboxMessage', `/api/sandbox/messages/${all[0]?.id ?? ''}`);
    expect(one.subject).toBe('Bonjour');
    for (const id of ['0', 'x', '1%27--', '99999999999999999999']) {
      expect((await world.ask(`/api/sandbox/messages/${id}`, { key: HOME_KEY })).status).toBe(404);
    }
  });
});

describe('dead letters', () => {
  it('are listed by cause, replayed into the log, and dismissed', async () => {
    const { database } = world.console.options;
    for (const n of [1, 2, 3]) {
      await database.query(
        `INSERT INTO dead_letter (id, source, stage, code, detail, topic, key, raw, first_at_ms,
           attempts, state)
         VALUES ($1, 'form', 'profile', 'malformed', 'x', 'events.raw', 'k', $2, $3, 1, 'open')`,
        [`letter-${n}`, JSON.stringify({ n }), START_MS + n],
      );
    }
    const list = await call('deadLetters', '/api/dead-letters?limit=2');
    expect(list.items.map(({ id }) => id)).toEqual(['letter-3', 'letter-2']);
    expect(list.causes).toMatchObject([
      { code: 'malformed', count: 3, reason: 'malformed message' },
    ]);
    const rest = await call('deadLetters', `/api/dead-letters?limit=2&cursor=${list.next ?? ''}`);
    expect(rest.items.map(({ id }) => id)).toEqual(['letter-1']);
    const ids = { ids: ['letter-1', 'unknown'] };
    const dismissed = await call('dismissDeadLetters', '/api/dead-letters/dismiss', post(ids));
    expect(dismissed.count).toBe(1);
    const replayed = await call(
      'replayDeadLetters',
      '/api/dead-letters/replay',
      post({ filter: { code: 'malformed' } }),
    );
    expect(replayed).toEqual({ count: 2, left: 0 });
    expect((await call('deadLetters', '/api/dead-letters?state=dismissed')).items).toHaveLength(1);
    // Both shapes at once would be ambiguous about what is touched.
    const both = await world.ask('/api/dead-letters/replay', {
      key: HOME_KEY,
      ...post({ ids: ['letter-1'], filter: {} }),
    });
    expect(both.status).toBe(400);
  });

  it('are replayed as somebody corrected them, who is named; the original stays', async () => {
    const { database } = world.console.options;
    const given = {
      channel: 'email',
      purpose: 'marketing',
      status: 'yes',
      note: 'x'.repeat(5_000),
    };
    const message = {
      messageId: 'consent-1',
      type: 'track',
      name: 'consent_changed',
      source: 'form',
      ids: { user_id: 'corrected' },
      properties: given,
      atMs: START_MS,
      originalAtMs: START_MS,
      receivedAtMs: START_MS,
      hasTimestamp: true,
      eventDay: '2026-03-30',
      historical: false,
    };
    await world.engine.engine.log.append('events.raw', [{ key: 'k', value: message }]);
    await world.engine.settle();
    const [cut] = (await call('deadLetters', '/api/dead-letters?code=invalid_consent')).items;
    expect([cut?.detail, cut?.correction]).toEqual(['properties.status', null]);
    const id = cut?.id ?? '';
    const [whole] = (await call('deadLetters', `/api/dead-letters?id=${id}`)).items;
    expect([cut?.raw.length, JSON.parse(whole?.raw ?? '')]).toEqual([4_000, message]);

    const path = '/api/dead-letters/replay';
    const refused = async (wrong: unknown) => {
      const answer = await world.ask(path, { key: HOME_KEY, ...post({ id, message: wrong }) });
      return [problemOf(answer).code, problemOf(answer).issues?.map((issue) => issue.path)];
    };
    expect(await refused({ ...message, atMs: 'noon' })).toEqual(['RLN-2104', ['message.atMs']]);
    expect(await refused({ ...message, profileId: 'p' })).toEqual(['RLN-2114', undefined]);

    const corrected = { ...message, properties: { ...given, status: 'granted' } };
    const admin = await world.signIn('admin');
    const replay = () =>
      world.ask(path, { cookie: admin, ...post({ id, message: corrected }) }).then((a) => a.json);
    expect([await replay(), await replay()]).toEqual([
      { count: 1, left: 0 },
      { count: 0, left: 0 },
    ]);
    await world.engine.settle();
    const rows = await database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM consent_event c JOIN profile_identity i USING (node_id)
       WHERE i.value_norm = 'corrected' AND c.status = 'granted'`,
    );
    expect(rows.rows).toEqual([{ n: 1 }]);
    const [kept] = (await call('deadLetters', `/api/dead-letters?id=${id}`)).items;
    expect(kept).toEqual({
      ...whole,
      state: 'replayed',
      correction: {
        raw: JSON.stringify(corrected),
        by: 'admin@console.test',
        atMs: expect.any(Number),
      },
    });
  });
});

it('tells the state of the installation, and what is wrong in sentences', async () => {
  const status = await call('status', '/api/status');
  expect(status.queues.map(({ name }) => name)).toEqual([
    'facts',
    'changes',
    'inbox',
    'timers',
    'deliveries',
    'jobs',
  ]);
  expect(status.disk.storeBytes).toBeGreaterThan(0);
  expect(status.lag.length).toBeGreaterThan(0);
  const { database } = world.console.options;
  await database.query(
    `INSERT INTO delivery (id, command_id, profile_id, reservation_id, grp, channel, action,
       treatment, template, purpose, sender, state, version, vars, intended_at_ms, send_at_ms,
       updated_at_ms)
     VALUES ('lost', 'c', 'p', 'c', 'policy', 'email', 'a', 't', 'x', 'm', 's', 'uncertain', 1,
       '{}', 1, 1, $1)`,
    [START_MS],
  );
  const after = await call('status', '/api/status');
  expect([after.isHealthy, after.uncertain.count]).toEqual([false, 1]);
  expect(after.sentences.join(' ')).toMatch(/1 message without a certain answer/);
});

it('says plainly that the analytics store is away, and serves the rest', async () => {
  for (const path of ['/api/tables', '/api/results/hello']) {
    const answer = await world.ask(path, { key: HOME_KEY });
    const id = (await call('scenarios', '/api/scenarios')).items[0]?.id;
    const expected = path === '/api/results/hello' && id !== 'hello' ? 404 : 503;
    expect([path, answer.status]).toEqual([path, expected]);
  }
  const sent = await call(
    'sendEvent',
    '/api/events',
    post({ name: 'Signed Up', ids: { user_id: 'z' } }),
  );
  expect(sent.messageId).toMatch(/^[0-9a-f-]{36}$/);
  const reserved = await world.ask('/api/events', {
    key: HOME_KEY,
    ...post({ name: 'Relance Segment Entered', ids: { user_id: 'z' } }),
  });
  expect(problemOf(reserved).code).toBe('RLN-2114');
  expect(world.faults).toEqual([]);
});
