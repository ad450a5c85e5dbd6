import { afterAll, beforeAll, expect, test } from 'vitest';
import { AnalyticsSink } from '#libs/application';
import type { Database } from '#libs/adapter-postgres';
import { hashUnit } from '#libs/kernel';
import { openTestStore, type TestStore } from '#libs/testkit';
import { openWorld, type World as Analytics } from '../analytics/world.js';
import { consoleWorld, HOME_KEY } from '../console-api/world.js';
import { known, ofKind, type EngineWorld } from '../engine/world.js';
import { DAY_MS, HOUR_MS, MONDAY_MS, order, withFiles, workspace } from './people.js';
import { scenario } from './scenarios.js';

const SALT = 'groups';
const PEOPLE = Array.from({ length: 60 }, (_, at) => `u${at + 1}`);

let store: TestStore;
let analytics: Analytics;
beforeAll(async () => {
  [store, analytics] = await Promise.all([openTestStore(), openWorld()]);
});
afterAll(async () => {
  await analytics.close();
  await store.close();
});

/** A workspace of these global shares. Of its two mails one is worth far more than the other. */
const shared = (holdout: string, randomControl: string) => {
  const action = (id: string, of: { readonly value: string; readonly country: string }) => ({
    [`actions/${id}.yaml`]: `action: ${id}
name: { fr: ${id}, en: ${id} }
issue: growth
value: ${of.value}
cost: { email: 0.001 }
eligible: profile.country == "${of.country}"
treatments:
  - { channel: email, template: hello, sender: shop }
`,
  });
  return {
    'relance.yaml': `workspace: pipeline
name: { fr: Mesure, en: Measurement }
timezone: Europe/Paris
locales: [fr, en]
currency: EUR
country: FR
senders:
  shop: { channel: email, from: "Mesure <bonjour@mesure.example>", stream: marketing }
holdout: { share: ${holdout}, salt: ${SALT} }
random_control: { share: ${randomControl} }
`,
    'policies.yaml': `purposes:
  marketing: { basis: [opt_in, soft_opt_in, legitimate_interest_b2b] }
  service: { basis: [contract], ignores: [holdout], obeys: [suppression] }
caps: []
`,
    ...action('hello', { value: '1.0', country: 'FR' }),
    ...action('offer', { value: '2000.0', country: 'FR' }),
    ...action('foreign', { value: '1.0', country: 'DE' }),
  };
};

const asksOf = (holdout: string) =>
  scenario('ask', {
    holdout,
    goal: '{ on: order_completed, within: 14d, value: event.total }',
    steps: [
      '{ decide: { id: pick, actions: [hello, offer, foreign, nothing], fallback: hello } }',
      '{ deliver: { decision: pick } }',
    ],
  });

async function ask(world: EngineWorld, people: readonly string[]): Promise<void> {
  await world.send(people.map((user_id) => ({ name: 'ask_asked', ids: { user_id } })));
  await world.settle();
}

test('in random control the choice is uniform among the eligible, whatever they are worth', async () => {
  // Everybody is in the scenario's own holdout as well: the global group wins.
  const files = { ...shared('0%', '100%'), ...asksOf('100%') };
  await withFiles(store, files, async (world) => {
    await world.send(PEOPLE.flatMap((user) => known(user)));
    await world.send(known('abroad', { country: 'DE' }));
    await world.settle();
    await ask(world, [...PEOPLE, 'abroad']);
    const facts = await world.facts();
    const groups = ofKind(facts, 'enrolment').map(({ body }) => body.group);
    expect(new Set(groups)).toEqual(new Set(['random_control']));

    const decisions = ofKind(facts, 'decision').map(({ body }) => body);
    expect(decisions).toHaveLength(PEOPLE.length + 1);
    for (const { group, model, chosenPropensity, candidates, nEligible } of decisions) {
      expect([group, model]).toEqual(['random_control', 'random']);
      const eligible = candidates.filter(({ passed }) => passed);
      const isAbroad = eligible.some(({ action }) => action === 'foreign');
      expect(eligible.map(({ action }) => action)).toEqual(
        isAbroad ? ['foreign', 'nothing'] : ['hello', 'offer', 'nothing'],
      );
      expect(nEligible).toBe(eligible.length);
      for (const { propensity } of eligible) expect(propensity).toBe(1 / eligible.length);
      expect(chosenPropensity).toBe(1 / eligible.length);
      for (const lost of candidates.filter(({ passed }) => !passed)) {
        expect([lost.stage, lost.reason, lost.propensity]).toEqual([
          'eligibility',
          'not_eligible',
          0,
        ]);
      }
    }
    expect(decisions.filter(({ nEligible }) => nEligible === 2)).toHaveLength(1);

    const chosen = Map.groupBy(
      decisions.filter(({ nEligible }) => nEligible === 3),
      ({ chosenAction }) => chosenAction,
    );
    const mean = PEOPLE.length / 3;
    const chiSquare = [...chosen.values()].reduce(
      (sum, { length }) => sum + (length - mean) ** 2 / mean,
      0,
    );
    expect(chosen.size).toBe(3);
    // Two degrees of freedom: beyond this once in a thousand.
    expect(chiSquare).toBeLessThan(13.8);
    const sent = decisions.filter(({ chosenAction }) => chosenAction !== 'nothing');
    expect(world.mails).toHaveLength(sent.length);
  });
});

