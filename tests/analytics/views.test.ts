import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EnrolmentFact, Fact } from '#libs/contracts';
import { seededRandom } from '#libs/kernel';
import { factOf, START_MS } from './facts.js';
import { openWorld, type World } from './world.js';

const DAY_MS = 86_400_000;
const GROUPS = ['policy', 'policy', 'policy', 'policy', 'holdout', 'random_control'] as const;
const SHARES = { policy: 4 / 6, holdout: 1 / 6, random_control: 1 / 6 };

interface Run {
  readonly fact: EnrolmentFact;
  readonly month: string;
  readonly orders: readonly { readonly value: number; readonly currency: string }[];
  readonly sent: number;
  readonly delivered: number;
  readonly clicked: number;
}

const facts: Fact[] = [];
let runs: readonly Run[];
let world: World;

function aRun(index: number, random: () => number): Run {
  const enteredAtMs = START_MS + Math.floor(random() * 60) * DAY_MS;
  const group = GROUPS[Math.floor(random() * GROUPS.length)] ?? 'policy';
  const id = `e${index}`;
  const fact = factOf('enrolment', {
    id,
    version: 2,
    profileId: `p${index}`,
    body: {
      scenario: index % 2 === 0 ? 'welcome' : 'winback',
      group,
      enteredAtMs,
      maturesAtMs: enteredAtMs + 14 * DAY_MS,
      accountId: index % 5 === 0 ? 'a1' : null,
    },
  });
  facts.push({ ...fact, version: 1, body: { ...fact.body, state: 'running' } }, fact);
  const isTreated = group !== 'holdout';
  const orders = Array.from(
    { length: random() < (isTreated ? 0.4 : 0.2) ? 1 + Math.floor(random() * 2) : 0 },
    () => ({
      value: Math.round(random() * 20_000) / 100 + 1,
      currency: random() < 0.2 ? 'GBP' : 'EUR',
    }),
  );
  orders.forEach(({ value, currency }, nth) => {
    const body = {
      atMs: enteredAtMs + DAY_MS,
      value: value.toFixed(2),
      currency,
      eventId: `${id}-order-${nth}`,
      enrolmentId: id,
      scenario: fact.body.scenario,
      accountId: fact.body.accountId,
    };
    const goal = isTreated ? 'goal' : 'holdout';
    facts.push(
      factOf('outcome', {
        id: `${id}-o${nth}`,
        profileId: `p${index}`,
        body: { ...body, attributedBy: goal },
      }),
    );
    // The same order credited to a message as well must not count twice.
    if (isTreated) {
      const credit = { ...body, attributedBy: 'last_touch' as const, deliveryId: `${id}-d0` };
      facts.push(factOf('outcome', { id: `${id}-c${nth}`, profileId: `p${index}`, body: credit }));
    }
  });
  const messages = isTreated ? 1 + Math.floor(random() * 3) : 0;
  let [sent, delivered, clicked] = [0, 0, 0];
  for (let nth = 0; nth < messages; nth += 1) {
    const state =
      (['withheld', 'delivered', 'bounced', 'accepted', 'failed'] as const)[
        Math.floor(random() * 5)
      ] ?? 'failed';
    const deliveryId = `${id}-d${nth}`;
    const body = {
      enrolmentId: id,
      scenario: fact.body.scenario,
      accountId: fact.body.accountId,
      state,
      intendedAtMs: enteredAtMs,
      cost: '0.0100',
    };
    facts.push(factOf('delivery', { id: deliveryId, profileId: `p${index}`, body }));
    if (state === 'delivered' || state === 'bounced' || state === 'accepted') sent += 1;
    if (state !== 'delivered') continue;
    delivered += 1;
    const kinds =
      random() < 0.5
        ? (['clicked', 'clicked', 'bot_clicked'] as const)
        : (['bot_clicked'] as const);
    if (kinds.length > 1) clicked += 1;
    kinds.forEach((deliveryEventKind, click) => {
      facts.push(
        factOf('delivery_event', {
          id: `${deliveryId}-${click}`,
          profileId: `p${index}`,
          body: {
            deliveryId,
            deliveryEventKind,
            enrolmentId: id,
            scenario: fact.body.scenario,
            atMs: enteredAtMs + 1_000,
          },
        }),
      );
    });
  }
  const month = new Date(enteredAtMs).toISOString().slice(0, 7);
  return { fact, month, orders, sent, delivered, clicked };
}

beforeAll(async () => {
  world = await openWorld();
  await world.sink.migrate();
  const random = seededRandom('analytics views', '1');
  runs = Array.from({ length: 400 }, (_, index) => aRun(index, random));
  for (const scenario of ['welcome', 'winback']) {
    facts.push(
      factOf('scenario', { id: `${scenario}@d1`, body: { scenario, groupShares: SHARES } }),
    );
  }
  facts.push(
    factOf('account', { id: 'a1' }),
    factOf('task', { id: 't1', body: { scenario: 'welcome' } }),
  );
  facts.push(factOf('decision', { id: 'd1' }), factOf('decision', { id: 'd2' }));
  await world.sink.insert(facts);
  await world.sink.insert(facts.slice(0, 300));
});

afterAll(() => world.close());

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

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

