import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVERYTHING, type InboxInput } from '#libs/application';
import { PostgresEnrolmentStore, PostgresHoldStore, type Database } from '#libs/adapter-postgres';
import type { RawEvent } from '#libs/contracts';
import type { EnrolmentId } from '#libs/kernel';
import { openTestStore, type TestStore } from '#libs/testkit';
import { engineWorld, known, ofKind, publish, type EngineWorld } from '../engine/world.js';
import { DAY_MS, HOUR_MS, livingEnrolments, MONDAY_MS, withFiles, workspace } from './people.js';
import { DELIVERS, policies, scenario } from './scenarios.js';
import { asked, asks, endsOf, stepsOf } from './told.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const users = (count: number) => Array.from({ length: count }, (_, index) => `u${index}`);

/** Sets or ends a hold as an operator does. */
async function hold(
  database: Database,
  act: 'pause' | 'resume',
  scope: string,
  nowMs: number,
): Promise<boolean> {
  const holds = new PostgresHoldStore(database);
  return await database.transaction((tx) => holds[act](tx, { scope, author: 'o@x.test', nowMs }));
}

/** Does something to one enrolment as an operator does. */
async function control(
  database: Database,
  id: EnrolmentId,
  action: 'pause' | 'resume',
): Promise<void> {
  const input: InboxInput = { type: 'control', control: { action } };
  const enrolments = new PostgresEnrolmentStore(database, Date.now);
  await database.transaction((tx) => enrolments.post(tx, [{ enrolmentId: id, input }]));
}

interface Standing {
  [column: string]: unknown;
  readonly id: EnrolmentId;
  readonly scenario: string;
  readonly status: string;
  readonly step_id: string;
}

const standing = async (database: Database): Promise<readonly Standing[]> =>
  (
    await database.query<Standing>(
      'SELECT id, scenario, status, step_id FROM enrolment ORDER BY scenario, id',
    )
  ).rows;

const countOf = async (database: Database, where: string): Promise<number> =>
  (await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${where}`)).rows[0]?.n ?? -1;

const files = {
  ...policies(),
  ...scenario('soon', { steps: DELIVERS }),
  ...scenario('later', { steps: ['{ wait: 1h }', ...DELIVERS] }),
};

/** Another engine over the same store, as after a crash of the first. */
const restarted = (database: Database, world: EngineWorld): Promise<EngineWorld> =>
  engineWorld(database, {
    workspace,
    files,
    startMs: MONDAY_MS,
    clock: world.clock,
    publishes: false,
    // What the first held has lapsed.
    wallMs: () => Date.now() + 2 * HOUR_MS,
  });

test('what is claimed but not handed over stays when everything is paused, and goes once after', async () => {
  const database = await store.fresh();
  const mailsAt: number[] = [];
  let pauseAtMail = Infinity;
  let paused: Promise<boolean> | undefined;
  const onMail = async (): Promise<void> => {
    mailsAt.push(mailsAt.length);
    if (mailsAt.length < pauseAtMail) return;
    paused ??= hold(database, 'pause', EVERYTHING, MONDAY_MS);
    await paused;
  };
  const world = await engineWorld(database, { workspace, files, startMs: MONDAY_MS, onMail });
  const people = users(160);
  await world.send(people.flatMap((user) => known(user)));
  await world.settle();
  await world.send(people.map((user) => asked('soon', user)));
  await world.settle({ without: ['sender'] });
  expect(await countOf(database, `delivery WHERE state = 'intended'`)).toBe(160);

  const never = new AbortController().signal;
  await world.engine.store.acquire(
    `sender/${world.engine.options.runId}`,
    world.engine.options.runId,
    60_000,
  );
  // Claims grow with what is found: soon more is claimed than is in hand.
  while (mailsAt.length < 60) await world.engine.sender.round(100, never);
  const before = mailsAt.length;
  pauseAtMail = before + 1;
  const looked = await world.engine.sender.round(100, never);
  expect(looked).toBeGreaterThan(20);
  expect(paused).toBeDefined();
  expect(mailsAt.length - before).toBeLessThanOrEqual(20);
  const left = 160 - mailsAt.length;
  expect(await countOf(database, `delivery WHERE state = 'intended' AND claimed_by IS NULL`)).toBe(
    left,
  );

  world.clock.advance(2 * DAY_MS);
  await world.settle();
  expect(160 - mailsAt.length).toBe(left);
  await world.close();

  // The process is gone; another over the same store knows of the hold.
  const second = await restarted(database, world);
  await second.settle();
  expect(second.mails).toHaveLength(0);
  await hold(database, 'resume', EVERYTHING, world.clock.nowMs());
  await second.settle();
  expect(second.mails).toHaveLength(left);
  expect(await countOf(database, `delivery WHERE state <> 'accepted'`)).toBe(0);
  expect(await countOf(database, 'enrolment_ended')).toBe(160);
  await second.close();
});

test('timers keep their due times through a pause and a crash, and nobody enters', async () => {
  const database = await store.fresh();
  const world = await engineWorld(database, { workspace, files, startMs: MONDAY_MS });
  await asks(
    world,
    users(3).flatMap((user) => known(user)),
    ['u0', 'u1'].map((user) => asked('later', user)),
  );
  await hold(database, 'pause', EVERYTHING, MONDAY_MS);
  await world.send([asked('soon', 'u2'), asked('later', 'u2')]);
  world.clock.advance(3 * HOUR_MS);
  await world.settle();
  expect(world.mails).toHaveLength(0);
  const stopped = await standing(database);
  expect(stopped.map(({ scenario: of, status, step_id }) => [of, status, step_id])).toEqual([
    ['later', 'paused', 'wait-1'],
    ['later', 'paused', 'wait-1'],
  ]);
  const due = await database.query<{ due: number }>(
    `SELECT entered_at_ms + (state::jsonb #>> '{c,0,3,1}')::bigint AS due FROM enrolment`,
  );
  expect(due.rows.map((row) => row.due)).toEqual([MONDAY_MS + HOUR_MS, MONDAY_MS + HOUR_MS]);
  await world.close();

  const second = await restarted(database, world);
  await second.settle();
  expect(second.mails).toHaveLength(0);
  await hold(database, 'resume', EVERYTHING, second.clock.nowMs());
  await second.settle();
  expect(second.mails).toHaveLength(2);
  expect(endsOf(await second.facts(), 'later')).toEqual(['done', 'done']);
  // The flag that a hold sets is gone with them; who did not enter may enter now.
  expect(await countOf(database, 'enrolment')).toBe(0);
  await second.send([asked('soon', 'u2')]);
  await second.settle();
  expect(second.mails).toHaveLength(3);
  await second.close();
});

