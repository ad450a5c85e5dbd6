import { describe, expect, it } from 'vitest';
import { conditionOrMention, conditionText, type ConditionNames } from './conditions.js';

const names: ConditionNames = {
  action: (id) => ({ 'reorder-call': 'Appel de réassort' })[id] ?? id,
  segment: (id) => ({ 'never-discounts': 'Jamais de remise' })[id] ?? id,
};

describe('a condition in words', () => {
  it.each([
    ['profile.country == "FR"', 'Pays = FR', 'Country = FR'],
    ['profile.aggregates.orders_365d >= 3', 'Orders 365d ≥ 3', 'Orders 365d ≥ 3'],
    [
      "!inSegment('never-discounts')",
      'hors du segment « Jamais de remise »',
      'not in the segment “Jamais de remise”',
    ],
    ['!has(profile.birthday)', 'Anniversaire : inconnu', 'Birthday: unknown'],
    ['account != null', 'Compte : connu', 'Account: known'],
    [
      "decision.approach.action == 'reorder-call'",
      'action choisie = « Appel de réassort »',
      'action chosen = “Appel de réassort”',
    ],
    [
      'event.cart_id == entry.cart_id',
      'Cart id à l’évènement = Cart id à l’entrée',
      'Cart id of the event = Cart id at entry',
    ],
    [
      'profile.locale in ["fr", "en"] && (profile.professional || event.total > 30.5)',
      'Langue parmi fr, en et (Professional : oui ou Total à l’évènement > 30,50)',
      'Language among fr, en and (Professional: yes or Total of the event > 30.50)',
    ],
    [
      'daysSince(profile.aggregates.last_order_at) > 180.0',
      'jours depuis « Last order at » > 180',
      'days since “Last order at” > 180',
    ],
    ['!(profile.country == "FR")', 'pas (Pays = FR)', 'not (Country = FR)'],
  ])('%s', (source, french, english) => {
    expect(conditionText(source, 'fr', names)).toBe(french);
    expect(conditionText(source, 'en', names)).toBe(english);
  });

  it('is mentioned, never shown as code, where it has no words', () => {
    for (const source of ['profile.a + 1 > 2', 'event.list.exists(x, x > 1)', 'not CEL (']) {
      expect(conditionText(source, 'fr', names)).toBeNull();
      expect(conditionOrMention(source, 'fr', names)).toBe('selon une condition du fichier');
      expect(conditionOrMention(source, 'en', names)).toBe('on a condition of the file');
    }
  });
});
