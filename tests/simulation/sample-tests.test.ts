import { describe, expect, it } from 'vitest';
import { runSample } from './sample.js';

describe('the tests of the sample scenarios', () => {
  it('pass, and take every branch of every scenario', async () => {
    const { reports, coverage } = await runSample();
    const failed = reports.filter(({ failures }) => failures.length > 0);
    expect(failed.map(({ test, failures }) => [test.name, failures])).toEqual([]);
    expect(coverage.map(({ scenario }) => scenario)).toEqual([
      'abandoned-cart',
      'b2b-reorder',
      'welcome',
      'win-back',
    ]);
    for (const { scenario, branches, untaken } of coverage) {
      expect(branches.length, scenario).toBeGreaterThan(8);
      expect(untaken, scenario).toEqual([]);
    }
  });

  it('give the same reports each time', async () => {
    const [first, second] = [await runSample(), await runSample()];
    expect(second.reports).toEqual(first.reports);
  });

  const mutations: readonly (readonly [string, string, readonly [string, string]])[] = [
    ['another hour', 'abandoned-cart.yaml', ['"18:30"', '"19:30"']],
    ['a weekend day more', 'abandoned-cart.yaml', ['wed, thu, fri]', 'wed, thu, fri, sun]']],
    ['a longer wait', 'abandoned-cart.yaml', ['up_to: 20h', 'up_to: 40h']],
    [
      'no exit on a complaint',
      'welcome.yaml',
      ['enters: complaint_open', 'leaves: complaint_open'],
    ],
    [
      'a condition turned round',
      'welcome.yaml',
      ['when: has(profile.birthday)', 'when: "!has(profile.birthday)"'],
    ],
    ['a smaller least total', 'abandoned-cart.yaml', ['>= 30.0', '>= 20.0']],
    ['no re-entry after long', 'abandoned-cart.yaml', ['after: 7d', 'after: 1d']],
    ['another aggregate', 'abandoned-cart.yaml', ['orders_365d >= 3', 'orders_30d >= 3']],
    [
      'no quiet hours',
      'policies.yaml',
      ['from: "07:00", to: "21:00"', 'from: "00:00", to: "24:00"'],
    ],
    ['another segment', 'segments/dormant.yaml', ['> 180.0', '> 170.0']],
    ['another number of orders', 'segments/reorder-due.yaml', ['>= 2', '>= 3']],
  ];

  for (const [what, file, change] of mutations) {
    it(`notice ${what}`, async () => {
      const { reports } = await runSample({ [file]: change });
      expect(reports.some(({ failures }) => failures.length > 0)).toBe(true);
    });
  }
});