const resumes = {
  ...policies(),
  ...scenario('goes', { steps: ['{ wait: { for: 1h, on_resume: continue } }', ...DELIVERS] }),
  ...scenario('skips', { steps: ['{ wait: { for: 1h, on_resume: skip } }', ...DELIVERS] }),
  ...scenario('leaves', { steps: ['{ wait: { for: 1h, on_resume: exit } }', ...DELIVERS] }),
};

test('what is overdue after a hold does as its step says', async () => {
  await withFiles(store, resumes, async (world, database) => {
    const all = ['goes', 'skips', 'leaves'];
    await asks(
      world,
      known('u0'),
      all.map((name) => asked(name, 'u0')),
    );
    await hold(database, 'pause', EVERYTHING, MONDAY_MS);
    world.clock.advance(2 * HOUR_MS);
    await world.settle();
    await hold(database, 'resume', EVERYTHING, world.clock.nowMs());
    await world.settle();
    const facts = await world.facts();
    expect(all.map((name) => endsOf(facts, name))).toEqual([['done'], ['done'], ['stopped']]);
    expect(stepsOf(facts, 'skips')).toContain('deliver-1#1 skipped');
    expect(world.mails).toHaveLength(1);
  });
});

const waiting = {
  ...policies(),
  'hears.yaml': `scenario: hears
name: { fr: h, en: h }
purpose: marketing
entry: { on: hears_asked, reentry: always }
exit:
  - { on: order_completed, as: converted }
limits: { max_age: 30d }
steps:
  - wait_for: { on: came, up_to: 5d, else: [ { exit: late } ] }
  - deliver: { action: hello }
  - exit: done
`,
};

test('in a pause an exit ends, what a wait was for is kept, and anything else pauses nobody', async () => {
  await withFiles(store, waiting, async (world, database) => {
    const people = users(3);
    await asks(
      world,
      people.flatMap((user) => known(user)),
      people.map((user) => asked('hears', user)),
    );
    await hold(database, 'pause', 'hears', MONDAY_MS);
    world.clock.advance(60_000);
    await world.send([
      { name: 'came', ids: { user_id: 'u0' } },
      { name: 'order_completed', ids: { user_id: 'u1' }, properties: { order_id: 'o', total: 1 } },
      { name: 'page', ids: { user_id: 'u2' } },
    ]);
    await world.settle();
    expect(world.mails).toHaveLength(0);
    expect(endsOf(await world.facts(), 'hears')).toEqual(['converted']);
    expect((await standing(database)).map(({ status }) => status).sort()).toEqual([
      'paused',
      'running',
    ]);
    await hold(database, 'resume', 'hears', world.clock.nowMs());
    await world.settle();
    expect(world.mails).toHaveLength(1);
    expect([...endsOf(await world.facts(), 'hears')].sort()).toEqual(['converted', 'done']);
    // The state of the scenario is told to whoever reads facts.
    const told = ofKind(await world.facts(), 'scenario').filter(
      ({ body }) => body.scenario === 'hears',
    );
    expect(told.map(({ body }) => body.state)).toEqual(['live', 'paused', 'live']);
  });
});

