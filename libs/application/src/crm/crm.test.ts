import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EnrolmentFact, OutcomeFact } from '#libs/contracts';
import { isFurther, trackOf } from './member-status.js';
import { MEMBER_STATUSES, type MemberStatus } from './ports.js';
import { factSentence, orderSentence, taskSentence } from './sentences.js';
import { wishesOf } from './wishes.js';

const DAY_MS = 86_400_000;
const ORDER = {
  campaign: 'Relance panier',
  ref: 'SO0042',
  amount: '129.90',
  currency: 'EUR',
  on: '2026-11-14',
  atMs: 2 * DAY_MS,
  touch: { channel: 'email', on: '2026-11-12', atMs: 0, isClicked: true },
};

describe('sentences', () => {
  it('tells an order as a rep reads it', () => {
    expect(orderSentence(ORDER, 'fr')).toBe(
      'Campagne « Relance panier » : commande SO0042 de 129,90 EUR le 14/11, ' +
        '2 jours après le courriel du 12/11 (clic).',
    );
    expect(orderSentence(ORDER, 'en')).toBe(
      'Campaign “Relance panier”: order SO0042 of EUR 129.90 on 14 Nov, ' +
        '2 days after the e-mail of 12 Nov (click).',
    );
    const sameDay = { ...ORDER.touch, on: '2026-11-14', atMs: ORDER.atMs - 3_600_000 };
    expect(orderSentence({ ...ORDER, amount: '', touch: sameDay }, 'fr')).toBe(
      'Campagne « Relance panier » : commande SO0042 le 14/11, ' +
        '1 heure après le courriel du 14/11 (clic).',
    );
    expect(orderSentence({ ...ORDER, touch: null }, 'en')).toMatch(/on 14 Nov\.$/);
  });

  it('tells complaints and tasks', () => {
    const complaint = { kind: 'complained', on: '2026-11-14', campaign: 'Été' } as const;
    expect(factSentence(complaint, 'fr')).toBe(
      'Campagne « Été » : a signalé un message indésirable le 14/11.',
    );
    const task = { title: 'Appeler', on: '2026-11-14', outcome: 'done', campaign: null };
    expect(taskSentence(task, 'fr')).toBe('Tâche « Appeler » faite le 14/11.');
  });
});

describe('member status', () => {
  it('ends at the same whatever the order and the repeats', () => {
    const statuses = fc.array(fc.constantFrom(...MEMBER_STATUSES), { maxLength: 20 });
    const endOf = (all: readonly MemberStatus[]): Record<string, MemberStatus> => {
      const told: Record<string, MemberStatus> = {};
      for (const status of all) {
        if (isFurther(status, told[trackOf(status)])) told[trackOf(status)] = status;
      }
      return told;
    };
    fc.assert(
      fc.property(statuses, (all) => {
        expect(endOf([...all].reverse().concat(all))).toEqual(endOf(all));
      }),
    );
  });
});

const enrolment = (over: Partial<EnrolmentFact['body']>): EnrolmentFact => ({
  id: 'e1',
  kind: 'enrolment',
  version: 1,
  atMs: 0,
  profileId: 'p1',
  body: {
    scenario: 's',
    definition: 'd',
    accountId: null,
    entryKey: '',
    group: 'policy',
    state: 'running',
    enteredAtMs: 0,
    endedAtMs: null,
    endedAs: null,
    runtime: 'embedded',
    maturesAtMs: null,
    mixed: false,
    sample: false,
    ...over,
  },
});

const outcome = (over: Partial<OutcomeFact['body']>): OutcomeFact => ({
  id: 'o1',
  kind: 'outcome',
  version: 1,
  atMs: 0,
  profileId: 'p1',
  body: {
    outcomeKind: 'converted',
    accountId: null,
    atMs: 0,
    value: '10.00',
    currency: 'EUR',
    eventId: 'k',
    deliveryId: 'd1',
    decisionId: null,
    enrolmentId: 'e1',
    scenario: 's',
    attributedBy: 'goal',
    sample: false,
    ...over,
  },
});

describe('wishes', () => {
  it('tell of the treated only', () => {
    expect(wishesOf(enrolment({})).map(({ kind }) => kind)).toEqual(['member']);
    expect(wishesOf(enrolment({ group: 'holdout', state: 'held_out' }))).toEqual([]);
    expect(wishesOf({ ...enrolment({ state: 'ended' }), version: 2 })).toEqual([]);
    expect(wishesOf(outcome({})).map(({ kind }) => kind)).toEqual(['order']);
    expect(wishesOf(outcome({ attributedBy: 'holdout' }))).toEqual([]);
  });

  it('tell an order once, though it also counts for the reward of a decision', () => {
    const window = { attributedBy: 'window', deliveryId: null, decisionId: 'x' } as const;
    expect(wishesOf(outcome(window))).toEqual([]);
  });

  it('tell an order only where a message came before it', () => {
    expect(wishesOf(outcome({ deliveryId: null }))).toEqual([]);
    expect(wishesOf(outcome({ deliveryId: null, decisionId: 'x' }))).toHaveLength(1);
  });
});
