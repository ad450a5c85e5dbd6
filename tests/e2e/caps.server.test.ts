import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#libs/adapter-postgres';
import { openTestStore, type TestStore } from '#libs/testkit';
import { engineWorld, known, ofKind, type EngineWorld } from '../engine/world.js';
import { DECIDES, DELIVERS, scenario } from './scenarios.js';

const MONDAY_MS = Date.parse('2026-03-30T10:00:00+02:00');
const HOUR_MS = 3_600_000;
const workspace = 'tests/workspaces/pipeline';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

/** Two scenarios of each kind; the workspace lets one mail a day through. */
const files = {
  ...scenario('one', { steps: DECIDES }),
  ...scenario('two', { steps: DECIDES }),
  ...scenario('plain', { steps: DELIVERS }),
  ...scenario('simple', { steps: DELIVERS }),
};

async function within(
  startMs: number,
  work: (world: EngineWorld, database: Database) => Promise<void>,
): Promise<void> {
  const database = await store.fresh();
  const world = await engineWorld(database, { workspace, startMs, files });
  await world.send(known('u1'));
  await world.settle();
  await work(world, database);
  await world.close();
}

const asks = (...names: readonly string[]) =>
  names.map((name) => ({ name: `${name}_asked`, ids: { user_id: 'u1' } }));

/** Most mails to one person on one day of Paris. */
async function mostADay(database: Database): Promise<number> {
  const rows = await database.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM delivery WHERE accepted_at_ms IS NOT NULL
     GROUP BY profile_id,
       (to_timestamp(accepted_at_ms / 1000) AT TIME ZONE 'Europe/Paris')::date
     ORDER BY 1 DESC LIMIT 1`,
  );
  return rows.rows[0]?.n ?? 0;
}

const withheldOf = async (world: EngineWorld) =>
  ofKind(await world.facts(), 'withheld').map(({ body }) => `${body.scenario} ${body.reason}`);

test('two scenarios that decide for one person in one batch: one mail, the other told why', async () => {
  await within(MONDAY_MS, async (world, database) => {
    await world.send(asks('one', 'two'));
    await world.settle();
    expect(world.mails).toHaveLength(1);
    const decisions = ofKind(await world.facts(), 'decision').map(({ body }) => body);
    const reasons = decisions.map(({ fallbackReason }) => fallbackReason);
    expect(new Set(reasons)).toEqual(new Set([null, 'no_candidate']));
    expect(reasons).toHaveLength(2);
    const lost = decisions.find(({ fallbackReason }) => fallbackReason !== null);
    expect(lost?.candidates.map(({ stage, reason }) => `${stage} ${reason}`)).toEqual([
      'caps cap',
      'caps cap',
    ]);
    expect(await mostADay(database)).toBe(1);
  });
});

test('in two batches as well, whichever kind comes first; the next day is free again', async () => {
  await within(MONDAY_MS, async (world, database) => {
    for (const name of ['one', 'plain', 'two', 'simple']) {
      await world.send(asks(name));
      await world.settle();
    }
    expect(world.mails).toHaveLength(1);
    expect(await withheldOf(world)).toEqual(expect.arrayContaining(['plain cap', 'simple cap']));
    world.clock.advance(24 * HOUR_MS);
    await world.send(asks('plain', 'two', 'simple', 'one'));
    await world.settle();
    expect(world.mails).toHaveLength(2);
    expect(await mostADay(database)).toBe(1);
  });
});

test('a place taken between a decision and its send holds against every other scenario', async () => {
  await within(MONDAY_MS, async (world) => {
    await world.send(asks('one'));
    await world.settle({ without: ['sender'] });
    await world.send(asks('plain'));
    await world.settle({ without: ['sender'] });
    await world.settle();
    expect(world.mails).toHaveLength(1);
    const accepted = ofKind(await world.facts(), 'delivery').filter(
      ({ body }) => body.state === 'accepted',
    );
    expect(accepted.map(({ body }) => body.scenario)).toEqual(['one']);
    expect(await withheldOf(world)).toEqual(['plain cap']);
  });
});

test.each([
  ['one', 'two'],
  ['one', 'plain'],
  ['plain', 'one'],
  ['plain', 'simple'],
])('a send of %s put off at night keeps its place against %s after midnight', async (a, b) => {
  await within(Date.parse('2026-03-30T22:30:00+02:00'), async (world, database) => {
    await world.send(asks(a));
    await world.settle();
    // Both evenings' and the next morning's questions meet a place that is taken.
    world.clock.advance(HOUR_MS);
    await world.send(asks(b));
    await world.settle();
    world.clock.moveTo(Date.parse('2026-03-31T06:30:00+02:00'));
    await world.send(asks(b));
    await world.settle();
    expect(world.mails).toHaveLength(0);
    world.clock.moveTo(Date.parse('2026-03-31T07:00:00+02:00'));
    await world.settle();
    const accepted = ofKind(await world.facts(), 'delivery').filter(
      ({ body }) => body.state === 'accepted',
    );
    expect(accepted.map(({ body }) => body.scenario)).toEqual([a]);
    expect(world.mails).toHaveLength(1);
    expect(await mostADay(database)).toBe(1);
  });
});

test.each([
  ['plain', 'simple'],
  ['plain', 'one'],
])('the day of %s is taken: %s, asked at night, goes the next morning', async (a, b) => {
  await within(Date.parse('2026-03-30T18:00:00+02:00'), async (world, database) => {
    await world.send(asks(a));
    await world.settle();
    expect(world.mails).toHaveLength(1);
    world.clock.moveTo(Date.parse('2026-03-30T22:30:00+02:00'));
    await world.send(asks(b));
    await world.settle();
    expect(world.mails).toHaveLength(1);
    expect(await withheldOf(world)).toEqual([]);
    world.clock.moveTo(Date.parse('2026-03-31T07:00:00+02:00'));
    await world.settle();
    expect(world.mails).toHaveLength(2);
    expect(await mostADay(database)).toBe(1);
  });
});

test('two that decide in one batch at night: one place of the next morning, the other told why', async () => {
  await within(Date.parse('2026-03-30T22:30:00+02:00'), async (world, database) => {
    await world.send(asks('one', 'two'));
    await world.settle({ without: ['sender'] });
    const taken = await database.query<{ day: number; state: string }>(
      'SELECT day, state FROM cap_reservation',
    );
    const tomorrow = Date.parse('2026-03-31T00:00:00Z') / (24 * HOUR_MS);
    expect(taken.rows).toEqual([{ day: tomorrow, state: 'reserved' }]);
    const reasons = ofKind(await world.facts(), 'decision').map(({ body }) => body.fallbackReason);
    expect(new Set(reasons)).toEqual(new Set([null, 'no_candidate']));
    await world.settle();
    world.clock.moveTo(Date.parse('2026-03-31T07:00:00+02:00'));
    await world.settle();
    expect(world.mails).toHaveLength(1);
    expect(await mostADay(database)).toBe(1);
  });
});