test('one scenario is held, the other goes on; a hold again, or its end twice, changes nothing', async () => {
  await withFiles(store, files, async (world, database) => {
    await world.send(known('u0'));
    await world.settle();
    expect(await hold(database, 'pause', 'soon', MONDAY_MS)).toBe(true);
    expect(await hold(database, 'pause', 'soon', MONDAY_MS)).toBe(false);
    await world.send([asked('soon', 'u0'), asked('later', 'u0')]);
    world.clock.advance(HOUR_MS);
    await world.settle();
    world.clock.advance(HOUR_MS);
    await world.settle();
    expect(endsOf(await world.facts(), 'later')).toEqual(['done']);
    expect(world.mails).toHaveLength(1);
    expect(await hold(database, 'resume', 'soon', MONDAY_MS)).toBe(true);
    expect(await hold(database, 'resume', 'soon', MONDAY_MS)).toBe(false);
  });
});

test('the pause of one enrolment keeps its message back and outlives a hold', async () => {
  await withFiles(store, files, async (world, database) => {
    await world.send(['u0', 'u1'].flatMap((user) => known(user)));
    await world.settle();
    await world.send(['u0', 'u1'].map((user) => asked('soon', user)));
    await world.settle({ without: ['sender'] });
    const [one] = await standing(database);
    await control(database, one?.id as EnrolmentId, 'pause');
    await world.settle();
    expect(world.mails).toHaveLength(1);
    await hold(database, 'pause', EVERYTHING, MONDAY_MS);
    await hold(database, 'resume', EVERYTHING, MONDAY_MS);
    await world.settle();
    expect(world.mails).toHaveLength(1);
    await control(database, one?.id as EnrolmentId, 'resume');
    await world.settle();
    expect(world.mails).toHaveLength(2);
  });
});

test('resumed while its scenario is held, an enrolment goes on when that ends', async () => {
  await withFiles(store, files, async (world, database) => {
    await asks(world, known('u0'), [asked('later', 'u0')]);
    const [one] = await standing(database);
    const id = one?.id as EnrolmentId;
    await control(database, id, 'pause');
    await world.settle();
    await hold(database, 'pause', 'later', MONDAY_MS);
    await control(database, id, 'resume');
    world.clock.advance(2 * HOUR_MS);
    await world.settle();
    expect((await standing(database)).map(({ status }) => status)).toEqual(['paused']);
    await hold(database, 'resume', 'later', world.clock.nowMs());
    await world.settle();
    expect(endsOf(await world.facts(), 'later')).toEqual(['done']);
    expect(world.mails).toHaveLength(1);
  });
});

const taking = {
  ...policies(),
  'segments/french.yaml': `segment: french
name: { fr: f, en: f }
when: profile.country == "FR"
`,
  ...scenario('members', {
    entry: '{ segment: { enters: french }, existing: enter }',
    steps: ['{ wait: 1d }'],
  }),
};

test('members that a publishing takes in wait for the end of a hold', async () => {
  const database = await store.fresh();
  const world = await engineWorld(database, { workspace, startMs: MONDAY_MS, files: policies() });
  await world.send(users(3).flatMap((user) => known(user)));
  await world.settle();
  await hold(database, 'pause', EVERYTHING, MONDAY_MS);
  await publish(database, { workspace, files: taking }, MONDAY_MS);
  await world.engine.workspace.refresh();
  await world.settle();
  expect(await countOf(database, 'enrolment')).toBe(0);
  await hold(database, 'resume', EVERYTHING, MONDAY_MS);
  await world.settle();
  expect((await standing(database)).map(({ scenario: of, status }) => [of, status])).toEqual(
    users(3).map(() => ['members', 'running']),
  );
  await world.close();
});

test('a merge re-keys paused enrolments, and people who are in two scenarios', async () => {
  await withFiles(store, files, async (world, database) => {
    const ask = (name: string, anonymous_id: string) => ({
      ...asked(name, ''),
      ids: { anonymous_id },
    });
    await world.send([ask('later', 'phone'), ask('later', 'laptop'), ask('soon', 'laptop')]);
    await world.settle({ without: ['sender'] });
    for (const { id } of await standing(database)) await control(database, id, 'pause');
    await world.settle();
    expect((await standing(database)).map(({ status }) => status)).toEqual([
      'paused',
      'paused',
      'paused',
    ]);
    const signsIn = (anonymous_id: string): Partial<RawEvent> => ({
      type: 'identify',
      name: 'identify',
      ids: { anonymous_id, user_id: 'u0' },
    });
    await world.send([...known('u0'), signsIn('phone'), signsIn('laptop')]);
    await world.settle();
    const living = await livingEnrolments(database);
    expect(new Set(living.map((row) => row.profile_id)).size).toBe(1);
    expect((await standing(database)).map((row) => [row.scenario, row.status])).toEqual([
      ['later', 'paused'],
      ['soon', 'paused'],
    ]);
    expect(endsOf(await world.facts(), 'later')).toEqual(['merged']);
    world.clock.advance(2 * HOUR_MS);
    for (const { id } of await standing(database)) await control(database, id, 'resume');
    await world.settle();
    world.clock.advance(DAY_MS);
    await world.settle();
    expect(endsOf(await world.facts(), 'later')).toEqual(['merged', 'done']);
    expect(endsOf(await world.facts(), 'soon')).toEqual(['done']);
    expect(
      await countOf(
        database,
        'delivery WHERE profile_id NOT IN (SELECT profile_id FROM profile WHERE merged_into IS NULL)',
      ),
    ).toBe(0);
  });
});
