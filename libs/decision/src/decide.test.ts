import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.js';
import { recordFallback } from './fallback.js';
import { chiSquareTail } from './numeric/special.js';
import { excludeAndRedraw } from './redraw.js';
import { REASONS, STAGES, type StageVerdict } from './stages.js';
import type { CandidateInput, DecideInput, DecisionRecord, Group } from './types.js';

const NOTHING_LISTED: CandidateInput = {
  action: 'nothing',
  treatment: null,
  channel: null,
  filters: [],
  value: 0,
  cost: 0,
};

function candidate(action: string, extra: Partial<CandidateInput> = {}): CandidateInput {
  return {
    action,
    treatment: 'email',
    channel: 'email',
    filters: [{ stage: 'available', passed: true }],
    value: 10,
    cost: 0.01,
    posterior: { successes: 20, failures: 480 },
    ...extra,
  };
}

function input(extra: Partial<DecideInput> = {}): DecideInput {
  return {
    decisionId: 'd1',
    seed: 's1',
    atMs: 1_800_000_000_000,
    scenario: 'abandoned-cart',
    definition: 'hash',
    stepId: 'rescue',
    profileId: 'p1',
    group: 'policy',
    model: 'betaTS',
    modelVersion: 'm1',
    policy: 'v1',
    currency: 'EUR',
    candidates: [candidate('reminder'), candidate('offer', { value: 12 }), NOTHING_LISTED],
    ...extra,
  };
}

const refused: StageVerdict = { stage: 'consent', passed: false, reason: 'consent_unknown' };

const anyCandidate: fc.Arbitrary<CandidateInput> = fc.record({
  action: fc.constantFrom('a', 'b', 'c', 'nothing'),
  treatment: fc.constantFrom('email', 'sms'),
  channel: fc.constantFrom('email', 'sms'),
  filters: fc.constantFrom<readonly StageVerdict[]>([], [], [refused]),
  value: fc.double({ min: 0, max: 100, noNaN: true }),
  cost: fc.double({ min: 0, max: 2, noNaN: true }),
  lever: fc.constantFrom(1, 1.2),
  posterior: fc.record({
    successes: fc.integer({ min: 0, max: 5_000 }),
    failures: fc.integer({ min: 0, max: 100_000 }),
  }),
});

const anyInput: fc.Arbitrary<DecideInput> = fc
  .record({
    candidates: fc.array(anyCandidate, { maxLength: 8 }),
    group: fc.constantFrom<Group>('policy', 'random_control', 'rules', 'holdout'),
    model: fc.constantFrom('betaTS' as const, 'random' as const, 'rules' as const),
    seed: fc.string(),
    floor: fc.constantFrom(0, 0.05, 0.3),
    businessAsUsual: fc.constantFrom('a', 'b', 'nothing'),
  })
  .map((parts) => input(parts));

function expectSound(record: DecisionRecord): void {
  const passed = record.candidates.filter((row) => row.passed);
  const sum = record.candidates.reduce((total, row) => total + row.propensity, 0);
  if (passed.length > 0) expect(Math.abs(sum - 1)).toBeLessThan(1e-9);
  else expect(sum).toBe(0);
  expect(passed.length).toBe(record.nEligible);
  for (const row of record.candidates) {
    expect(STAGES).toContain(row.stage);
    expect(REASONS).toContain(row.reason);
    if (!row.passed) expect(row.propensity).toBe(0);
    if (row.contributions.length > 0) {
      const parts = row.contributions.reduce((total, [, amount]) => total + amount, 0);
      expect(Math.abs(parts - (row.score ?? 0))).toBeLessThan(1e-6);
    }
  }
  const outputs = record.candidates.filter((row) => row.stage === 'output');
  expect(outputs.length).toBe(record.chosenIndex === null ? 0 : 1);
  if (record.chosenIndex !== null) {
    expect(record.candidates[record.chosenIndex]).toBe(outputs[0]);
    expect(record.chosenPropensity).toBe(outputs[0]?.propensity);
    expect(record.chosenPropensity).toBeGreaterThan(0);
    const least = record.epsilon / Math.max(1, record.nEligible);
    expect(record.chosenPropensity).toBeGreaterThanOrEqual(least - 1e-12);
  } else expect(record.fallbackReason).not.toBeNull();
}

