import { msOf } from '#libs/kernel';
import { describe, expect, it } from 'vitest';
import { OUTCOME_KINDS, outcomeSentence, type OutcomeText } from './sentence.js';

const ORDER: OutcomeText = {
  kind: 'converted',
  on: '2026-11-14',
  amount: 129.9,
  currency: 'EUR',
  touch: { channel: 'email', name: 'Panier', on: '2026-11-12', attributedBy: 'last_touch' },
};

describe('outcomeSentence', () => {
  it('tells an order in both languages', () => {
    expect(outcomeSentence(ORDER, 'fr')).toBe(
      'A commandé 129,90 EUR le 14/11, 2 jours après le courriel « Panier ».',
    );
    expect(outcomeSentence(ORDER, 'en')).toBe(
      'Ordered EUR 129.90 on 14 Nov, 2 days after the e-mail “Panier”.',
    );
  });

  it('labels a credit without a click, and counts hours within a day', () => {
    const touch = { channel: 'sms', name: 'Offre', on: '2026-11-14', delayMs: msOf('5h') };
    const seen = {
      ...ORDER,
      who: 'Léa',
      touch: { ...touch, attributedBy: 'view_through' as const },
    };
    expect(outcomeSentence(seen, 'fr')).toBe(
      'Léa a commandé 129,90 EUR le 14/11, 5 heures après le SMS « Offre » (sans clic).',
    );
    const soon = { ...ORDER, touch: { ...touch, delayMs: msOf('5m') } };
    expect(outcomeSentence(soon, 'en')).toContain('less than an hour after the SMS');
  });

  it('counts days over the ends of months, years and leap days', () => {
    const after = (on: string, from: string) =>
      outcomeSentence({ ...ORDER, on, touch: { channel: 'email', name: 'x', on: from } }, 'en');
    expect(after('2027-01-01', '2026-12-31')).toContain(' 1 day after');
    expect(after('2028-03-01', '2028-02-28')).toContain(' 2 days after');
    expect(after('2027-03-01', '2027-02-28')).toContain(' 1 day after');
  });

  it('has a sentence for every kind, with and without a touch', () => {
    for (const kind of OUTCOME_KINDS) {
      for (const locale of ['fr', 'en'] as const) {
        const bare = outcomeSentence({ kind, on: '2026-11-14' }, locale);
        expect(bare).toMatch(/^[A-Z].*[^.]\.$/);
        const full = outcomeSentence({ ...ORDER, kind }, locale);
        expect(full).toContain('Panier');
      }
    }
    const silent = outcomeSentence({ ...ORDER, kind: 'no_response' }, 'fr');
    expect(silent).toBe("N'a pas répondu au courriel « Panier » du 12/11.");
  });
});
