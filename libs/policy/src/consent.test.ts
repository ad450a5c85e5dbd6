import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveConsent, type ConsentStatement } from './index.js';

const QUESTION = { channel: 'email', purpose: 'marketing', atMs: 1_000 };

function said(more: Partial<ConsentStatement>): ConsentStatement {
  return {
    channel: 'email',
    purpose: 'marketing',
    status: 'granted',
    basis: 'opt_in',
    source: 'form',
    proof: 'form-1',
    atMs: 100,
    ...more,
  };
}

const anyStatement: fc.Arbitrary<ConsentStatement> = fc.record({
  channel: fc.constantFrom('email', 'sms', 'any'),
  purpose: fc.constantFrom('marketing', 'any', 'transactional'),
  status: fc.constantFrom('granted', 'denied', 'unknown'),
  basis: fc.constantFrom('opt_in', 'soft_opt_in', null),
  source: fc.constantFrom('form', 'crm', 'sms_reply'),
  proof: fc.constantFrom(null, '', ' ', 'p1', 'p2'),
  atMs: fc.constantFrom(1, 2, 3, 2_000, NaN),
  bulk: fc.boolean(),
});

describe('effectiveConsent', () => {
  const denied = { status: 'denied', basis: null, proof: null } as const;
  const cases: [string, ConsentStatement[], string][] = [
    ['nothing said', [], 'unknown'],
    ['another channel', [said({ channel: 'sms' })], 'unknown'],
    ['another purpose', [said({ purpose: 'survey' })], 'unknown'],
    ['unknown is not said', [said({ status: 'unknown' })], 'unknown'],
    ['granted', [said({})], 'granted'],
    ['a grant for any channel grants none', [said({ channel: 'any' })], 'unknown'],
    [
      'a refusal of any channel refuses each',
      [said({}), said({ ...denied, channel: 'any', source: 'crm' })],
      'denied',
    ],
    ['granted later than now', [said({ atMs: 1_001 })], 'unknown'],
    ['refused later than now', [said({}), said({ ...denied, atMs: 5_000 })], 'denied'],
    [
      'the latest of one source grants',
      [said({ ...denied, atMs: 1 }), said({ atMs: 2, proof: null })],
      'granted',
    ],
    [
      'the latest of one source refuses',
      [said({ atMs: 1 }), said({ ...denied, atMs: 2 })],
      'denied',
    ],
    ['a tie in one source refuses', [said({ atMs: 2 }), said({ ...denied, atMs: 2 })], 'denied'],
    [
      'unknown after a refusal leaves it',
      [said({ ...denied, atMs: 1 }), said({ status: 'unknown', atMs: 2 })],
      'denied',
    ],
    [
      'another source refused earlier, grant with proof',
      [said({ ...denied, source: 'crm', atMs: 1 }), said({ atMs: 2 })],
      'granted',
    ],
    [
      'the same without proof',
      [said({ ...denied, source: 'crm', atMs: 1 }), said({ atMs: 2, proof: ' ' })],
      'denied',
    ],
    [
      'the same from a bulk sync',
      [
        said({ ...denied, source: 'sms_reply', atMs: 1 }),
        said({ atMs: 2, source: 'crm', bulk: true }),
      ],
      'denied',
    ],
    [
      'the same instant',
      [said({ ...denied, source: 'crm', atMs: 2 }), said({ atMs: 2 })],
      'denied',
    ],
    [
      'older grant, newer refusal',
      [said({ atMs: 1 }), said({ ...denied, source: 'crm', atMs: 2 })],
      'denied',
    ],
    [
      'newer than one refusal only',
      [
        said({ ...denied, source: 'crm', atMs: 1 }),
        said({ ...denied, source: 'stop', atMs: 3 }),
        said({ atMs: 2 }),
      ],
      'denied',
    ],
    [
      'a refusal without a readable time',
      [said({ ...denied, source: 'crm', atMs: NaN }), said({ atMs: 900 })],
      'denied',
    ],
    ['a grant without a readable time', [said({ atMs: NaN })], 'unknown'],
  ];
  it.each(cases)('%s', (_name, statements, status) => {
    expect(effectiveConsent(statements, QUESTION).status).toBe(status);
  });

  it('tells a refusal without proof from one with an empty one, in any order', () => {
    const unread = { ...denied, source: 'crm', atMs: NaN };
    const rows = [said({ ...unread, proof: null }), said({ ...unread, proof: '' })];
    const turned = [...rows].reverse();
    expect(effectiveConsent(turned, QUESTION)).toEqual(effectiveConsent(rows, QUESTION));
  });

  it('does not depend on the order of the rows, nor on repeats', () => {
    const pair = fc
      .array(anyStatement, { maxLength: 8 })
      .chain((rows) =>
        fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
      );
    fc.assert(
      fc.property(pair, ([rows, shuffled]) => {
        const first = effectiveConsent(rows, QUESTION);
        expect(effectiveConsent(shuffled, QUESTION)).toEqual(first);
        expect(effectiveConsent([...shuffled, ...rows], QUESTION).status).toBe(first.status);
      }),
      { numRuns: 3_000 },
    );
  });

  it('a refusal more, later than all, always refuses', () => {
    fc.assert(
      fc.property(fc.array(anyStatement, { maxLength: 6 }), fc.boolean(), (rows, known) => {
        const source = known ? 'form' : 'elsewhere';
        const refusal = said({ ...denied, source, atMs: 2_001 });
        expect(effectiveConsent([...rows, refusal], QUESTION).status).toBe('denied');
      }),
      { numRuns: 2_000 },
    );
  });

  it('without a refusal a source more never takes a grant away', () => {
    const grants = fc.array(
      anyStatement.filter((one) => one.status !== 'denied'),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(grants, (rows) => {
        const with1 = effectiveConsent([...rows, said({ source: 'elsewhere' })], QUESTION);
        expect(with1.status).toBe('granted');
      }),
    );
  });
});
