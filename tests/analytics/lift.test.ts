import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { factOf, START_MS } from './facts.js';
import { inEuros, sum, writeRuns, type Run } from './runs.js';
import { openWorld, type World } from './world.js';

const DAY_MS = 86_400_000;

let runs: readonly Run[];
let world: World;

beforeAll(async () => {
  world = await openWorld();
  ({ runs } = await writeRuns(world));
});

afterAll(() => world.close());

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
