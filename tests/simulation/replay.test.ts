import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresRecordedEvents, type Database } from '#libs/adapter-postgres';
import { LuxonCalendar } from '#libs/adapter-calendar';
import { normalisePhone } from '#libs/channel-sms';
import { present } from '#libs/kernel';
import {
  FALLBACK,
  LIVE,
  loggedWay,
  RANDOM,
  replay,
  type DecisionWay,
  type ReplayReport,
} from '#libs/runtime-simulated';
import { openTestStore, type TestStore } from '#libs/testkit';
import { engineWorld, known, rawEvent, type EngineWorld } from '../engine/world.js';
import { sample, type Overlay } from './sample.js';

const START_MS = Date.parse('2026-05-04T10:00:00+02:00');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PEOPLE = 10;
const UNTIL_MS = START_MS + 10 * DAY_MS;

let testStore: TestStore;
let database: Database;
let world: EngineWorld;
beforeAll(async () => {
  testStore = await openTestStore();
  database = await testStore.fresh();
  world = await engineWorld(database, { workspace: 'scenarios', startMs: START_MS - DAY_MS });
  for (let person = 0; person < PEOPLE; person += 1) await world.send(known(`u${person}`));
  await world.settle();
  await live(START_MS, (person) => cart(person));
  // The carts fall due on the next working day at 18:30.
  for (let hour = 2; hour <= 40; hour += 1) await live(START_MS + hour * HOUR_MS);
  await live(START_MS + 2 * DAY_MS, (person) => (person % 3 === 0 ? order(person) : null));
  for (let day = 3; day <= 9; day += 1) await live(START_MS + day * DAY_MS);
});
afterAll(async () => {
  await world.close();
  await testStore.close();
});

type Said = ReturnType<typeof cart> | null;

function cart(person: number) {
  const properties = { cart_id: `c${person}`, total: 35 + person };
  return { name: 'cart_updated', ids: { user_id: `u${person}` }, properties };
}

function order(person: number) {
  const { ids, properties } = cart(person);
  return { name: 'order_completed', ids, properties: { ...properties, order_id: `o${person}` } };
}

/** Moves the engine's clock and has the people do something. */
async function live(atMs: number, say: (person: number) => Said = () => null): Promise<void> {
  world.clock.advance(Math.max(0, atMs - world.clock.nowMs()));
  await world.settle();
  const said = Array.from({ length: PEOPLE }, (_, person) => say(person));
  const events = said.flatMap((one) => (one === null ? [] : [rawEvent(one, world.clock.nowMs())]));
  if (events.length === 0) return;
  await world.send(events);
  await world.settle();
}

/** Replays what the engine recorded through the abandoned cart, with files laid over the sample. */
async function replayed(
  decisions: DecisionWay = LIVE,
  overlays: readonly Overlay[] = [{}],
): Promise<ReplayReport> {
  const linted = await Promise.all(overlays.map((overlay) => sample(overlay)));
  return await replay({
    versions: linted.map(({ workspace }) => ({
      workspace: present(workspace, 'a workspace'),
      scenario: 'abandoned-cart',
    })),
    calendar: new LuxonCalendar(),
    normalisePhone,
    decisions,
    events: new PostgresRecordedEvents(database).pages(UNTIL_MS),
    fromMs: START_MS,
    toMs: UNTIL_MS,
  });
}

/** Rows and a hash of every table. */
async function fingerprint(): Promise<ReadonlyMap<string, string>> {
  const tables = await database.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     WHERE relkind = 'r' AND nspname = 'public' ORDER BY 1`,
  );
  const prints = new Map<string, string>();
  for (const { name } of tables.rows) {
    const told = await database.query<{ print: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '')
         AS print FROM ${name} t`,
    );
    prints.set(name, told.rows[0]?.print ?? '');
  }
  return prints;
}

