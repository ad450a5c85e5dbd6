import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLuhn, SAMPLE_REPS } from './account.js';
import { CLUSTERS, CLUSTER_SHARES, appealOf, policyTruth } from './preferences.js';
import { World } from './world.js';

const endMs = Date.UTC(2026, 10, 22, 9);
const world = new World({ seed: 'world', endMs });

describe('Luhn', () => {
  it.each([
    ['732829320', true],
    ['732829321', false],
    ['79927398713', true],
    ['', false],
    ['12a', false],
  ])('%s: %s', (digits, isValid) => expect(isLuhn(digits)).toBe(isValid));

  it('notices any single wrong digit', () => {
    fc.assert(
      fc.property(fc.nat(59), fc.nat(8), fc.integer({ min: 1, max: 9 }), (index, place, by) => {
        const siren = world.accounts[index]?.siren ?? '';
        const digit = (Number(siren[place]) + by) % 10;
        expect(isLuhn(siren)).toBe(true);
        expect(isLuhn(`${siren.slice(0, place)}${digit}${siren.slice(place + 1)}`)).toBe(false);
      }),
    );
  });
});

describe('accounts', () => {
  it('are sixty, each with its own number, a rep and somebody to order', () => {
    expect(new Set(world.accounts.map(({ siren }) => siren)).size).toBe(60);
    const owners = new Set(world.accounts.map(({ owner }) => owner));
    expect([...owners].sort()).toEqual(SAMPLE_REPS.map(({ email }) => email));
    for (const account of world.accounts) {
      expect(account.siren).toMatch(/^0000\d{5}$/);
      expect(world.members(account).length).toBeGreaterThan(0);
      expect(world.members(account).every((one) => one.account === account.index)).toBe(true);
    }
  });
});

describe('people', () => {
  it('are found by address, mobile, login and customer number, and strangers are not', () => {
    fc.assert(
      fc.property(fc.nat(2_500), (index) => {
        const person = world.person(index);
        for (const id of [person.email.toUpperCase(), person.userId, person.customerId]) {
          expect(world.personAt(id)).toBe(person);
        }
        if (person.mobile !== undefined) expect(world.personAt(person.mobile)).toBe(person);
        expect(world.personAt(`x${person.email}`)).toBeUndefined();
      }),
    );
    for (const stranger of [
      '',
      'a@b.example',
      '+33612345678',
      'u-99999',
      'x.y.1@courriel.example',
    ]) {
      expect(world.personAt(stranger)).toBeUndefined();
    }
  });

  it('grow by eight a day once the history is over, up to a limit', () => {
    expect(world.peopleOn(world.endDay - 30)).toBe(2_000);
    expect(world.peopleOn(world.endDay + 1)).toBe(2_008);
    expect(world.peopleOn(world.endDay + 100_000)).toBe(20_000);
    expect(world.person(2_000).joinDay).toBe(world.endDay + 1);
    expect(world.person(2_008).joinDay).toBe(world.endDay + 2);
  });

  it('belong to clusters in the stated shares', () => {
    for (const cluster of CLUSTERS) {
      const people = Array.from({ length: 2_000 }, (_, index) => world.person(index));
      const share = people.filter((one) => one.cluster === cluster).length / 2_000;
      expect(share).toBeGreaterThan(CLUSTER_SHARES[cluster] - 0.035);
      expect(share).toBeLessThan(CLUSTER_SHARES[cluster] + 0.035);
    }
  });
});

describe('the truth', () => {
  it('has one action well above the rest for a cart, and another for those who like a price', () => {
    const { overall, clusters } = policyTruth();
    expect(overall.best).toBe('delivery');
    const { delivery, ...rest } = overall.chances;
    expect(delivery).toBeGreaterThan(1.5 * Math.max(...Object.values(rest)));
    expect(clusters.find(({ cluster }) => cluster === 'price')?.best).toBe('discount');
    expect(clusters.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });

  it('never lets a message do worse than none', () => {
    for (const moment of ['cart', 'winback', 'welcome', 'reorder', 'other'] as const) {
      for (const { chances } of policyTruth(moment).clusters) {
        expect(Math.min(...Object.values(chances))).toBe(chances.none);
      }
    }
  });

  it('leaves out what cannot be had', () => {
    const appeals = ['none', 'reminder', 'delivery', 'discount'] as const;
    expect(policyTruth('reorder').overall.best).toBe('call');
    expect(policyTruth('reorder', appeals).overall.best).not.toBe('call');
  });

  it.each([
    ['cart-free-delivery', 'delivery'],
    ['cart-offer-10', 'discount'],
    ['cart-reminder', 'reminder'],
    ['call-from-rep', 'call'],
    ['nothing', 'none'],
    ['winback-offer-15', 'discount'],
    ['winback-free-delivery', 'delivery'],
    ['welcome-offer', 'delivery'],
    ['welcome-story', 'reminder'],
    ['reorder-reminder', 'reminder'],
    ['reorder-call', 'call'],
  ])('%s amounts to %s', (action, appeal) => expect(appealOf(action)).toBe(appeal));

  it('reads the words where the action is not told', () => {
    expect(appealOf(null, 'La livraison de votre panier est offerte')).toBe('delivery');
    expect(appealOf(null, '10 % sur votre panier')).toBe('discount');
    expect(appealOf(null, 'Votre panier vous attend')).toBe('reminder');
  });
});
