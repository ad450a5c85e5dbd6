import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addBucket, aggregateValues, bucketOf, type Bucket } from './buckets.js';
import { consentStatuses, foldStatements, provenGrants, readConsent } from './consents.js';
import { changedPaths, EMPTY_DOCUMENT, expressionView, traitsOf } from './document.js';
import { compileMetrics, contributionsOf } from './metrics.js';
import { quintileCuts, rfmCuts, rfmText } from './rfm.js';
import type { ProfileRules, TraitRule } from './rules.js';
import { survive, winnerOf } from './survivorship.js';
import { readTraits, type Claim } from './traits.js';

const rules: ProfileRules = {
  identities: [],
  sources: {},
  traits: {
    email: rule('email', ['form', 'crm'], { verifiedFirst: true }),
    churn: rule('number', ['crm'], { range: [0, 1] }),
    address: rule('group', ['erp', 'crm'], { fields: ['street', 'city'] }),
  },
  aggregates: [
    { name: 'n3', operation: 'count', event: 'order', windowDays: 3 },
    { name: 'sum', operation: 'sum', event: 'order', property: 'total' },
    { name: 'sum3', operation: 'sum', event: 'order', property: 'total', windowDays: 3 },
    { name: 'last', operation: 'last', event: 'order', property: 'total' },
    { name: 'first_at', operation: 'first', event: 'order' },
    { name: 'max', operation: 'max', event: 'order', property: 'total' },
    {
      name: 'big',
      operation: 'count',
      event: 'order',
      where: { text: 'big', holds: ({ properties }) => Number(properties['total']) > 50 },
    },
  ],
  accounts: { key: 'group_id', also: [], ownerFrom: '' },
  currency: 'EUR',
};

function rule(
  type: TraitRule['type'],
  master: readonly string[],
  more: Partial<TraitRule> = {},
): TraitRule {
  return {
    type,
    master,
    isPersonal: false,
    strategy: 'source_rank',
    verifiedFirst: false,
    ...more,
  };
}

const metrics = compileMetrics(rules);
const anOrder = fc.record({
  atMs: fc.integer({ min: 0, max: 5 * 86_400_000 }),
  eventKey: fc.uuid(),
  total: fc.integer({ min: -10_000_000, max: 10_000_000 }).map((cents) => cents / 100),
  currency: fc.constantFrom('EUR', 'GBP', undefined),
});
type Order = typeof anOrder extends fc.Arbitrary<infer Value> ? Value : never;

function fold(orders: readonly Order[], day: number) {
  const buckets = new Map<string, Bucket>();
  for (const { atMs, eventKey, total, currency } of orders) {
    const event = { name: 'order', source: 'web', atMs, eventKey, properties: { total, currency } };
    for (const contribution of contributionsOf(event, metrics, 'EUR')) {
      const bucket = bucketOf(contribution, Math.floor(atMs / 86_400_000));
      const key = `${bucket.metric} ${bucket.unit} ${bucket.day}`;
      const known = buckets.get(key);
      if (known === undefined) buckets.set(key, bucket);
      else addBucket(known, bucket);
    }
  }
  return aggregateValues({ metrics, buckets: buckets.values(), day, currency: 'EUR' });
}

