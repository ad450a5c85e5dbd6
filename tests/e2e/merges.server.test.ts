import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RawEvent } from '#libs/contracts';
import { openTestStore, type TestStore } from '#libs/testkit';
import { consent, known, ofKind } from '../engine/world.js';
import { cart, DAY_MS, HOUR_MS, livingEnrolments, order, withFiles } from './people.js';
import { policies, scenario } from './scenarios.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

/** A device that signs in is the person of that login from then on. */
const signsIn = (anonymous_id: string, user_id: string): Partial<RawEvent> => ({
  type: 'identify',
  name: 'identify',
  ids: { anonymous_id, user_id },
});

test('two devices enter under one key, then merge: one lives, one ends merged, one mail', async () => {
  await withFiles(store, { ...policies(), ...cart }, async (world, database) => {
    const asks = (anonymous_id: string) => ({
      name: 'cart_asked',
      ids: { anonymous_id },
      properties: { cart_id: 'c1' },
    });
    await world.send([asks('phone')]);
    await world.settle();
    world.clock.advance(60_000);
    await world.send([asks('laptop')]);
    await world.settle();
    expect(await livingEnrolments(database)).toHaveLength(2);
    await world.send([...known('u1'), signsIn('phone', 'u1'), signsIn('laptop', 'u1')]);
    await world.settle();
    const living = await livingEnrolments(database);
    expect(living).toMatchObject([{ entry_key: 'c1', merged_into: null }]);
    world.clock.advance(2 * HOUR_MS);
    await world.settle();
    expect(world.mails.map(({ to }) => to)).toEqual([['u1@example.test']]);
    world.clock.advance(HOUR_MS);
    await world.send([order({ anonymous_id: 'laptop' })]);
    await world.settle();
    const facts = await world.facts();
    const ends = ofKind(facts, 'enrolment').filter(({ body }) => body.state === 'ended');
    expect(ends.map(({ body }) => body.endedAs)).toEqual(['merged']);
    // What lives on still watches for the goal, under the person of today.
    const goals = ofKind(facts, 'outcome').filter(({ body }) => body.attributedBy === 'goal');
    expect(goals.length).toBeGreaterThan(0);
    world.clock.advance(3 * DAY_MS);
    await world.settle();
    expect(world.mails).toHaveLength(1);
  });
});

test('a mail sent before a merge is credited with the order that comes after it', async () => {
  await withFiles(store, { ...policies(), ...cart }, async (world) => {
    const email = 'guest@example.test';
    await world.send([
      ...known('u1', { email }).map((event) => ({ ...event, ids: { anonymous_id: 'phone' } })),
      { name: 'cart_asked', ids: { anonymous_id: 'phone' }, properties: { cart_id: 'c1' } },
    ]);
    await world.settle();
    world.clock.advance(HOUR_MS);
    await world.settle();
    expect(world.mails).toHaveLength(1);
    // The account is older in the merge's order of ids as often as not: try both ways round.
    await world.send(known('u1', { email }));
    await world.settle();
    await world.send([signsIn('phone', 'u1')]);
    await world.settle();
    world.clock.advance(HOUR_MS);
    await world.send([order({ user_id: 'u1' })]);
    await world.settle();
    const facts = await world.facts();
    const [goal] = ofKind(facts, 'outcome').filter(({ body }) => body.attributedBy === 'goal');
    expect(goal?.body.deliveryId).toBe(ofKind(facts, 'delivery')[0]?.id);
  });
});

test('chains of merges that are read in any order leave nothing behind at a profile that is gone', async () => {
  await withFiles(store, { ...policies(), ...cart }, async (world, database) => {
    const people = Array.from({ length: 16 }, (_, at) => at);
    for (const device of ['a', 'b', 'c']) {
      await world.send(
        people.map((at) => ({
          name: 'cart_asked',
          ids: { anonymous_id: `${device}${at}` },
          properties: { cart_id: `${device}${at}` },
        })),
      );
      await world.settle();
      world.clock.advance(1_000);
    }
    // c into b, then both into a; the router sees the two merges of a person at once, in the order
    // of partitions and not of time.
    for (const device of ['c', 'b', 'a']) {
      await world.send(
        people.map((at) => ({
          type: 'identify',
          name: 'identify',
          ids: { anonymous_id: `${device}${at}`, email: `p${at}@example.test` },
          verified: ['email'],
        })),
      );
      await world.settle({ without: ['router'] });
    }
    const merges = await database.query('SELECT 1 FROM merge_log');
    expect(merges.rowCount).toBe(32);
    await world.settle();
    const living = await livingEnrolments(database);
    expect(living).toHaveLength(48);
    expect(living.filter((row) => row.merged_into !== null)).toEqual([]);
  });
});

test('people whose groups differ are told as mixed once they merge', async () => {
  const half = {
    ...cart,
    ...scenario('half', {
      entry: '{ on: half_asked, key: event.cart_id, reentry: always }',
      holdout: '50%',
      steps: ['{ wait: 5d }'],
    }),
  };
  await withFiles(store, { ...policies(), ...half }, async (world) => {
    const devices = Array.from({ length: 12 }, (_, at) => at);
    for (const device of ['x', 'y']) {
      await world.send(
        devices.map((at) => ({
          name: 'half_asked',
          ids: { anonymous_id: `${device}${at}` },
          properties: { cart_id: `${device}${at}` },
        })),
      );
      await world.settle();
    }
    await world.send(
      devices.flatMap((at) => [signsIn(`x${at}`, `u${at}`), signsIn(`y${at}`, `u${at}`)]),
    );
    await world.settle();
    const told = new Map<string, { key: string; group: string; mixed: boolean }>();
    // The facts of one enrolment may lie in two partitions by now: its version tells which is last.
    const enrolments = ofKind(await world.facts(), 'enrolment');
    for (const { id, body } of enrolments.toSorted((one, other) => one.version - other.version)) {
      told.set(id, { key: body.entryKey.slice(1), group: body.group, mixed: body.mixed });
    }
    const rows = [...told.values()];
    for (const row of rows) {
      const groups = new Set(rows.filter(({ key }) => key === row.key).map(({ group }) => group));
      expect(row.mixed, JSON.stringify(row)).toBe(groups.size > 1);
    }
    expect(rows.some(({ mixed }) => mixed)).toBe(true);
    expect(rows.some(({ mixed }) => !mixed)).toBe(true);
  });
});

test('consent told on one device holds for the person it merges into', async () => {
  await withFiles(store, { ...policies(), ...cart }, async (world) => {
    await world.send([...known('u1'), consent({ anonymous_id: 'phone' }, 'denied')]);
    await world.settle();
    await world.send([
      { name: 'cart_asked', ids: { user_id: 'u1' }, properties: { cart_id: 'c1' } },
    ]);
    await world.settle();
    world.clock.advance(HOUR_MS);
    await world.settle({ without: ['sender'] });
    world.clock.advance(1_000);
    await world.send([signsIn('phone', 'u1'), consent({ anonymous_id: 'phone' }, 'denied')]);
    await world.settle({ without: ['sender'] });
    await world.settle();
    expect(world.mails).toHaveLength(0);
    expect(ofKind(await world.facts(), 'withheld').map(({ body }) => body.stage)).toEqual([
      'consent',
    ]);
  });
});
