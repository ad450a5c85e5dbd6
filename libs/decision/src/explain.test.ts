import { describe, expect, it } from 'vitest';
import { decide } from './decide.js';
import { explainDecision } from './explain.js';
import { recordFallback } from './fallback.js';
import { formatDay, formatMoney, formatNumber, formatShare } from './format.js';
import { FALLBACK_TEXTS, REASON_TEXTS } from './reasonTexts.js';
import { REASONS } from './stages.js';
import type { CandidateRecord, DecideInput, DecisionRecord } from './types.js';

const NAMES = {
  reminder: { fr: 'Relance simple', en: 'Simple reminder' },
  offer: { fr: 'Offre 10 %', en: '10% offer' },
};

const GIVEN: DecideInput = {
  decisionId: 'd1',
  seed: 'seed',
  atMs: 0,
  scenario: 'cart',
  definition: 'h',
  stepId: 'rescue',
  profileId: 'p',
  group: 'policy',
  model: 'betaTS',
  modelVersion: '1',
  policy: '1',
  currency: 'EUR',
  floor: 0,
  candidates: [
    {
      action: 'reminder',
      treatment: 'email',
      channel: 'email',
      filters: [],
      value: 41,
      cost: 0,
      posterior: { successes: 999, failures: 8999 },
    },
    {
      action: 'offer',
      treatment: 'email',
      channel: 'email',
      filters: [
        {
          stage: 'applicability',
          passed: false,
          reason: 'not_applicable',
          detail: 'deux remises en 90 jours',
        },
      ],
      value: 41,
      cost: 0,
    },
    {
      action: 'reminder',
      treatment: 'sms',
      channel: 'sms',
      filters: [{ stage: 'consent', passed: false, reason: 'consent_unknown' }],
      value: 41,
      cost: 0.06,
    },
    { action: 'nothing', treatment: null, channel: null, filters: [], value: 0, cost: 0 },
  ],
};

