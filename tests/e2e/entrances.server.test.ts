import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '#libs/testkit';
import { engineWorld, known, ofKind, publish } from '../engine/world.js';
import { breaking, despite } from './breaking.js';
import {
  cart,
  DAY_MS,
  HOUR_MS,
  livingEnrolments,
  MONDAY_MS,
  order,
  withFiles,
  workspace,
} from './people.js';
import { policies, scenario } from './scenarios.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

test('a historical import starts and wakes nothing, and counts in aggregates and goals', async () => {
  const waits = scenario('waits', {
    goal: '{ on: order_completed, within: 14d, value: event.total }',
    steps: ['{ wait_for: { on: order_completed, up_to: 5d, then: [ { exit: ordered } ] } }'],
  });
  await withFiles(store, { ...policies(), ...cart, ...waits }, async (world, database) => {
    await world.send(known('u1'));
    await world.send([{ name: 'waits_asked', ids: { user_id: 'u1' } }]);
    await world.settle();
    world.clock.advance(2 * HOUR_MS);
    const past = { historical: true, atMs: MONDAY_MS + HOUR_MS };
    await world.send([
      order({ user_id: 'u1' }, past),
      { name: 'cart_asked', ids: { user_id: 'u1' }, properties: { cart_id: 'c1' }, ...past },
      { name: 'signed_up', ids: { user_id: 'u1' }, ...past },
    ]);
    await world.settle();
    world.clock.advance(DAY_MS);
    await world.settle();
    const facts = await world.facts();
    const entered = ofKind(facts, 'enrolment').map(({ body }) => [body.scenario, body.endedAs]);
    expect(entered).toEqual([['waits', null]]);
    expect(world.mails).toHaveLength(0);
    const counted = await database.query<{ n: number }>(
      `SELECT (doc->'aggregates'->>'orders_365d')::int AS n FROM profile`,
    );
    expect(counted.rows).toEqual([{ n: 1 }]);
    const goals = ofKind(facts, 'outcome').map(({ body }) => [body.scenario, body.value]);
    expect(goals).toEqual([['waits', '80.00']]);
  });
});

const asleep = {
  'segments/asleep.yaml': `segment: asleep
name: { fr: Endormis, en: Asleep }
when: profile.aggregates.orders_365d >= 1 && daysSince(profile.aggregates.last_order_at) > 30.0
`,
};

test('a segment entered and left by time alone starts a scenario, at its moment and once', async () => {
  const recent = {
    'segments/recent.yaml': `segment: recent
name: { fr: Récents, en: Recent }
when: profile.aggregates.orders_365d >= 1 && daysSince(profile.aggregates.last_order_at) <= 10.0
`,
  };
  const files = {
    ...policies(),
    ...asleep,
    ...recent,
    ...scenario('wakes', {
      entry: '{ segment: { enters: asleep }, reentry: always }',
      steps: ['{ wait: 1d }'],
    }),
    ...scenario('cools', {
      entry: '{ on: relance_segment_left, when: "event.segment == \'recent\'", reentry: always }',
      steps: ['{ wait: 1d }'],
    }),
  };
  await withFiles(store, files, async (world) => {
    await world.send([...known('u1'), order({ user_id: 'u1' })]);
    await world.settle();
    const entered = async () =>
      ofKind(await world.facts(), 'enrolment')
        .filter(({ version }) => version === 1)
        .map(({ atMs, body }) => [body.scenario, (atMs - MONDAY_MS) / DAY_MS]);
    for (let hour = 0; hour <= 32 * 24; hour += 6) {
      world.clock.moveTo(MONDAY_MS + hour * HOUR_MS);
      await world.settle();
    }
    expect(await entered()).toEqual([
      ['cools', 10.25],
      ['wakes', 30.25],
    ]);
    await world.send([order({ user_id: 'u1' })]);
    await world.settle();
    expect(await entered()).toHaveLength(2);
    world.clock.advance(11 * DAY_MS);
    await world.settle();
    world.clock.advance(20 * DAY_MS);
    await world.settle();
    expect((await entered()).map(([name]) => name)).toEqual(['cools', 'wakes', 'cools', 'wakes']);
  });
});

