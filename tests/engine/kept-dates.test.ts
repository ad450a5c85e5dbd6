import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyedPseudonyms } from '#libs/application';
import { migrations, PostgresErasureStore, type Database } from '#libs/adapter-postgres';
import { openTestStore, type TestStore } from '#libs/testkit';
import { MONDAY_MS, workspace } from '../e2e/people.js';
import { BASE, birthday, PROFILE, withDated } from './timed-world.js';
import { known, publish, type EngineWorld } from './world.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const withFiles = (
  files: Readonly<Record<string, string>>,
  work: (world: EngineWorld, database: Database) => Promise<void>,
): Promise<void> => withDated(store, { files, startMs: MONDAY_MS }, work);

/** The dates as they are kept, without the ids. */
const kept = async (database: Database) =>
  (
    await database.query(
      'SELECT trait, month_day, day, zone FROM profile_date ORDER BY profile_id, trait',
    )
  ).rows;

describe('the dates of people', () => {
  test('are the same kept day by day and gathered from what an older version left', async () => {
    await withFiles(birthday('at: "09:00"'), async (world, database) => {
      await world.send([
        ...known('one', { birthday: '1990-04-02', contractEnd: '2027-12-31' }),
        ...known('two', { birthday: '2000-02-29', timezone: null }),
        ...known('three', { contractEnd: 'soon' }),
        ...known('four', { birthday: '1904-01-01', timezone: 'Pacific/Apia' }),
      ]);
      await world.settle();
      await world.send(known('one', { contractEnd: '2028-01-31' }));
      await world.settle();
      const before = await kept(database);
      expect(before).toHaveLength(4);
      const gathering = migrations
        .find(({ id }) => id === 'people/003-dates')
        ?.sql.split(';')
        .find((statement) => statement.includes('INSERT INTO profile_date'));
      await database.query('DELETE FROM profile_date');
      await database.query(gathering ?? 'no such statement');
      expect(await kept(database)).toEqual(before);
    });
  });

  test('are read anew when a trait becomes a date, and are gone when it is none', async () => {
    await withFiles(birthday('at: "09:00"'), async (world, database) => {
      await world.send(known('one', { birthday: '1990-04-02', locale: '1999-01-31' }));
      await world.settle();
      const declared = PROFILE.replace('locale: { type: string', 'locale: { type: date').replace(
        'contractEnd: { type: date',
        'contractEnd: { type: string',
      );
      const files = { ...BASE, ...birthday('at: "09:00"'), 'profile.yaml': declared };
      await publish(database, { workspace, files }, world.clock.nowMs());
      await world.engine.workspace.refresh();
      await world.settle();
      expect((await kept(database)).map(({ trait }) => trait)).toEqual(['birthday', 'locale']);
    });
  });

  test('go with a person who is erased', async () => {
    await withFiles(birthday('at: "09:00"'), async (world, database) => {
      await world.send([
        ...known('one', { birthday: '1990-04-02' }),
        ...known('two', { birthday: '1990-04-03' }),
      ]);
      await world.settle();
      const who = await database.query<{ profile_id: string }>(
        'SELECT profile_id FROM profile_date WHERE month_day = 402',
      );
      const erasing = new PostgresErasureStore(keyedPseudonyms('a test key'));
      await database.transaction((tx) =>
        erasing.erase(tx, who.rows[0]?.profile_id ?? '', world.clock.nowMs()),
      );
      expect((await kept(database)).map(({ month_day: on }) => on)).toEqual([403]);
    });
  });
});