describe('explainDecision', () => {
  it('speaks French', () => {
    expect(explainDecision(decide(GIVEN), 'fr', NAMES)).toEqual([
      '« Relance simple » par courriel : choix retenu avec 100 % de chances' +
        ' (meilleur gain attendu au tirage) : gain espéré 4,10 EUR.',
      '« Ne rien faire » a perdu : gain attendu plus faible, gain espéré 0,00 EUR, 0 % de chances.',
      '« Offre 10 % » a perdu : sans objet en ce moment (deux remises en 90 jours).',
      '« Relance simple » par SMS a perdu : ' +
        "aucun consentement n'est connu pour ce canal et cette finalité.",
    ]);
  });

  it('speaks English', () => {
    const sentences = explainDecision(decide(GIVEN), 'en', NAMES);
    expect(sentences[0]).toBe(
      '“Simple reminder” by e-mail chosen with a 100% chance' +
        ' (the best gain in the draw): expected gain EUR 4.10.',
    );
    expect(sentences[3]).toBe(
      '“Simple reminder” by SMS lost: no consent is known for this channel and purpose.',
    );
  });

  /** Two that may be drawn; the first has the better expected gain. */
  const drawn = (over: Partial<DecisionRecord>, rows: readonly Partial<CandidateRecord>[]) => {
    const posterior = { successes: 99, failures: 899 };
    const record = decide({
      ...GIVEN,
      candidates: ['reminder', 'offer'].map((action, index) => ({
        action,
        treatment: 'email',
        channel: 'email',
        filters: [],
        value: 41 - index,
        cost: 0,
        posterior,
      })),
    });
    const candidates = record.candidates.map((row, index) => ({ ...row, ...rows[index] }));
    return { ...record, candidates, ...over };
  };

  it('says that chance chose, and how likely it was, where the draw went against the gain', () => {
    const record = drawn({ chosenIndex: 1, chosenPropensity: 0.21, explored: true }, [
      { reason: 'lower_score', stage: 'arbitration', propensity: 0.79 },
      { reason: 'highest_score', stage: 'output', propensity: 0.21 },
    ]);
    expect(explainDecision(record, 'en', NAMES)).toEqual([
      '“10% offer” chosen with a 21% chance (chance chose among good candidates):' +
        ' expected gain EUR 4.00.',
      'Chance played its part: this choice helps to learn what works.',
      '“Simple reminder” lost: chance chose among good candidates,' +
        ' expected gain EUR 4.10, a 79% chance.',
    ]);
    const [first, , last] = explainDecision(record, 'fr', NAMES);
    expect(first).toContain('21 % de chances (le hasard a choisi parmi de bonnes candidates)');
    expect(last).toBe(
      '« Relance simple » a perdu : le hasard a choisi parmi de bonnes candidates,' +
        ' gain espéré 4,10 EUR, 79 % de chances.',
    );
    // The loser that promised less did lose by its gain, whoever won.
    const greedy = drawn({ chosenIndex: 0, chosenPropensity: 0.79, explored: false }, [
      { reason: 'highest_score', stage: 'output', propensity: 0.79 },
      { reason: 'lower_score', stage: 'arbitration', propensity: 0.21 },
    ]);
    expect(explainDecision(greedy, 'en', NAMES)[1]).toContain('lost: a lower expected gain,');
  });

  it('writes no empty brackets, whatever a record lacks', () => {
    const record = drawn({ chosenIndex: 0, explored: false }, [
      { treatment: '', action: 'reminder', reason: 'highest_score', pRaw: null },
      {
        treatment: null,
        action: 'reminder',
        passed: false,
        score: null,
        reason: 'suppressed_unsubscribed',
        reasonDetail: '',
      },
    ]);
    for (const locale of ['fr', 'en'] as const) {
      const sentences = explainDecision(record, locale, NAMES);
      expect(sentences).toHaveLength(2);
      for (const sentence of sentences) expect(sentence).not.toMatch(/\(\s*\)|: *\.|, *,/);
    }
  });

  it('has a text for every reason in both languages, no two reasons alike', () => {
    for (const locale of ['fr', 'en'] as const) {
      const texts = REASONS.map((reason) => REASON_TEXTS[reason][locale]);
      for (const text of texts) expect(text).toMatch(/^\S.*[^.\s]$/);
      expect(new Set(texts).size).toBe(REASONS.length);
      for (const text of Object.values(FALLBACK_TEXTS)) expect(text[locale]).toMatch(/^\S.*\.$/);
    }
    expect(Object.keys(REASON_TEXTS).sort()).toEqual([...REASONS].sort());
  });

  it('says what happened without a choice', () => {
    const nobody = decide({ ...GIVEN, candidates: GIVEN.candidates.slice(1, 3) });
    expect(explainDecision(nobody, 'fr')[0]).toBe("Aucune action n'était possible.");
    const late = recordFallback({ ...GIVEN, candidates: [], fallback: 'reminder' }, 'timeout');
    expect(explainDecision(late, 'en', NAMES)).toEqual([
      'The decision took too long: the fallback applies.',
      '“Simple reminder”.',
    ]);
    const heldOut = decide({ ...GIVEN, group: 'holdout' });
    expect(explainDecision(heldOut, 'en', NAMES).join(' ')).toContain('holdout');
  });
});

describe('formats', () => {
  it('writes numbers as each reader does', () => {
    expect(formatNumber(1_234_567.891, 2, 'fr')).toBe('1\u00a0234\u00a0567,89');
    expect(formatNumber(1_234.5, 1, 'en')).toBe('1,234.5');
    expect(formatNumber(-0.001, 2, 'en')).toBe('0.00');
    expect(formatNumber(-1_000, 0, 'en')).toBe('-1,000');
    expect(formatMoney(129.9, 'EUR', 'fr')).toBe('129,90 EUR');
    expect(formatMoney(129.9, 'EUR', 'en')).toBe('EUR 129.90');
    expect([formatShare(0.62, 'fr'), formatShare(0.004, 'en')]).toEqual(['62 %', '0.4%']);
    expect(formatDay('2026-11-14', 'fr')).toBe('14/11');
    expect(formatDay('2026-11-04', 'en', true)).toBe('4 Nov 2026');
  });
});
