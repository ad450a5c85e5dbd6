import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '#libs/contracts';
import { factOf } from './facts.js';
import { inEuros, sum, writeRuns, type Run } from './runs.js';
import { openWorld, type World } from './world.js';

let facts: readonly Fact[];
let runs: readonly Run[];
let world: World;

beforeAll(async () => {
  world = await openWorld();
  ({ facts, runs } = await writeRuns(world));
});

afterAll(() => world.close());

describe('campaign_results', () => {
  it('adds up, over any grouping, to what happened', async () => {
    const rows = await world.reader.query<Record<string, number | string>>(
      `SELECT scenario, \`group\`, sum(entered) AS entered, sum(sent) AS sent, sum(delivered) AS delivered,
              sum(human_clicks) AS clicks, sum(converted) AS converted,
              sumIf(revenue, currency = 'EUR') AS eur, sumIf(revenue, currency = 'GBP') AS gbp, sum(cost) AS cost
       FROM relance.campaign_results GROUP BY scenario, \`group\` ORDER BY scenario, \`group\``,
    );
    const expected = ['welcome', 'winback'].flatMap((scenario) =>
      ['holdout', 'policy', 'random_control'].map((group) => {
        const own = runs.filter(
          ({ fact }) => fact.body.scenario === scenario && fact.body.group === group,
        );
        const revenue = (currency: string): number =>
          sum(
            own
              .flatMap(({ orders }) => orders)
              .filter((order) => order.currency === currency)
              .map(({ value }) => value),
          );
        return {
          scenario,
          group,
          entered: own.length,
          sent: sum(own.map((run) => run.sent)),
          delivered: sum(own.map((run) => run.delivered)),
          clicks: sum(own.map((run) => run.clicked)),
          converted: own.filter(({ orders }) => orders.length > 0).length,
          eur: revenue('EUR'),
          gbp: revenue('GBP'),
          cost: sum(own.map((run) => run.sent)) * 0.01,
        };
      }),
    );
    expect(rows.length).toBe(6);
    rows.forEach((row, index) => {
      for (const [key, value] of Object.entries(expected[index] ?? {})) {
        if (typeof value === 'number')
          expect(Number(row[key]), `${index} ${key}`).toBeCloseTo(value, 6);
        else expect(row[key]).toBe(value);
      }
    });
  });

  it('has one row a cohort and currency, counts only on the main currency', async () => {
    const [check] = await world.reader.query<{ rows: number; keys: number; strays: number }>(
      `SELECT count() AS rows, uniqExact(scenario, definition, \`group\`, entry_day, currency) AS keys,
              countIf(currency != 'EUR' AND entered + sent + converted > 0) AS strays
       FROM relance.campaign_results`,
    );
    expect(check?.rows).toBe(check?.keys);
    expect(check?.strays).toBe(0);
  });

  it('matures when the last window of the cohort closes', async () => {
    const [row] = await world.reader.query<{ ripe: string }>(
      "SELECT max(matures_at) AS ripe FROM relance.campaign_results WHERE scenario = 'welcome'",
    );
    const last = Math.max(
      ...runs
        .filter(({ fact }) => fact.body.scenario === 'welcome')
        .map(({ fact }) => fact.body.maturesAtMs ?? 0),
    );
    expect(row?.ripe).toBe(new Date(last).toISOString().replace('T', ' ').slice(0, 23));
  });
});

describe('the other views', () => {
  it('account_results tells what campaigns did for an account', async () => {
    const rows = await world.reader.query<Record<string, number | string>>(
      "SELECT * FROM relance.account_results WHERE account_id = 'a1' AND scenario = 'welcome' ORDER BY currency",
    );
    const own = runs.filter(
      ({ fact }) =>
        fact.body.accountId === 'a1' &&
        fact.body.scenario === 'welcome' &&
        fact.body.group !== 'holdout',
    );
    expect(rows[0]).toMatchObject({
      account: 'Hôtel d’Aval',
      owner: 'rep@example.test',
      currency: '',
      sent: sum(own.map(({ sent }) => sent)),
      delivered: sum(own.map(({ delivered }) => delivered)),
      human_clicks: sum(own.map(({ clicked }) => clicked)),
      orders: sum(own.map(({ orders }) => orders.length)),
    });
    const euros = rows.find(({ currency }) => currency === 'EUR');
    expect(Number(euros?.['revenue'])).toBeCloseTo(sum(own.map(inEuros)), 6);
    const [tasks] = await world.reader.query(
      "SELECT sum(open_tasks) AS open FROM relance.account_results WHERE account_id = 'a1'",
    );
    expect(tasks).toEqual({ open: 1 });
  });

  it('decision_funnel counts candidates with their reasons', async () => {
    expect(
      await world.reader.query(
        'SELECT action, treatment, stage, reason, candidates, passed, chosen, expected FROM relance.decision_funnel ORDER BY treatment',
      ),
    ).toEqual([
      {
        action: 'gift',
        treatment: 'email',
        stage: 'arbitration',
        reason: '',
        candidates: 2,
        passed: 2,
        chosen: 2,
        expected: 1.24,
      },
      {
        action: 'gift',
        treatment: 'sms',
        stage: 'consent',
        reason: 'no_consent',
        candidates: 2,
        passed: 0,
        chosen: 0,
        expected: 0,
      },
    ]);
  });

  it('deliverability counts each message once', async () => {
    const [row] = await world.reader.query<Record<string, number>>(
      'SELECT sum(messages) AS messages, sum(sent) AS sent, sum(delivered) AS delivered FROM relance.deliverability',
    );
    expect(row).toEqual({
      messages: facts.filter(({ kind }) => kind === 'delivery').length,
      sent: sum(runs.map(({ sent }) => sent)),
      delivered: sum(runs.map(({ delivered }) => delivered)),
    });
  });

  it('freshness tells how far each table is behind', async () => {
    await world.sink.insert([factOf('score')], { appendedAtMs: Date.now() - 2_000 });
    const [row] = await world.reader.query<Record<string, number | string>>(
      "SELECT table, newest_at, rows_written, behind_p99_ms FROM relance.freshness WHERE table = 'scores'",
    );
    expect(row).toMatchObject({
      table: 'scores',
      newest_at: '2026-11-12 10:00:00.000',
      rows_written: 1,
    });
    expect(Number(row?.['behind_p99_ms'])).toBeGreaterThanOrEqual(2_000);
    expect(Number(row?.['behind_p99_ms'])).toBeLessThan(7_000);
  });
});