type Group = 'policy' | 'holdout' | 'random_control';

const SHARES = { holdout: 0.3, control: 0.3, own: 0.5 };

/** Of the workspace's groups and of the scenario's own, drawn here apart from the product. */
const drawsOf = (unit: string): readonly [Group, Group] => {
  const global = hashUnit('group', SALT, 'workspace', unit);
  const own = hashUnit('group', SALT, 'ask', unit);
  return [
    global < SHARES.holdout
      ? 'holdout'
      : global >= 1 - SHARES.control
        ? 'random_control'
        : 'policy',
    own < SHARES.own ? 'holdout' : 'policy',
  ];
};

const groupOf = (unit: string): Group => {
  const [global, own] = drawsOf(unit);
  return global === 'policy' ? own : global;
};

interface Person {
  [column: string]: unknown;
  readonly user: string;
  readonly profile_id: string;
  readonly group_unit: string;
}

const peopleOf = async (database: Database): Promise<readonly Person[]> =>
  (
    await database.query<Person>(
      `SELECT i.value_norm AS user, p.profile_id, p.group_unit
       FROM profile p JOIN node n USING (profile_id) JOIN profile_identity i USING (node_id)
       WHERE i.ns = 'user_id'`,
    )
  ).rows;

test('the global group wins over the scenario’s; the held-out get nothing and are in the results', async () => {
  const files = { ...shared('30%', '30%'), ...asksOf('50%') };
  await withFiles(store, files, async (world, database) => {
    await world.send(PEOPLE.flatMap((user) => known(user)));
    await world.settle();
    await ask(world, PEOPLE);
    const people = await peopleOf(database);
    expect(people).toHaveLength(PEOPLE.length);
    const groups = new Map(people.map((one) => [one.profile_id, groupOf(one.group_unit)]));
    const crossed = new Set(people.map((one) => drawsOf(one.group_unit).join(' ')));
    expect(crossed).toContain('holdout policy');
    expect(crossed).toContain('holdout holdout');
    expect(crossed).toContain('random_control holdout');
    expect(crossed).toContain('policy holdout');

    const facts = await world.facts();
    const entered = ofKind(facts, 'enrolment').filter(({ version }) => version === 1);
    expect(new Map(entered.map(({ profileId, body }) => [profileId, body.group]))).toEqual(groups);
    const isHeldOut = (profileId: string | null) => groups.get(profileId ?? '') === 'holdout';
    const heldOut = ofKind(facts, 'enrolment').filter(({ profileId }) => isHeldOut(profileId));
    expect(new Set(heldOut.map(({ body }) => body.state))).toEqual(new Set(['held_out']));
    for (const kind of ['step', 'decision', 'delivery', 'withheld'] as const) {
      expect(facts.filter((fact) => fact.kind === kind && isHeldOut(fact.profileId))).toEqual([]);
    }
    const writtenTo = new Set(world.mails.flatMap(({ to }) => to));
    const held = people.filter(({ profile_id: id }) => isHeldOut(id));
    expect(held.filter(({ user }) => writtenTo.has(`${user}@example.test`))).toEqual([]);
    // One mail is worth far more than the other: only the control is drawn evenly.
    for (const { body } of ofKind(facts, 'decision')) {
      const isEven = body.candidates.every(
        ({ passed, propensity }) => !passed || propensity === 1 / 3,
      );
      expect(isEven).toBe(body.group === 'random_control');
    }

    // Half of the people order, held out or not.
    world.clock.advance(HOUR_MS);
    const ordering = people.filter((_, at) => at % 2 === 0);
    await world.send(
      ordering.map(({ user }) =>
        order({ user_id: user }, { properties: { order_id: `o-${user}`, total: 80 } }),
      ),
    );
    await world.settle();
    world.clock.advance(15 * DAY_MS);
    await world.settle();
    expect(
      ofKind(await world.facts(), 'enrolment').filter(
        ({ profileId, body }) => isHeldOut(profileId) && body.endedAs === 'max_age',
      ),
    ).toHaveLength(held.length);

    await analytics.sink.migrate();
    const sink = new AnalyticsSink({
      reader: await world.engine.log.reader('analytics', ['facts']),
      writer: analytics.sink,
      work: database,
    });
    while ((await sink.runOnce(0)) > 0);
    const results = await analytics.reader.query<Record<string, unknown>>(
      `SELECT \`group\`, sum(entered) AS entered, sum(sent) AS sent, sum(converted) AS converted
       FROM relance.campaign_results WHERE scenario = 'ask' GROUP BY \`group\` ORDER BY \`group\``,
    );
    const expected = (['holdout', 'policy', 'random_control'] as const).map((group) => {
      const own = people.filter(({ profile_id: id }) => groups.get(id) === group);
      const mailed = own.filter(({ user }) => writtenTo.has(`${user}@example.test`));
      const converted = own.filter((one) => ordering.includes(one));
      return { group, entered: own.length, sent: mailed.length, converted: converted.length };
    });
    expect(results.map((row) => ({ ...row, group: row['group'] }))).toEqual(expected);
    const [lift] = await analytics.reader.query<Record<string, unknown>>(
      `SELECT treated, control, control_converted FROM relance.campaign_lift
       WHERE scenario = 'ask' AND period = 'all' AND compared_to = 'holdout'`,
    );
    expect(lift).toEqual({
      treated: expected[1]?.entered,
      control: expected[0]?.entered,
      control_converted: expected[0]?.converted,
    });
  });
});

