import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '#libs/testkit';
import { factSchema, type Fact, type FactKind } from '#libs/contracts';
import { engineWorld, known } from './world.js';

const MONDAY_MS = Date.parse('2026-03-30T10:00:00+02:00');
const DAY_MS = 86_400_000;
const workspace = 'tests/workspaces/pipeline';

let testStore: TestStore;
beforeAll(async () => {
  testStore = await openTestStore();
});
afterAll(async () => {
  await testStore.close();
});

const of = <Kind extends FactKind>(facts: readonly Fact[], kind: Kind) =>
  facts.filter((fact): fact is Extract<Fact, { kind: Kind }> => fact.kind === kind);

test('an event in, one chosen message out, and its order credited to both', async () => {
  const database = await testStore.fresh();
  const world = await engineWorld(database, { workspace, startMs: MONDAY_MS });
  await world.send(known('u1'));
  await world.settle();
  await world.send([{ name: 'signed_up', ids: { user_id: 'u1' } }]);
  await world.settle();
  expect(world.mails).toHaveLength(1);
  const [mail] = world.mails;
  expect(mail?.subject).toBe('Bonjour Camille');
  expect(mail?.html).toContain('/c/');
  expect(mail?.html).not.toContain('https://mesure.example');

  world.clock.advance(DAY_MS);
  await world.send([
    {
      name: 'order_completed',
      ids: { user_id: 'u1' },
      properties: { order_id: 'o1', total: 129.9 },
    },
  ]);
  await world.settle();
  world.clock.advance(4 * DAY_MS);
  await world.settle();

  const facts = await world.facts();
  for (const fact of facts) expect(factSchema.parse(fact)).toEqual(fact);
  const [decision] = of(facts, 'decision');
  expect(
    decision?.body.candidates.map((one) => one.propensity).reduce((a, b) => a + b),
  ).toBeCloseTo(1, 9);
  const deliveries = of(facts, 'delivery').map((fact) => fact.body.state);
  expect(deliveries).toEqual(['intended', 'accepted']);
  const goal = of(facts, 'outcome').filter((fact) => fact.body.attributedBy === 'goal');
  expect(goal.map((fact) => [fact.body.value, fact.body.currency, fact.body.deliveryId])).toEqual([
    ['129.90', 'EUR', of(facts, 'delivery')[0]?.id],
  ]);
  const window = of(facts, 'outcome').filter((fact) => fact.body.attributedBy === 'window');
  expect(window.map(({ body }) => [body.value, body.eventId, body.decisionId])).toEqual([
    ['129.90', goal[0]?.body.eventId, decision?.id],
  ]);
  expect(
    of(facts, 'reward').map((fact) => [fact.version, fact.body.value, fact.body.isFinal]),
  ).toEqual([
    [1, 129.9, false],
    [2, 129.9, true],
  ]);
  expect(of(facts, 'enrolment').map((fact) => fact.body.endedAs)).toEqual([null, 'converted']);
  const learned = await database.query<{ successes: number }>('SELECT successes FROM posterior');
  expect(learned.rows).toEqual([{ successes: 1 }]);
  await world.close();
});

test('without consent nothing goes, and the refusal is recorded with its stage', async () => {
  const database = await testStore.fresh();
  const world = await engineWorld(database, { workspace, startMs: MONDAY_MS });
  await world.send(known('u1').slice(0, 1));
  await world.send([{ name: 'signed_up', ids: { user_id: 'u1' } }]);
  await world.settle();
  expect(world.mails).toHaveLength(0);
  const [decision] = of(await world.facts(), 'decision');
  expect(decision?.body.candidates.map((one) => [one.stage, one.reason])).toEqual([
    ['consent', 'consent_unknown'],
    ['consent', 'consent_unknown'],
  ]);
  expect(decision?.body.fallbackReason).toBe('no_candidate');
  await world.close();
});

test('a night sends nothing: the message waits for the morning of the person', async () => {
  const database = await testStore.fresh();
  const night = Date.parse('2026-03-30T22:30:00+02:00');
  const world = await engineWorld(database, { workspace, startMs: night });
  await world.send(known('u1'));
  await world.send([{ name: 'signed_up', ids: { user_id: 'u1' } }]);
  await world.settle();
  expect(world.mails).toHaveLength(0);
  world.clock.moveTo(Date.parse('2026-03-31T06:59:59+02:00'));
  await world.settle();
  expect(world.mails).toHaveLength(0);
  world.clock.moveTo(Date.parse('2026-03-31T07:00:00+02:00'));
  await world.settle();
  expect(world.mails).toHaveLength(1);
  await world.close();
});

test('the same events sent three times in any order send one message', async () => {
  const database = await testStore.fresh();
  const world = await engineWorld(database, { workspace, startMs: MONDAY_MS });
  const events = [...known('u1'), { name: 'signed_up', ids: { user_id: 'u1' } }].map(
    (event, index) => ({
      ...event,
      messageId: `fixed-${index}`,
    }),
  );
  for (const copy of [events, [...events].reverse(), events]) await world.send(copy);
  await world.settle();
  await world.send(events);
  await world.settle();
  // Whatever came first, the person has entered once; with consent known by then, one mail goes.
  expect(world.mails.length).toBeLessThanOrEqual(1);
  const entered = of(await world.facts(), 'enrolment').filter((fact) => fact.version === 1);
  expect(entered).toHaveLength(1);
  await world.close();
});
