import { afterAll, beforeAll, expect, it } from 'vitest';
import { drawGroup } from '#libs/application';
import type { RawEvent } from '#libs/contracts';
import { present } from '#libs/kernel';
import { happeningOf, Simulator, type Happening } from '#libs/runtime-simulated';
import { openTestStore, type TestStore } from '#libs/testkit';
import { consent, engineWorld, known, rawEvent, type EngineWorld } from '../engine/world.js';
import { sample, worldOf } from './sample.js';

// A Monday; people sign up at different minutes, so that no two things happen at one instant.
const START_MS = Date.parse('2026-05-04T10:00:00+02:00');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PEOPLE = 12;

let testStore: TestStore;
beforeAll(async () => {
  testStore = await openTestStore();
});
afterAll(async () => {
  await testStore.close();
});

interface Told {
  readonly atMs: number;
  readonly event: RawEvent;
}

/** What the people do: sign up, fill carts, come back or not, order, complain, refuse. */
function story(): readonly Told[] {
  const told: Told[] = [];
  for (let person = 0; person < PEOPLE; person += 1) {
    const user = `u${person}`;
    const ids = { user_id: user };
    let count = 0;
    const say = (afterMs: number, over: Partial<RawEvent>): void => {
      const atMs = START_MS + person * 61_000 + afterMs;
      count += 1;
      const event = rawEvent({ ids, ...over, messageId: `${user}-${count}` }, atMs);
      told.push({ atMs, event });
    };
    for (const over of known(user)) say(0, over);
    say(1_000, { name: 'signed_up' });
    const cart = { cart_id: `c-${user}`, total: 40 + person };
    say(2 * HOUR_MS, { name: 'cart_updated', properties: cart });
    if (person % 4 === 1) say(5 * HOUR_MS, { name: 'cart_viewed', properties: cart });
    if (person % 4 === 2) say(6 * HOUR_MS, consent(ids, 'denied'));
    const order = { order_id: `o-${user}`, ...cart };
    if (person % 3 === 0) say(3 * DAY_MS, { name: 'order_completed', properties: order });
    if (person % 5 === 4) say(4 * DAY_MS, { name: 'complaint_opened' });
    if (person % 6 === 5) say(12 * DAY_MS, { name: 'profile_completed' });
  }
  return told.sort((one, other) => one.atMs - other.atMs);
}

/** Ids of the people as the engine gives them. */
async function profileIds(world: EngineWorld): Promise<ReadonlyMap<string, string>> {
  const facts = await world.facts();
  return new Map(
    facts.flatMap((fact) =>
      fact.kind === 'event' && fact.body.name === 'identify'
        ? [[fact.body.messageId.split('-')[0] ?? '', present(fact.profileId, 'a profile')]]
        : [],
    ),
  );
}

/** What both hosts must agree on: everything about scenarios, in the order of each person. */
function comparable(happenings: readonly Happening[]): Readonly<Record<string, unknown>> {
  const byPerson: Record<string, string[]> = {};
  for (const one of happenings) {
    if (one.kind === 'put_off' || one.kind === 'not_entered') continue;
    if (one.kind === 'goal' || one.kind === 'reward') continue;
    const { profileId, ...rest } = one;
    // Texts of tasks stay unwritten in a simulation; the store writes amounts with all their digits.
    if ('title' in rest) Object.assign(rest, { title: '' });
    if ('cost' in rest) Object.assign(rest, { cost: Number(rest.cost) });
    (byPerson[profileId] ??= []).push(JSON.stringify(rest, Object.keys(rest).sort()));
  }
  for (const told of Object.values(byPerson)) told.sort();
  return byPerson;
}

it('the simulator and the engine on PostgreSQL do the same to the same people', async () => {
  const database = await testStore.fresh();
  const world = await engineWorld(database, { workspace: 'scenarios', startMs: START_MS - 1_000 });
  const events = story();
  const untilMs = START_MS + 40 * DAY_MS;
  // Who the engine takes the people for is known once it has met them.
  const [first, later] = [events.filter(isFirst), events.filter((told) => !isFirst(told))];
  await world.send(first.map(({ event }) => event));
  await world.settle();
  const idOf = await profileIds(world);
  expect(idOf.size).toBe(PEOPLE);

  const linted = await sample();
  const simulated: Happening[] = [];
  const simulator = new Simulator({
    ...worldOf(linted),
    startMs: START_MS - 1_000,
    decisions: { mode: 'live', stated: () => null },
    groups: (catalogue) => ({
      groupOf: (definition, unit) =>
        drawGroup(catalogue, { purpose: definition.purpose, definition }, unit),
    }),
    onHappening: (one) => simulated.push(one),
  });
  const about = ({ event }: Told): RawEvent => ({
    ...event,
    profileId: present(idOf.get(event.ids['user_id'] ?? ''), 'a person'),
  });
  for (const told of first) await simulator.hear(about(told));
  for (const told of later) {
    await simulator.runTo(told.atMs);
    await simulator.hear(about(told));
  }
  await simulator.runTo(untilMs);

  // The engine's clock is moved to each instant at which anything happens, here or there.
  const instants = new Set([
    ...later.map(({ atMs }) => atMs),
    ...simulated.map(({ atMs }) => atMs),
  ]);
  for (const atMs of [...instants].sort((one, other) => one - other)) {
    world.clock.advance(Math.max(0, atMs - world.clock.nowMs()));
    await world.settle();
    const now = later.filter((told) => told.atMs === atMs);
    if (now.length === 0) continue;
    await world.send(now.map(({ event }) => event));
    await world.settle();
  }
  const real = (await world.facts()).flatMap((fact) => happeningOf(fact) ?? []);
  expect(comparable(simulated)).toEqual(comparable(real));
  const kinds = new Set(simulated.map(({ kind }) => kind));
  for (const kind of ['entered', 'decided', 'delivered', 'withheld', 'ended', 'step'] as const) {
    expect(kinds, kind).toContain(kind);
  }
  await world.close();
});

const isFirst = ({ event }: Told): boolean =>
  event.name === 'identify' ||
  (event.name === 'consent_changed' && event.atMs < START_MS + HOUR_MS);
