import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '#libs/adapter-postgres';
import { openTestStore, type TestStore } from '#libs/testkit';
import { breaking, despite } from '../e2e/breaking.js';
import { DAY_MS, HOUR_MS, MONDAY_MS, workspace } from '../e2e/people.js';
import { scenario } from '../e2e/scenarios.js';
import { BASE, birthday, ENDS, entered, goTo, withDated, type Entered } from './timed-world.js';
import { engineWorld, known, publish, type EngineWorld } from './world.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const withFiles = (
  files: Readonly<Record<string, string>>,
  work: (world: EngineWorld, database: Database) => Promise<void>,
  startMs = MONDAY_MS,
): Promise<void> => withDated(store, { files, startMs }, work);

const names = (rows: readonly Entered[]): readonly string[] => rows.map(({ who }) => who);

describe('by date', () => {
  test('each at nine in their own zone, seven days before, once', async () => {
    await withFiles(birthday('offset: -7d, at: "09:00"'), async (world, database) => {
      await world.send([
        ...known('paris', { birthday: '1990-04-10' }),
        ...known('line', { birthday: '1985-04-10', timezone: 'Pacific/Kiritimati' }),
        ...known('nowhere', { birthday: '1970-04-10', timezone: null }),
        ...known('howe', { birthday: '1999-04-10', timezone: 'Australia/Lord_Howe' }),
        ...known('later', { birthday: '1990-04-11' }),
        ...known('newborn', { birthday: '2026-04-10' }),
        ...known('unborn', {}),
      ]);
      await world.settle();
      await goTo(world, '2026-04-03T23:00:00Z');
      expect(await entered(database, 'cake')).toEqual([
        { who: 'line', at: '2026-04-02T19:00:00.000Z' },
        // Lord Howe stands 11 hours from UTC until Sunday, then 10 and a half.
        { who: 'howe', at: '2026-04-02T22:00:00.000Z' },
        { who: 'nowhere', at: '2026-04-03T07:00:00.000Z' },
        { who: 'paris', at: '2026-04-03T07:00:00.000Z' },
      ]);
      await goTo(world, '2027-04-05T00:00:00Z', 20 * HOUR_MS);
      expect(names(await entered(database, 'cake')).filter((who) => who === 'paris')).toHaveLength(
        2,
      );
      expect(
        names(await entered(database, 'cake')).filter((who) => who === 'newborn'),
      ).toHaveLength(1);
    });
  });

  test('a date that moves before its day moves the entry, and one that comes after enters next year', async () => {
    await withFiles(birthday('at: "09:00"'), async (world, database) => {
      await world.send([
        ...known('moves', { birthday: '1990-04-02' }),
        ...known('gone', { birthday: '1990-04-02' }),
        ...known('late', {}),
      ]);
      await goTo(world, '2026-04-01T12:00:00Z');
      await world.send([
        ...known('moves', { birthday: '1990-04-05' }),
        ...known('gone', { birthday: '1990-12-05' }),
      ]);
      await goTo(world, '2026-04-04T10:00:00Z');
      expect(await entered(database, 'cake')).toEqual([]);
      await world.send(known('late', { birthday: '1990-04-04' }));
      await goTo(world, '2026-04-06T10:00:00Z');
      expect(await entered(database, 'cake')).toEqual([
        { who: 'moves', at: '2026-04-05T07:00:00.000Z' },
      ]);
    });
  });

  test('29 February falls on the 28th or the 1st, as the author says, and on itself in a leap year', async () => {
    const files = {
      ...birthday('at: "09:00"'),
      ...scenario('cake-after', {
        entry: '{ date: { trait: birthday, at: "09:00", leap_day: after } }',
        steps: ENDS,
      }),
    };
    const startMs = Date.parse('2027-02-27T12:00:00Z');
    await withFiles(
      files,
      async (world, database) => {
        await world.send([
          ...known('leap', { birthday: '1996-02-29' }),
          ...known('before', { birthday: '1997-02-28' }),
          ...known('after', { birthday: '1997-03-01' }),
        ]);
        await goTo(world, '2027-03-02T00:00:00Z');
        const days = async (id: string) =>
          (await entered(database, id)).map(({ who, at }) => `${who} ${at.slice(0, 10)}`);
        expect(await days('cake')).toEqual([
          'before 2027-02-28',
          'leap 2027-02-28',
          'after 2027-03-01',
        ]);
        expect(await days('cake-after')).toEqual([
          'before 2027-02-28',
          'after 2027-03-01',
          'leap 2027-03-01',
        ]);
        await goTo(world, '2028-02-27T12:00:00Z', 20 * HOUR_MS);
        await goTo(world, '2028-03-02T00:00:00Z');
        const inLeapYear = ['before 2028-02-28', 'leap 2028-02-29', 'after 2028-03-01'];
        expect((await days('cake')).slice(3)).toEqual(inLeapYear);
        expect((await days('cake-after')).slice(3)).toEqual(inLeapYear);
      },
      startMs,
    );
  });

  test('once is the day itself, a condition and a key hold, and a republished time doubles nobody', async () => {
    const renewal = (at: string) =>
      scenario('renewal', {
        entry: `{ date: { trait: contractEnd, every: once, offset: -2d, at: "${at}", zone: workspace }, when: profile.country == "FR", key: profile.country }`,
        steps: ENDS,
      });
    await withFiles(renewal('09:00'), async (world, database) => {
      await world.send([
        ...known('mine', { contractEnd: '2026-04-04', timezone: 'Pacific/Kiritimati' }),
        ...known('past', { contractEnd: '2025-04-04' }),
        ...known('abroad', { contractEnd: '2026-04-04', country: 'BE' }),
      ]);
      await goTo(world, '2026-04-02T09:00:00Z');
      const files = { ...BASE, ...renewal('14:00') };
      await publish(database, { workspace, files }, world.clock.nowMs());
      await world.engine.workspace.refresh();
      await goTo(world, '2026-04-04T00:00:00Z');
      expect(await entered(database, 'renewal')).toEqual([
        { who: 'mine', at: '2026-04-02T07:00:00.000Z' },
      ]);
      const keys = await database.query<{ entry_key: string }>(
        'SELECT entry_key FROM entry_ledger',
      );
      expect(keys.rows).toEqual([{ entry_key: 'FR' }]);
    });
  });

  test('what was missed is caught up for a day, and counted beyond it', async () => {
    await withFiles(birthday('at: "09:00"'), async (world, database) => {
      await world.send([
        ...known('old', { birthday: '1990-04-02' }),
        ...known('older', { birthday: '1990-04-03' }),
        ...known('fresh', { birthday: '1990-04-05' }),
      ]);
      await world.settle();
      // The engine was down for six days: one turn finds them all behind it.
      world.clock.advance(Date.parse('2026-04-05T20:00:00Z') - world.clock.nowMs());
      await world.settle();
      expect(names(await entered(database, 'cake'))).toEqual(['fresh']);
      const swept = await database.query<{ skipped: number; looked: number }>(
        'SELECT skipped::int, looked::int FROM entrance_sweep',
      );
      expect(swept.rows).toEqual([{ skipped: 2, looked: 1 }]);
    });
  });

  test('people who merge enter once, whoever of them was first', async () => {
    await withFiles(birthday('at: "09:00"'), async (world, database) => {
      const [east] = known('east', { birthday: '1990-04-02', timezone: 'Pacific/Kiritimati' });
      await world.send([
        { ...east, ids: { anonymous_id: 'a-7f3a91' } },
        ...known('west', { birthday: '1990-04-02', timezone: 'Pacific/Honolulu' }),
      ]);
      await goTo(world, '2026-04-01T22:00:00Z');
      const running = await database.query('SELECT 1 FROM enrolment_ended');
      expect(running.rows).toHaveLength(1);
      await world.send([{ name: 'page', ids: { anonymous_id: 'a-7f3a91', user_id: 'west' } }]);
      await goTo(world, '2026-04-03T22:00:00Z');
      const people = await database.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM profile WHERE merged_into IS NULL',
      );
      const entries = await database.query<{ n: number }>(
        `SELECT (SELECT count(*)::int FROM enrolment) + (SELECT count(*)::int FROM enrolment_ended) AS n`,
      );
      expect({ people: people.rows[0]?.n, entries: entries.rows[0]?.n }).toEqual({
        people: 1,
        entries: 1,
      });
    });
  });
});

