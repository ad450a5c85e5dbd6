import { afterAll, beforeAll, expect, test } from 'vitest';
import { lessonOf, sumLessons } from '#libs/application';
import type { Database } from '#libs/adapter-postgres';
import {
  decide,
  DEFAULT_PRIOR,
  NOTHING,
  type CandidateInput,
  type CandidateRecord,
  type DecisionRecord,
} from '#libs/decision';
import { policyTruth } from '#libs/sample';
import { openTestStore, type TestStore } from '#libs/testkit';
import { ofKind, type EngineWorld } from '../engine/world.js';
import { policies } from './scenarios.js';
import { liveSample } from './sample.js';

const SEED = 'learning';
/** Of the choices of the last days; chance alone gives a half. */
const SHARE = 0.7;

const action = (id: string): Readonly<Record<string, string>> => ({
  [`actions/${id}.yaml`]: `action: ${id}
name: { fr: ${id}, en: ${id} }
issue: retention
value: 20.0
cost: { email: 0.001 }
treatments:
  - { channel: email, template: ${id}, sender: shop }
`,
});

const files = {
  ...policies(),
  ...action('cart-reminder'),
  ...action('cart-free-delivery'),
  'win-back.yaml': null,
  'b2b-reorder.yaml': null,
  'welcome.yaml': null,
  'abandoned-cart.yaml': `scenario: abandoned-cart
name: { fr: Panier, en: Cart }
purpose: marketing
entry: { on: cart_updated, when: event.total >= 10.0, key: event.cart_id, reentry: never }
limits: { max_age: 30d }
steps:
  - wait: 1h
  - decide:
      id: rescue
      actions: [cart-reminder, cart-free-delivery]
      reward: { on: order_completed, when: event.cart_id == entry.cart_id, within: 2d }
      fallback: cart-reminder
  - deliver: { decision: rescue }
  - exit: done
`,
};

let store: TestStore;
let database: Database;
let world: EngineWorld;
let records: readonly DecisionRecord[];

beforeAll(async () => {
  console.info(`learning: seed ${SEED}`);
  store = await openTestStore();
  database = await store.fresh(10);
  world = await liveSample(database, {
    workspace: 'scenarios',
    startMs: Date.parse('2026-03-30T08:00:00+02:00'),
    seed: SEED,
    people: 1_000,
    accounts: 3,
    days: 26,
    pastDays: 3,
    stepMs: 3 * 3_600_000,
    files,
  });
  const rows = await database.query<{ record: string }>(
    'SELECT record FROM decision ORDER BY decided_at_ms, id',
  );
  records = rows.rows.map((row) => JSON.parse(row.record) as DecisionRecord);
}, 420_000);
afterAll(async () => {
  await world.close();
  await store.close();
});

test('the better action comes to be chosen', () => {
  const { chances } = policyTruth('cart').overall;
  expect(chances.delivery).toBeGreaterThan(chances.reminder * 1.5);
  const chosen = records
    .filter(({ model, chosenAction }) => model === 'betaTS' && chosenAction !== null)
    .map((record) => record.chosenAction === 'cart-free-delivery');
  const shareOf = (some: readonly boolean[]): number =>
    some.filter(Boolean).length / Math.max(1, some.length);
  const last = chosen.slice(-Math.floor(chosen.length / 3));
  console.info(
    `${chosen.length} choices; better: first third ${shareOf(chosen.slice(0, last.length)).toFixed(2)}, last ${shareOf(last).toFixed(2)}`,
  );
  expect(shareOf(last)).toBeGreaterThan(SHARE);
});

test('the posterior is what the facts teach', async () => {
  const lessons = sumLessons(
    ofKind(await world.facts(), 'reward').flatMap((fact) => lessonOf(fact) ?? []),
  );
  const kept = await database.query(
    `SELECT scenario, step_id AS "stepId", action, treatment, successes, failures
     FROM posterior ORDER BY action`,
  );
  const ordered = [...lessons].sort((one, other) => (one.action < other.action ? -1 : 1));
  expect(kept.rows).toEqual(ordered);
  expect(kept.rows).toHaveLength(2);
});

/** The outcomes a candidate's mean and spread were computed from. */
function posteriorOf(row: CandidateRecord): Pick<CandidateInput, 'posterior'> {
  if (row.pRaw === null || row.sd === null) return {};
  const total = (row.pRaw * (1 - row.pRaw)) / row.sd ** 2 - 1;
  const successes = Math.round(row.pRaw * total - DEFAULT_PRIOR.successes);
  const failures = Math.round((1 - row.pRaw) * total - DEFAULT_PRIOR.failures);
  return { posterior: { successes, failures } };
}

function inputOf(row: CandidateRecord): CandidateInput {
  const { action: id, treatment, channel, value, cost, lever, contextWeight } = row;
  const filters = row.passed
    ? []
    : [{ stage: row.stage, passed: false, reason: row.reason } as CandidateInput['filters'][0]];
  const base = { action: id, treatment, channel, value, cost, lever, contextWeight };
  return { ...base, filters, ...(id === NOTHING ? {} : posteriorOf(row)) };
}

test('logged decisions decided anew from what was stored: the same choice, the same chances', () => {
  // A deadline or a fault is no part of what a record can be decided from.
  const usable = records.filter(
    ({ fallbackReason }) => fallbackReason === null || fallbackReason === 'no_candidate',
  );
  expect(usable.length).toBeGreaterThanOrEqual(500);
  for (const record of usable) {
    const { enrolmentId, currency, ...rest } = record;
    const again = decide({
      ...rest,
      ...(enrolmentId === null ? {} : { enrolmentId }),
      ...(currency === null ? {} : { currency }),
      candidates: record.candidates.map(inputOf),
    });
    expect([again.chosenAction, again.chosenTreatment]).toEqual([
      record.chosenAction,
      record.chosenTreatment,
    ]);
    again.candidates.forEach((row, at) => {
      expect(row.propensity).toBeCloseTo(record.candidates[at]?.propensity ?? -1, 9);
    });
  }
});

test('chances sum to 1, and every candidate that lost says where and why', () => {
  for (const { candidates, fallbackReason, chosenIndex } of records) {
    const sum = candidates.reduce((total, row) => total + row.propensity, 0);
    if (fallbackReason === null) expect(sum).toBeCloseTo(1, 9);
    candidates.forEach((row, at) => {
      if (at === chosenIndex) return;
      expect(row.stage).not.toBe('');
      expect(row.stage).not.toBe('output');
      expect(row.reason).not.toBe('');
    });
  }
});
