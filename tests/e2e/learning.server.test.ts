import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#libs/adapter-postgres';
import {
  decide,
  DEFAULT_PRIOR,
  NOTHING,
  type CandidateInput,
  type CandidateRecord,
  type DecisionRecord,
} from '#libs/decision';
import { appealOf, policyTruth } from '#libs/sample';
import { openTestStore, type TestStore } from '#libs/testkit';
import type { EngineWorld } from '../engine/world.js';
import { liveSample } from './sample.js';

const SEED = 'learning';
const BETTER = 'cart-free-delivery';
/** Of the choices of the last third between three actions or more, of which one is the better. */
const SHARE = 0.7;

let store: TestStore;
let database: Database;
let world: EngineWorld;
let records: readonly DecisionRecord[];

/**
 * The sample as it is shipped: its workspace untouched, its 2,000 people, 60 accounts and 90 days of
 * past, every scenario, cap and consent at work. Three things differ, for the sake of time and of
 * repetition: three weeks are lived instead of hours of looking on, the engine looks at what people
 * did every three hours of theirs instead of all the time, and the seed is the test's own.
 */
beforeAll(async () => {
  console.info(`learning: seed ${SEED}`);
  store = await openTestStore();
  database = await store.fresh(10);
  world = await liveSample(database, {
    workspace: 'scenarios',
    startMs: Date.parse('2026-03-30T08:00:00+02:00'),
    seed: SEED,
    people: 2_000,
    accounts: 60,
    days: 21,
    stepMs: 3 * 3_600_000,
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
  const rescues = records.filter(({ stepId, model }) => stepId === 'rescue' && model === 'betaTS');
  const passed = ({ candidates }: DecisionRecord): ReadonlySet<string> =>
    new Set(candidates.filter((one) => one.passed).map(({ action }) => action));
  const open = rescues.filter((record) => passed(record).size >= 3 && passed(record).has(BETTER));

  // What the visitors hide: which action is worth most, by its true chance and what it brings.
  const { chances } = policyTruth('cart').overall;
  const rows = open.flatMap(({ candidates }) => candidates);
  const worthOf = (wanted: string): number => {
    const gains = rows
      .filter(({ action }) => action === wanted)
      .map(({ value, cost }) => chances[appealOf(wanted)] * value - cost);
    return gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  };
  for (const action of new Set(rows.map((row) => row.action))) {
    if (action === BETTER || action === NOTHING) continue;
    expect(worthOf(BETTER), action).toBeGreaterThan(1.3 * worthOf(action));
  }

  const shareOf = (some: readonly DecisionRecord[]): number =>
    some.filter(({ chosenAction }) => chosenAction === BETTER).length / Math.max(1, some.length);
  const third = Math.floor(open.length / 3);
  const [first, last] = [shareOf(open.slice(0, third)), shareOf(open.slice(-third))];
  console.info(
    `${open.length} choices; better: first third ${first.toFixed(2)}, last ${last.toFixed(2)}`,
  );
  expect(open.length).toBeGreaterThan(200);
  expect(last).toBeGreaterThan(SHARE);
  expect(last).toBeGreaterThan(first);
});

/** As the log holds it; read here without the contract, and counted without the learner. */
interface RewardText {
  readonly kind: string;
  readonly id: string;
  readonly version: number;
  readonly atMs: number;
  readonly body: {
    readonly scenario: string;
    readonly stepId: string;
    readonly action: string;
    readonly treatment: string;
    readonly value: number;
    readonly isFinal: boolean;
  };
}

interface Taught {
  readonly key: string;
  readonly atMs: number;
  readonly success: number;
}

/**
 * The first word on each reward: 1 where the decision brought something, 0 where its window closed
 * on nothing. Doing nothing is scored 0 and learns nothing.
 */
async function taught(): Promise<readonly Taught[]> {
  const rows = await database.query<{ value: string }>(
    `SELECT value FROM log_facts WHERE value::jsonb->>'kind' = 'reward'`,
  );
  const firsts = new Map<string, RewardText>();
  for (const { value } of rows.rows) {
    const fact = JSON.parse(value) as RewardText;
    const known = firsts.get(fact.id);
    if (known === undefined || fact.version < known.version) firsts.set(fact.id, fact);
  }
  return [...firsts.values()]
    .filter(({ body }) => body.action !== 'nothing')
    .map(({ atMs, body }) => ({
      key: [body.scenario, body.stepId, body.action, body.treatment].join('/'),
      atMs,
      success: body.value > 0 ? 1 : 0,
    }));
}

test('the posterior is what the facts alone give', async () => {
  const counts = new Map<string, { successes: number; failures: number }>();
  for (const { key, success } of await taught()) {
    const { successes, failures } = counts.get(key) ?? { successes: 0, failures: 0 };
    counts.set(key, { successes: successes + success, failures: failures + 1 - success });
  }
  const kept = await database.query<{ key: string; successes: number; failures: number }>(
    `SELECT concat_ws('/', scenario, step_id, action, treatment) AS key, successes, failures
     FROM posterior`,
  );
  expect(new Map(kept.rows.map(({ key, ...rest }) => [key, rest]))).toEqual(counts);
  expect(kept.rows.length).toBeGreaterThan(8);
});

/** Mean and spread of Beta(1 + successes, 1 + failures): the prior is flat. */
function beta(successes: number, failures: number): { mean: number; sd: number } {
  const [a, b] = [1 + successes, 1 + failures];
  const variance = (a * b) / ((a + b) ** 2 * (a + b + 1));
  return { mean: a / (a + b), sd: Math.sqrt(variance) };
}

test('each decision was drawn from the posterior that the facts gave by then', async () => {
  const lessons = Map.groupBy(await taught(), ({ key }) => key);
  let compared = 0;
  for (const { scenario, stepId, model, atMs, candidates } of records) {
    if (model !== 'betaTS') continue;
    for (const { action, treatment, pRaw, sd } of candidates) {
      if (action === NOTHING || pRaw === null || sd === null) continue;
      const known = lessons.get([scenario, stepId, action, treatment].join('/')) ?? [];
      const before = known.filter((one) => one.atMs < atMs);
      // What the same instant taught may have been read before or after.
      const meanwhile = known.filter((one) => one.atMs === atMs);
      const sum = (some: readonly Taught[]) =>
        some.reduce((total, { success }) => total + success, 0);
      const [s, n] = [sum(before), before.length];
      const [moreS, moreN] = [sum(meanwhile), meanwhile.length];
      let isFound = false;
      for (let i = 0; i <= moreS; i += 1) {
        for (let j = 0; j <= moreN - moreS; j += 1) {
          const { mean, sd: spread } = beta(s + i, n - s + j);
          isFound ||= Math.abs(mean - pRaw) < 1e-12 && Math.abs(spread - sd) < 1e-12;
        }
      }
      expect(isFound, `${scenario} ${action} at ${atMs}: ${pRaw} of ${s} in ${n}`).toBe(true);
      compared += n > 0 ? 1 : 0;
    }
  }
  expect(compared).toBeGreaterThan(1_000);
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
