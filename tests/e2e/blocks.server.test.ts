import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '#libs/testkit';
import { known, ofKind } from '../engine/world.js';
import { HOUR_MS, withFiles } from './people.js';
import { policies, scenario } from './scenarios.js';
import { asked, asks, endsOf, stepsOf, withheldOf } from './told.js';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const side = {
  ...policies(),
  ...scenario('side', {
    steps: [
      `{ parallel: { id: both, join: all, branches: [
        { name: mail, then: [ { deliver: { action: hello } }, { wait: 1h } ] },
        { name: visit, then: [ { wait_for: { on: came, up_to: 3h } } ] } ] } }`,
    ],
  }),
};

test('branches go on side by side and join, each by its own timer, result and event', async () => {
  await withFiles(store, side, async (world) => {
    await asks(world, [...known('u1'), ...known('u2')], [asked('side', 'u1'), asked('side', 'u2')]);
    expect(world.mails).toHaveLength(2);
    world.clock.advance(1_000);
    await world.send([{ name: 'came', ids: { user_id: 'u1' } }]);
    await world.settle();
    expect(endsOf(await world.facts(), 'side')).toEqual([]);
    world.clock.advance(HOUR_MS);
    await world.settle();
    expect(endsOf(await world.facts(), 'side')).toEqual(['done']);
    world.clock.advance(2 * HOUR_MS);
    await world.settle();
    const facts = await world.facts();
    expect(endsOf(facts, 'side')).toEqual(['done', 'done']);
    const steps = stepsOf(facts, 'side');
    expect(steps.filter((step) => step.startsWith('both#1 joined'))).toHaveLength(2);
    expect(steps).toContain('both/visit/wait_for-1#1 matched came');
    expect(steps).toContain('both/visit/wait_for-1#1 timed_out');
  });
});

const QUIET = `purposes:
  marketing: { basis: [opt_in, soft_opt_in, legitimate_interest_b2b] }
caps: []
quiet_hours:
  - { channel: email, allow: { from: "20:00", to: "21:00" }, zone: profile, otherwise: wait }
`;

test('a message of a branch that lost is not sent', async () => {
  const files = {
    'policies.yaml': QUIET,
    ...scenario('race', {
      steps: [
        `{ parallel: { join: any, branches: [
          { then: [ { deliver: { action: hello } } ] },
          { then: [ { wait_for: { on: came } } ] } ] } }`,
        '{ wait: 1h }',
      ],
    }),
  };
  await withFiles(store, files, async (world) => {
    await asks(world, known('u1'), [asked('race', 'u1')]);
    world.clock.advance(1_000);
    await world.send([{ name: 'came', ids: { user_id: 'u1' } }]);
    await world.settle();
    world.clock.advance(24 * HOUR_MS);
    await world.settle();
    expect(world.mails).toEqual([]);
    const facts = await world.facts();
    expect(withheldOf(facts)).toEqual(['race request step_cut_short']);
    expect(endsOf(facts, 'race')).toEqual(['done']);
  });
});

test('a loop asks until it is answered, and counts its rounds', async () => {
  const files = {
    ...policies(),
    ...scenario('loop', {
      steps: [
        `{ repeat: { id: tries, times: 3, until: vars.tries.round == 2, then: [
          { deliver: { action: hello } }, { wait: 1h } ] } }`,
      ],
    }),
  };
  await withFiles(store, files, async (world) => {
    await asks(world, known('u1'), [asked('loop', 'u1')]);
    for (let hour = 0; hour < 5; hour += 1) {
      world.clock.advance(HOUR_MS);
      await world.settle();
    }
    expect(world.mails).toHaveLength(2);
    const facts = await world.facts();
    expect(stepsOf(facts, 'loop')).toContain('tries#1 done until');
    const deliveries = ofKind(facts, 'delivery').map(({ id }) => id);
    expect(new Set(deliveries).size).toBe(2);
  });
});

test('points are events that an aggregate sums, each step once', async () => {
  const files = {
    ...policies(),
    ...scenario('loyal', {
      steps: [
        '{ points: { add: "entry.total / 10.0", reason: order } }',
        '{ points: { take: 3, reason: gift } }',
        '{ wait: 1h }',
        `{ split: [ { name: rich, when: 'profile.aggregates.points == 5.0', then: [ { exit: rich } ] }, { otherwise: true } ] }`,
      ],
    }),
    'profile.yaml': `identities:
  - { ns: user_id, unique: true }
  - { ns: email, limit: 5, mergeable: verified, normalise: email }
sources:
  form: { kind: online }
  relance: { kind: engine }
traits:
  firstName: { type: string, personal: true, master: [form] }
  email: { type: email, personal: true, master: [form], verified_first: true }
  country: { type: string, master: [form] }
  timezone: { type: timezone, master: [form] }
  locale: { type: string, master: [form] }
aggregates:
  points: { sum: relance_points_changed.points, window: 3650d }
`,
  };
  await withFiles(store, files, async (world) => {
    await asks(world, known('u1'), [asked('loyal', 'u1', { total: 85 })]);
    world.clock.advance(HOUR_MS);
    await world.settle();
    expect(endsOf(await world.facts(), 'loyal')).toEqual(['rich']);
  });
});

test('a scenario enters people into another, which has its own say', async () => {
  const files = {
    ...policies(),
    ...scenario('first', {
      steps: ['{ enrol: { scenario: second, properties: { total: { cel: entry.total } } } }'],
    }),
    ...scenario('second', {
      entry: '{ api: true, when: event.total > 50.0 }',
      steps: [
        `{ split: [ { name: big, when: entry.total > 80.0, then: [ { exit: big } ] }, { otherwise: true } ] }`,
      ],
    }),
  };
  await withFiles(store, files, async (world) => {
    await asks(
      world,
      ['u1', 'u2', 'u3'].flatMap((user) => known(user)),
      [
        ['u1', 85],
        ['u2', 60],
        ['u3', 20],
      ].map(([user, total]) => asked('first', String(user), { total: Number(total) })),
    );
    const facts = await world.facts();
    expect(endsOf(facts, 'first')).toEqual(['done', 'done', 'done']);
    expect([...endsOf(facts, 'second')].sort()).toEqual(['big', 'done']);
  });
});