interface Lift {
  readonly period: string;
  readonly treated: number;
  readonly control: number;
  readonly treated_converted: number;
  readonly control_converted: number;
  readonly lift: number;
  readonly lift_low: number;
  readonly lift_high: number;
  readonly revenue_lift: number;
  readonly revenue_lift_low: number;
  readonly sample_ratio_p: number;
  readonly sample_ratio_ok: number;
}

const Z = 1.959964;

/** Wilson's interval, written apart from the SQL: the roots of (p - q)^2 = z^2 q (1 - q) / n. */
function wilson(hits: number, total: number): [number, number] {
  const [a, b, c] = [total + Z * Z, 2 * hits + Z * Z, (hits * hits) / total];
  const root = Math.sqrt(b * b - 4 * a * c);
  return [(b - root) / (2 * a), (b + root) / (2 * a)];
}

const inEuros = ({ orders }: Run): number =>
  sum(orders.filter(({ currency }) => currency === 'EUR').map(({ value }) => value));

describe('campaign_lift', () => {
  it.each(['all', '2026-11', '2026-12'])(
    'tells lift with its interval, period %s',
    async (period) => {
      const [row] = await world.reader.query<Lift>(
        "SELECT * FROM relance.campaign_lift WHERE scenario = 'welcome' AND compared_to = 'holdout' AND period = {period:String}",
        { period },
      );
      const own = runs.filter(
        ({ fact, month }) =>
          fact.body.scenario === 'welcome' && (period === 'all' || month === period),
      );
      const [treated, control] = ['policy', 'holdout'].map((group) =>
        own.filter(({ fact }) => fact.body.group === group),
      );
      const hits = (some: readonly Run[] = []): number =>
        some.filter(({ orders }) => orders.length > 0).length;
      const [n1, n2, k1, k2] = [
        treated?.length ?? 0,
        control?.length ?? 0,
        hits(treated),
        hits(control),
      ];
      expect([row?.treated, row?.control, row?.treated_converted, row?.control_converted]).toEqual([
        n1,
        n2,
        k1,
        k2,
      ]);
      const lift = k1 / n1 - k2 / n2;
      const [[l1, u1], [l2, u2]] = [wilson(k1, n1), wilson(k2, n2)];
      expect(row?.lift).toBeCloseTo(lift, 9);
      expect(row?.lift_low).toBeCloseTo(lift - Math.hypot(k1 / n1 - l1, u2 - k2 / n2), 9);
      expect(row?.lift_high).toBeCloseTo(lift + Math.hypot(u1 - k1 / n1, k2 / n2 - l2), 9);
      const mean = (some: readonly Run[] = []): number => sum(some.map(inEuros)) / some.length;
      const variance = (some: readonly Run[] = []): number =>
        sum(some.map((run) => (inEuros(run) - mean(some)) ** 2)) / (some.length - 1);
      const spread = Math.sqrt(variance(treated) / n1 + variance(control) / n2);
      expect(row?.revenue_lift).toBeCloseTo(mean(treated) - mean(control), 6);
      expect(row?.revenue_lift_low).toBeCloseTo(mean(treated) - mean(control) - Z * spread, 6);
      expect(row?.sample_ratio_p).toBeGreaterThan(0.001);
      expect(row?.sample_ratio_ok).toBe(1);
    },
  );

  it('sees a split that is not what was asked for, and says nothing without shares', async () => {
    const many = (scenario: string, group: 'policy' | 'holdout', size: number) =>
      Array.from({ length: size }, (_, index) =>
        factOf('enrolment', {
          id: `${scenario}-${group}-${index}`,
          profileId: `${scenario}-${group}-${index}`,
          body: { scenario, group },
        }),
      );
    await world.sink.insert([
      factOf('scenario', {
        id: 'skewed@d1',
        body: { scenario: 'skewed', groupShares: { policy: 0.5, holdout: 0.5 } },
      }),
      factOf('scenario', { id: 'silent@d1', body: { scenario: 'silent', groupShares: {} } }),
      ...many('skewed', 'policy', 600),
      ...many('skewed', 'holdout', 400),
      ...many('silent', 'policy', 60),
      ...many('silent', 'holdout', 40),
    ]);
    const rows = await world.reader.query(
      `SELECT scenario, sample_ratio_ok, sample_ratio_p < 0.000001 AS tiny FROM relance.campaign_lift
       WHERE scenario IN ('skewed', 'silent') AND period = 'all' ORDER BY scenario`,
    );
    expect(rows).toEqual([
      { scenario: 'silent', sample_ratio_ok: null, tiny: null },
      { scenario: 'skewed', sample_ratio_ok: 0, tiny: 1 },
    ]);
  });

  it('counts a person once a period, however often they entered', async () => {
    await world.sink.insert(
      ['policy', 'holdout'].flatMap((group) =>
        [1, 2, 3].map((visit) =>
          factOf('enrolment', {
            id: `again-${group}-${visit}`,
            profileId: `again-${group}`,
            body: {
              scenario: 'again',
              group: group as 'policy' | 'holdout',
              enteredAtMs: START_MS + visit * DAY_MS,
            },
          }),
        ),
      ),
    );
    const rows = await world.reader.query(
      "SELECT treated, control FROM relance.campaign_lift WHERE scenario = 'again' AND period = 'all'",
    );
    expect(rows).toEqual([{ treated: 1, control: 1 }]);
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