const dormant = {
  'segments/dormant.yaml': `segment: dormant
name: { fr: Endormis, en: Dormant }
when: profile.aggregates.orders_365d == 0
`,
};

describe('by schedule', () => {
  test('the members who meet the condition, each Monday at eight', async () => {
    const files = {
      ...dormant,
      ...scenario('weekly', {
        entry:
          '{ schedule: { rrule: "FREQ=WEEKLY;BYDAY=MO", at: "08:00", segment: dormant }, when: profile.country == "FR" }',
        steps: ENDS,
      }),
    };
    await withFiles(files, async (world, database) => {
      await world.send([
        ...known('one'),
        ...known('two', { country: 'BE' }),
        ...known('three'),
        {
          name: 'order_completed',
          ids: { user_id: 'three' },
          properties: { order_id: 'o', total: 3 },
        },
      ]);
      await goTo(world, '2026-04-13T12:00:00Z');
      expect(await entered(database, 'weekly')).toEqual([
        { who: 'one', at: '2026-04-06T06:00:00.000Z' },
        { who: 'one', at: '2026-04-13T06:00:00.000Z' },
      ]);
    });
  });

  test('everybody without a segment, a page a turn, each once although a turn breaks off', async () => {
    const files = scenario('news', {
      entry: '{ schedule: { rrule: "FREQ=DAILY", at: "12:00" } }',
      steps: ['{ wait: 3d }'],
    });
    await withFiles(files, async (world, database) => {
      const ids = Array.from({ length: 450 }, (_, at) => `u${String(at).padStart(3, '0')}`);
      await world.send(ids.map((user_id) => ({ name: 'page', ids: { user_id } })));
      await world.settle();
      world.clock.advance(2 * HOUR_MS + 60_000);
      const { host, store: runs, options, log } = world.engine;
      const router = await log.reader('router', ['profile.changes']);
      const lease = await runs.acquire('router', options.runId, 60_000);
      if (lease === null) throw new Error('no lease');
      await host.turn(lease, await router.poll({ maxRecords: 500, waitMs: 0 }), router);
      expect(await entered(database, 'news')).toHaveLength(200);
      const broken = Object.assign(Object.create(router) as typeof router, {
        commit: () => Promise.reject(new Error('the store is gone')),
      });
      const batch = await router.poll({ maxRecords: 500, waitMs: 0 });
      await expect(host.turn(lease, batch, broken)).rejects.toThrow('the store is gone');
      await router.seekToStored();
      expect(await entered(database, 'news')).toHaveLength(200);
      await world.settle();
      expect(new Set(names(await entered(database, 'news'))).size).toBe(450);
      expect(await entered(database, 'news')).toHaveLength(450);
    });
  });

  test('after down-time the last occurrence of a day counts, older ones are skipped; none during a pause', async () => {
    const files = scenario('hourly', {
      entry: '{ schedule: { rrule: "FREQ=HOURLY", at: "00:30" } }',
      steps: ['{ wait: 10m }'],
    });
    await withFiles(files, async (world, database) => {
      await world.send(known('one'));
      await world.settle();
      world.clock.advance(5 * HOUR_MS);
      await world.settle();
      const swept = async () =>
        (await database.query('SELECT skipped::int, looked::int FROM entrance_sweep')).rows[0];
      expect(await swept()).toEqual({ skipped: 4, looked: 1 });
      expect(await entered(database, 'hourly')).toHaveLength(1);
      await database.query(`UPDATE scenario_state SET state = 'paused', version = version + 1`);
      await world.engine.workspace.refresh();
      await goTo(world, '2026-03-30T20:00:00Z', 15 * 60_000);
      await database.query(`UPDATE scenario_state SET state = 'live', version = version + 1`);
      await world.engine.workspace.refresh();
      await world.settle();
      expect(await entered(database, 'hourly')).toHaveLength(1);
      world.clock.advance(HOUR_MS);
      await world.settle();
      expect(await entered(database, 'hourly')).toHaveLength(2);
      // Twelve days later nothing of them is left but the last.
      world.clock.advance(12 * DAY_MS);
      await world.settle();
      expect(await entered(database, 'hourly')).toHaveLength(3);
    });
  });
});