describe('decide', () => {
  it('gives a sound record for any input, and the same again', () => {
    fc.assert(
      fc.property(anyInput, (given) => {
        const record = decide(given);
        expectSound(record);
        expect(decide(JSON.parse(JSON.stringify(given)) as DecideInput)).toEqual(record);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the first refusal as stage, reason and detail', () => {
    const filters: StageVerdict[] = [
      { stage: 'consent', passed: true },
      { stage: 'caps', passed: false, reason: 'cap', detail: '3 / 7d' },
    ];
    const record = decide(input({ candidates: [candidate('a', { filters }), candidate('b')] }));
    expect(record.candidates[0]).toMatchObject({ stage: 'caps', reason: 'cap', passed: false });
    expect(record.candidates[0]?.reasonDetail).toBe('3 / 7d');
    expect(record).toMatchObject({ chosenAction: 'b', chosenPropensity: 1, explored: false });
    expect(record.candidates[1]?.reason).toBe('only_candidate');
  });

  it('chooses as often as it says', () => {
    const candidates = [
      candidate('a', { posterior: { successes: 5, failures: 95 }, value: 10 }),
      candidate('b', { posterior: { successes: 2, failures: 98 }, value: 30, cost: 0.2 }),
      candidate('c', { posterior: { successes: 0, failures: 3 }, value: 1, cost: 0.06 }),
      NOTHING_LISTED,
    ];
    const counts = candidates.map(() => 0);
    let chances: readonly number[] = [];
    const draws = 20_000;
    for (let seed = 0; seed < draws; seed += 1) {
      const record = decide(input({ candidates, seed: `n${seed}` }));
      chances = record.candidates.map((row) => row.propensity);
      counts[record.chosenIndex ?? 0] = (counts[record.chosenIndex ?? 0] ?? 0) + 1;
    }
    let statistic = 0;
    counts.forEach((count, index) => {
      const expected = draws * (chances[index] ?? 0);
      statistic += (count - expected) ** 2 / expected;
    });
    expect(chiSquareTail(statistic, counts.length - 1)).toBeGreaterThan(0.001);
  });

  it('lets nothing win honestly when every action costs more than it brings', () => {
    const candidates = [candidate('dear', { cost: 50 }), NOTHING_LISTED];
    const record = decide(input({ candidates, floor: 0 }));
    expect(record).toMatchObject({ chosenAction: 'nothing', chosenPropensity: 1 });
    expect(record.candidates[0]).toMatchObject({ reason: 'lower_score', propensity: 0 });
  });

  it('marks as explored what the floor drew and what was not the best on average', () => {
    const candidates = [
      candidate('good', { posterior: { successes: 900, failures: 100 } }),
      candidate('bad', { posterior: { successes: 10, failures: 990 } }),
    ];
    const records = Array.from({ length: 400 }, (_, seed) =>
      decide(input({ candidates, seed: String(seed), floor: 0.2 })),
    );
    for (const record of records) {
      if (record.chosenAction === 'bad') expect(record.explored).toBe(true);
    }
    const explored = records.filter((record) => record.explored).length;
    expect(explored).toBeGreaterThan(50);
    expect(explored).toBeLessThan(110);
    expect(records.some((record) => record.explored && record.chosenAction === 'good')).toBe(true);
  });

  it('says when nobody survives', () => {
    const record = decide(input({ candidates: [candidate('a', { filters: [refused] })] }));
    expect(record).toMatchObject({ chosenAction: null, fallbackReason: 'no_candidate' });
    const listed = decide(
      input({ candidates: [candidate('a', { filters: [refused] }), NOTHING_LISTED] }),
    );
    expect(listed).toMatchObject({ chosenAction: 'nothing', fallbackReason: null });
  });
});

describe('groups', () => {
  it('random control is uniform whatever the model', () => {
    const record = decide(input({ group: 'random_control' }));
    expect(record.model).toBe('random');
    expect(record.candidates.map((row) => row.propensity)).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  it('rules takes the first that survives', () => {
    const candidates = [candidate('a', { filters: [refused] }), candidate('b'), candidate('c')];
    const record = decide(input({ model: 'rules', candidates }));
    expect(record).toMatchObject({ chosenAction: 'b', chosenPropensity: 1, epsilon: 0 });
    expect(record.candidates[2]?.reason).toBe('listed_later');
  });

  it('the group rules does business as usual, or nothing at all', () => {
    const usual = { group: 'rules', businessAsUsual: 'offer' } as const;
    expect(decide(input(usual))).toMatchObject({ chosenAction: 'offer', chosenPropensity: 1 });
    const blocked = [candidate('reminder'), candidate('offer', { filters: [refused] })];
    expect(decide(input({ ...usual, candidates: blocked }))).toMatchObject({
      chosenAction: null,
      fallbackReason: 'business_as_usual_unavailable',
    });
  });

  it('the held-out get nothing', () => {
    const record = decide(input({ group: 'holdout' }));
    expect(record).toMatchObject({ chosenAction: 'nothing', chosenPropensity: 1 });
    expect(record.candidates[0]).toMatchObject({ stage: 'available', reason: 'holdout' });
    const bare = decide(input({ group: 'holdout', candidates: [candidate('a')] }));
    expect(bare).toMatchObject({ chosenAction: null, fallbackReason: 'holdout' });
  });
});

describe('excludeAndRedraw', () => {
  it('draws among the others with conditional propensities', () => {
    fc.assert(
      fc.property(anyInput, (given) => {
        let record = decide(given);
        for (let round = 0; round < 3; round += 1) {
          if (record.group === 'holdout' || record.chosenIndex === null) return;
          const lost = record.chosenIndex;
          record = excludeAndRedraw(record, given, lost);
          expectSound(record);
          expect(record.candidates[lost]).toMatchObject({
            stage: 'reservation',
            reason: 'limit_reached',
            passed: false,
            propensity: 0,
          });
          const gone = record.candidates.filter((row) => row.stage === 'reservation');
          expect(gone.length).toBe(round + 1);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('equals a decision without the lost candidate', () => {
    const given = input({ seed: 'lost' });
    const record = decide(given);
    const lost = record.chosenIndex ?? 0;
    const again = excludeAndRedraw(record, given, lost);
    const without = decide({
      ...given,
      candidates: given.candidates.filter((_, index) => index !== lost),
    });
    const others = again.candidates.filter((_, index) => index !== lost);
    expect(others.map((row) => row.propensity)).toEqual(
      without.candidates.map((row) => row.propensity),
    );
  });
});

describe('recordFallback', () => {
  it('takes the first permitted treatment of the fallback action', () => {
    const candidates = [
      candidate('reminder', { filters: [refused] }),
      candidate('reminder', { treatment: 'sms', channel: 'sms' }),
      NOTHING_LISTED,
    ];
    const record = recordFallback(input({ candidates, fallback: 'reminder' }), 'timeout');
    expectSound(record);
    expect(record).toMatchObject({
      chosenAction: 'reminder',
      chosenTreatment: 'sms',
      fallbackReason: 'timeout',
      explored: false,
    });
  });

  it('falls to nothing, to no action, or to the bare action when no candidate was loaded', () => {
    const blocked = candidate('reminder', { filters: [refused] });
    const fallback = 'reminder';
    const given = input({ candidates: [blocked, NOTHING_LISTED], fallback });
    expect(recordFallback(given, 'error').chosenAction).toBe('nothing');
    expect(recordFallback(input({ candidates: [blocked], fallback }), 'error').chosenAction).toBe(
      null,
    );
    expect(recordFallback(input({ candidates: [], fallback }), 'timeout')).toMatchObject({
      chosenAction: 'reminder',
      chosenTreatment: null,
    });
  });

  it('never treats the held-out', () => {
    const record = recordFallback(input({ group: 'holdout', fallback: 'reminder' }), 'timeout');
    expect(record.chosenAction).toBe('nothing');
  });
});