describe('aggregates', () => {
  it('are the same in any order of arrival, to the last ten-thousandth', () => {
    const shuffled = fc
      .uniqueArray(anOrder, { selector: ({ eventKey }) => eventKey, maxLength: 30 })
      .chain((orders) =>
        fc.tuple(
          fc.constant(orders),
          fc.shuffledSubarray(orders, { minLength: orders.length }),
          fc.integer({ min: 0, max: 8 }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([orders, other, day]) => {
        expect(fold(other, day)).toEqual(fold(orders, day));
      }),
    );
  });

  it('equal a plain recount at every day, and change exactly on the day announced', () => {
    fc.assert(
      fc.property(fc.array(anOrder, { maxLength: 12 }), (orders) => {
        for (let day = 0; day < 9; day += 1) {
          const found = fold(orders, day);
          const inWindow = orders.filter(({ atMs }) => {
            const on = Math.floor(atMs / 86_400_000);
            return on <= day && on > day - 3;
          });
          expect(found.values['n3']).toBe(inWindow.length);
          const cents = inWindow
            .filter(({ currency }) => currency !== 'GBP')
            .reduce((sum, { total }) => sum + Math.round(total * 100), 0);
          expect(Math.round((found.values['sum3'] ?? 0) * 100)).toBe(cents);
          const next = fold(orders, day + 1);
          const isSame =
            JSON.stringify([found.values, found.otherCurrencies]) ===
            JSON.stringify([next.values, next.otherCurrencies]);
          if (found.nextDay === null || found.nextDay > day + 1) expect(isSame).toBe(true);
        }
      }),
    );
  });

  it('never add across currencies', () => {
    const order = { atMs: 0, eventKey: 'k', total: 10 };
    const found = fold(
      [
        { ...order, currency: 'GBP' },
        { ...order, currency: 'EUR' },
      ],
      0,
    );
    expect(found.values['sum']).toBe(10);
    expect(found.otherCurrencies['sum']).toEqual({ GBP: '10.00' });
  });
});

describe('mastership', () => {
  const aClaim: fc.Arbitrary<Claim> = fc.record({
    trait: fc.constant('email'),
    source: fc.constantFrom('form', 'crm', 'web', 'erp'),
    value: fc.constantFrom('a', 'b', 'c'),
    atMs: fc.integer({ min: 0, max: 3 }),
    eventKey: fc.uuid(),
    isVerified: fc.boolean(),
  });

  it('has one winner, whatever the order, under every strategy', () => {
    const strategies = fc.record({
      strategy: fc.constantFrom('source_rank' as const, 'recency' as const),
      verifiedFirst: fc.boolean(),
    });
    const given = fc
      .tuple(fc.array(aClaim, { minLength: 1, maxLength: 8 }), strategies)
      .chain(([claims, strategy]) =>
        fc.tuple(
          fc.constant(claims),
          fc.shuffledSubarray(claims, { minLength: claims.length }),
          fc.constant(rule('email', ['form', 'crm'], strategy)),
        ),
      );
    fc.assert(
      fc.property(given, ([claims, shuffled, one]) => {
        expect(winnerOf(shuffled, one)).toEqual(winnerOf(claims, one));
        const winner = winnerOf(claims, one);
        const isVerified = claims.some(({ isVerified: any }) => any);
        if (one.verifiedFirst && isVerified) {
          const won = claims.find(({ eventKey }) => eventKey === winner?.provenance.eventKey);
          expect(won?.isVerified).toBe(true);
        }
      }),
    );
  });

  it.each([
    ['rank before recency', 'source_rank', 'crm', 'rank'],
    ['recency before rank', 'recency', 'web', 'recency'],
  ] as const)('%s', (_name, strategy, source, settledBy) => {
    const claim = { trait: 't', value: 'x', eventKey: 'k', isVerified: false };
    const claims = [
      { ...claim, source: 'crm', atMs: 1 },
      { ...claim, source: 'web', atMs: 2 },
    ];
    expect(winnerOf(claims, rule('string', ['crm', 'web'], { strategy }))?.provenance).toEqual({
      source,
      atMs: source === 'crm' ? 1 : 2,
      eventKey: 'k',
      rule: settledBy,
    });
  });

  it('reads traits by their types and refuses the rest alone', () => {
    const statement = {
      traits: {
        email: ' A@B.FR',
        churn: 2,
        city: 'Lyon',
        street: '1 rue X',
        segments: 1,
        hat: 'red',
      },
      source: 'crm',
      atMs: 1,
      eventKey: 'k',
      verified: new Set(['email']),
    };
    const { claims, refused } = readTraits(statement, rules, () => null);
    expect(Object.fromEntries(claims.map(({ trait, value }) => [trait, value]))).toEqual({
      email: 'a@b.fr',
      address: { street: '1 rue X', city: 'Lyon' },
      hat: 'red',
    });
    expect(claims.find(({ trait }) => trait === 'email')?.isVerified).toBe(true);
    expect(refused).toEqual([
      { trait: 'churn', reason: 'out_of_range' },
      { trait: 'segments', reason: 'reserved' },
    ]);
  });

  it('takes a trait named like what every object inherits as any other', () => {
    const traits = { toString: 'a', valueOf: 'b', hasOwnProperty: 'c', isPrototypeOf: 'd' };
    const statement = {
      traits,
      source: 'web',
      atMs: 1,
      eventKey: 'k',
      verified: new Set<string>(),
    };
    const { claims, refused } = readTraits(statement, rules, () => null);
    expect(refused).toEqual([]);
    const document = traitsOf(survive(claims, rules));
    expect(document.traits).toEqual(traits);
    expect(expressionView({ ...EMPTY_DOCUMENT, ...document }, rules)).toMatchObject(traits);
    expect(changedPaths(EMPTY_DOCUMENT, { ...EMPTY_DOCUMENT, ...document })).toEqual(
      Object.keys(traits).sort(),
    );
  });
});

describe('consents', () => {
  const from = (source: string, atMs: number) => ({ source, atMs, isBulk: false });
  const said = (status: string, more = {}) => ({
    channel: 'email',
    purpose: 'marketing',
    status,
    ...more,
  });

  it('fold to the same in any order, once or twice', () => {
    const statement = fc.record({
      channel: fc.constantFrom('email' as const, 'sms' as const, 'any' as const),
      purpose: fc.constant('marketing'),
      status: fc.constantFrom('granted' as const, 'denied' as const, 'unknown' as const),
      basis: fc.constantFrom('opt_in', null),
      source: fc.constantFrom('web', 'crm'),
      proof: fc.constantFrom('p', null),
      atMs: fc.integer({ min: 0, max: 3 }),
    });
    const given = fc
      .array(statement, { maxLength: 10 })
      .chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 }),
        ),
      );
    fc.assert(
      fc.property(given, ([all, shuffled]) => {
        expect(foldStatements(shuffled)).toEqual(foldStatements(all));
        expect(consentStatuses(foldStatements(all))).toEqual(consentStatuses(all));
        const middle = Math.floor(all.length / 2);
        const halves = [...foldStatements(all.slice(0, middle)), ...all.slice(middle)];
        expect(foldStatements(halves)).toEqual(foldStatements(all));
      }),
    );
  });

  it('the restrictive source wins until a newer grant brings its own proof', () => {
    const denied = readConsent(said('denied'), from('crm', 2));
    const granted = readConsent(said('granted', { basis: 'opt_in' }), from('web', 3));
    const proven = readConsent(said('granted', { basis: 'opt_in', proof: 'f' }), from('web', 3));
    if (denied === null || granted === null || proven === null) throw new Error('unreadable');
    expect(consentStatuses([denied, granted])).toEqual({ 'email:marketing': 'denied' });
    expect(consentStatuses([denied, proven])).toEqual({ 'email:marketing': 'granted' });
    expect(readConsent(said('perhaps'), from('web', 1))).toBeNull();
  });

  it('only a grant with ground and proof, of one person and not of tomorrow, is proven', () => {
    const grant = (atMs: number, over: object = {}) => ({
      channel: 'email',
      purpose: 'marketing',
      status: 'granted' as const,
      basis: 'opt_in',
      source: 'web',
      proof: 'form',
      atMs,
      ...over,
    });
    const unproven = [
      grant(5, { status: 'denied' }),
      grant(5, { proof: ' ' }),
      grant(5, { basis: null }),
      grant(5, { bulk: true }),
      grant(11),
      grant(NaN),
    ];
    expect(provenGrants(unproven, 10)).toEqual([]);
    const proven = [grant(3), grant(4, { source: 'crm' }), grant(2, { channel: 'sms' })];
    fc.assert(
      fc.property(fc.shuffledSubarray([...proven, ...unproven], { minLength: 9 }), (statements) => {
        expect(provenGrants(statements, 10)).toEqual([
          { channel: 'email', purpose: 'marketing', atMs: 4 },
          { channel: 'sms', purpose: 'marketing', atMs: 2 },
        ]);
      }),
    );
  });
});

describe('rfm', () => {
  it('cuts at fifths and scores one to five', () => {
    expect(quintileCuts([5, 1, 4, 2, 3])).toEqual([1, 2, 3, 4]);
    const inputs = [1, 2, 3, 4, 5].map((n) => ({ lastAtMs: n, count: n, value: n }));
    const cuts = rfmCuts(inputs);
    expect(inputs.map((input) => rfmText(input, cuts))).toEqual([
      '1-1-1',
      '2-2-2',
      '3-3-3',
      '4-4-4',
      '5-5-5',
    ]);
    expect(rfmText({ lastAtMs: 0, count: 0, value: 0 }, cuts)).toBe('');
    expect(rfmCuts([])).toBeNull();
  });
});