/** Leaves as a worker that is told to stop: the next one need not wait for its lease. */
async function leave(world: EngineWorld): Promise<void> {
  const { store: runs, options } = world.engine;
  const lease = await runs.acquire('router', options.runId, 60_000);
  if (lease !== null) await runs.release(lease);
  await world.close();
}

test.each(['a', 'b'])(
  'a store that breaks at random and workers that follow each other: each once (%s)',
  async (seed) => {
    console.info(`timed entries: seed ${seed}`);
    const database = await store.fresh();
    const files = {
      ...BASE,
      ...birthday('at: "09:00"'),
      ...scenario('news', {
        entry: '{ schedule: { rrule: "FREQ=DAILY", at: "12:00" } }',
        steps: ENDS,
      }),
    };
    const first = await engineWorld(database, { workspace, startMs: MONDAY_MS, files });
    const ids = Array.from({ length: 450 }, (_, at) => `u${at}`);
    await first.send(
      ids.flatMap((id, at) => {
        const timezone = at % 3 === 0 ? 'Pacific/Kiritimati' : 'Europe/Paris';
        return known(id, { birthday: `1980-04-0${1 + (at % 2)}`, timezone }).slice(0, 1);
      }),
    );
    await first.settle();
    await leave(first);
    for (let part = 0; part < 7; part += 1) {
      const shaky = breaking(database, `${seed}${part}`);
      const startMs = MONDAY_MS + (part + 1) * 11 * HOUR_MS;
      const next = await engineWorld(shaky.database, { workspace, startMs, publishes: false });
      await despite(() => next.settle());
      await leave(next);
    }
    const once = await database.query(
      `SELECT scenario, count(*)::int AS entries, count(DISTINCT profile_id)::int AS people
       FROM (SELECT scenario, profile_id FROM enrolment
             UNION ALL SELECT scenario, profile_id FROM enrolment_ended) e
       GROUP BY 1 ORDER BY 1`,
    );
    expect(once.rows).toEqual([
      { scenario: 'cake', entries: 450, people: 450 },
      // Noon from Monday to Thursday.
      { scenario: 'news', entries: 1800, people: 450 },
    ]);
  },
  120_000,
);