describe('a replay of recorded events', () => {
  it('comes to what the engine did', async () => {
    const { events, profiles, versions } = await replayed();
    const [figures] = versions;
    expect(profiles).toBe(PEOPLE);
    // Who signed up and agreed, the carts and the orders.
    expect(events).toBe(2 * PEOPLE + PEOPLE + Math.ceil(PEOPLE / 3));
    const facts = await world.facts();
    const entered = facts.flatMap((fact) =>
      fact.kind === 'enrolment' && fact.version === 1 && fact.body.scenario === 'abandoned-cart'
        ? [fact.body.group]
        : [],
    );
    const groups: Record<string, number> = {};
    for (const group of entered) groups[group] = (groups[group] ?? 0) + 1;
    expect(figures?.entered).toEqual(groups);
    expect(figures?.people).toBe(PEOPLE);
    const accepted = facts.filter(
      (fact) => fact.kind === 'delivery' && fact.body.state === 'accepted',
    );
    expect(accepted.length).toBeGreaterThan(2);
    expect(figures?.sent).toEqual({ email: accepted.length });
    expect(figures?.sends).toEqual([
      { hour: '2026-05-05T18', channel: 'email', messages: accepted.length },
    ]);
    expect(figures?.goals).toBe(Math.ceil(PEOPLE / 3));
  });

  it('tells of each step how many came and how they left', async () => {
    const [figures] = (await replayed()).versions;
    const treated = PEOPLE - (figures?.entered['holdout'] ?? 0);
    const step = (id: string) => figures?.steps.find(({ stepId }) => stepId === id);
    expect(step('wait-1')).toMatchObject({ entered: treated, left: { done: treated } });
    expect(step('came_back')).toMatchObject({ entered: treated, left: { timed_out: treated } });
    expect(step('rescue')?.entered).toBe(treated);
  });

  it('shows what another version would have done to the same people', async () => {
    const { versions } = await replayed(FALLBACK, [
      {},
      { 'abandoned-cart.yaml': ['"18:30"', '"09:30"'] },
      { 'abandoned-cart.yaml': ['>= 30.0', '>= 40.0'] },
    ]);
    const [own, early, fewer] = versions;
    expect(own?.sends.map(({ hour }) => hour)).toEqual(['2026-05-05T18']);
    expect(early?.sends.map(({ hour }) => hour)).toEqual(['2026-05-05T09']);
    expect(own?.decided).toEqual(early?.decided);
    expect(fewer?.people).toBe(PEOPLE - 5);
    expect(fewer?.notEntered).toEqual({ condition_false: 5 });
  });

  it('repeats the decisions made then, or takes others', async () => {
    const recorded = await new PostgresRecordedEvents(database).decisions('abandoned-cart');
    const logged = (await replayed(loggedWay(recorded))).versions[0];
    const chosen: Record<string, number> = {};
    for (const { stepId, action } of recorded) {
      chosen[`${stepId}: ${action}`] = (chosen[`${stepId}: ${action}`] ?? 0) + 1;
    }
    expect(logged?.decided).toEqual(chosen);
    const fallback = (await replayed(FALLBACK)).versions[0];
    expect(Object.keys(fallback?.decided ?? {})).toEqual(['rescue: cart-reminder']);
    const random = (await replayed(RANDOM)).versions[0];
    expect(Object.keys(random?.decided ?? {}).length).toBeGreaterThan(1);
  });

  it('writes nothing', async () => {
    const before = await fingerprint();
    expect(before.size).toBeGreaterThan(30);
    await replayed();
    await new PostgresRecordedEvents(database).span();
    expect(await fingerprint()).toEqual(before);
  });

  it('hears only what happened since it begins', async () => {
    const linted = await sample();
    const report = await replay({
      versions: [
        { workspace: present(linted.workspace, 'a workspace'), scenario: 'abandoned-cart' },
      ],
      calendar: new LuxonCalendar(),
      normalisePhone,
      decisions: LIVE,
      events: new PostgresRecordedEvents(database).pages(UNTIL_MS),
      fromMs: START_MS + DAY_MS,
      toMs: UNTIL_MS,
    });
    expect(report.versions[0]?.entered).toEqual({});
  });
});