test.each([0.3, 0.7])(
  'existing: enter, broken off at %s of the job: every member, each once',
  async (share) => {
    console.info(`existing: seed ${share}`);
    const database = await store.fresh();
    const files = { ...policies(), ...asleep };
    const first = await engineWorld(database, { workspace, startMs: MONDAY_MS, files });
    const members = 900;
    const ids = Array.from({ length: members + 100 }, (_, at) => `u${at}`);
    await first.send(
      ids.map((user_id, at) =>
        order(
          { user_id },
          { historical: true, atMs: MONDAY_MS - (at < members ? 60 : 5) * DAY_MS },
        ),
      ),
    );
    await first.settle();
    const entering = scenario('rouse', {
      entry: '{ segment: { enters: asleep }, existing: enter, reentry: never }',
      steps: ['{ wait: 9d }'],
    });
    await publish(database, { workspace, files: { ...files, ...entering } }, MONDAY_MS);
    await first.engine.workspace.refresh();
    // A worker of its own does its part in small turns, and is gone in the middle of one.
    const { store: runs, host, options } = first.engine;
    const router = await first.engine.log.reader('router', ['profile.changes']);
    const entered = async (): Promise<number> =>
      (await database.query<{ n: number }>('SELECT count(*)::int AS n FROM enrolment')).rows[0]
        ?.n ?? 0;
    while ((await entered()) < share * members) {
      const lease = await runs.acquire('router', options.runId, 60_000);
      if (lease === null) throw new Error('no lease');
      await host.turn(lease, await router.poll({ maxRecords: 100, waitMs: 0 }), router);
    }
    expect(await entered()).toBeLessThan(members);
    const lease = await runs.acquire('router', options.runId, 60_000);
    if (lease !== null) await runs.release(lease);
    const shaky = breaking(database, String(share));
    const second = await engineWorld(shaky.database, {
      workspace,
      startMs: MONDAY_MS,
      publishes: false,
    });
    await despite(() => second.settle());
    // Published once more: nobody enters a second time.
    await publish(database, { workspace, files: { ...files, ...entering } }, MONDAY_MS);
    await despite(() => second.settle());
    const once = await database.query<{ profiles: number; rows: number; ledger: number }>(
      `SELECT count(DISTINCT profile_id)::int AS profiles, count(*)::int AS rows,
       (SELECT count(*)::int FROM entry_ledger) AS ledger FROM enrolment`,
    );
    expect(once.rows[0]).toEqual({ profiles: members, rows: members, ledger: members });
    expect(shaky.broken()).toBeGreaterThan(2);
    const told = ofKind(await first.facts(), 'enrolment');
    expect(told).toHaveLength(members);
    await second.close();
    await first.close();
  },
  60_000,
);

test('existing: enter takes in whoever was imported since, when the same is published again', async () => {
  const rouse = scenario('rouse', {
    entry: '{ segment: { enters: asleep }, existing: enter, reentry: never }',
    steps: ['{ wait: 9d }'],
  });
  const files = { ...policies(), ...asleep, ...rouse };
  await withFiles(store, files, async (world, database) => {
    await world.settle();
    const ids = Array.from({ length: 30 }, (_, at) => `u${at}`);
    const longAgo = { historical: true, atMs: MONDAY_MS - 60 * DAY_MS };
    await world.send(ids.map((user_id) => order({ user_id }, longAgo)));
    await world.settle();
    expect(await livingEnrolments(database)).toHaveLength(0);
    for (const published of ['again', 'and again']) {
      await publish(database, { workspace, files }, MONDAY_MS);
      await world.settle();
      expect(await livingEnrolments(database), published).toHaveLength(ids.length);
    }
  });
});