const service = {
  'served.yaml': `scenario: served
name: { fr: Suivi, en: Service }
purpose: service
entry: { on: served_asked, reentry: always }
holdout: 50%
limits: { max_age: 30d }
steps:
  - emit: { event: was_served }
  - exit: done
`,
};

test('what is explained of somebody who never entered is the group that they would be in', async () => {
  const database = await store.fresh();
  const files = { ...shared('30%', '30%'), ...asksOf('50%'), ...service };
  const world = await consoleWorld(database, { workspace, startMs: MONDAY_MS, files });
  await world.engine.send(PEOPLE.flatMap((user) => known(user)));
  await world.engine.settle();
  const people = await peopleOf(database);
  const crossed = Map.groupBy(people, ({ group_unit: unit }) => drawsOf(unit).join(' '));
  expect([...crossed.keys()]).toContain('random_control holdout');
  const explained = async (user: string, of: string): Promise<string> => {
    const path = `/api/explain?profile=user_id:${user}&scenario=${of}`;
    return (await world.ask(path, { key: HOME_KEY, locale: 'en' })).text;
  };
  for (const [draws, [one]] of crossed) {
    const { user, group_unit: unit } = one ?? { user: '', group_unit: '' };
    const told = await explained(user, 'ask');
    expect(told).toContain('Has never entered');
    expect(told.includes('Would be in the holdout'), draws).toBe(groupOf(unit) === 'holdout');
    expect(await explained(user, 'served')).not.toContain('Would be in the holdout.');
  }
  await world.engine.send(
    people.map(({ user }) => ({ name: 'served_asked', ids: { user_id: user } })),
  );
  await world.engine.settle();
  const facts = await world.engine.facts();
  const served = ofKind(facts, 'enrolment');
  expect(new Set(served.map(({ body }) => body.group))).toEqual(new Set(['policy']));
  // What the check of sample ratios expects is what is drawn.
  const shares = ofKind(facts, 'scenario').map(({ body }) => [body.scenario, body.groupShares]);
  expect(Object.fromEntries(shares)).toMatchObject({
    served: { holdout: 0, random_control: 0, policy: 1 },
    ask: {
      holdout: expect.closeTo(0.3 + 0.4 * 0.5, 9) as number,
      random_control: expect.closeTo(0.3, 9) as number,
      policy: expect.closeTo(0.4 * 0.5, 9) as number,
    },
  });
  await world.close();
});
