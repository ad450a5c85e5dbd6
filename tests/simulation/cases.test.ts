import { describe, expect, it } from 'vitest';
import { runCart } from './sample.js';

const LEA =
  '{ traits: { email: lea@example.com, country: FR }, consents: { email.marketing: granted } }';
const CART = 'event: cart_updated, properties: { cart_id: c1, total: 80.0 }';
const START = `{ at: 2026-05-04T10:00, ${CART} }`;

interface Setting {
  readonly profile?: string;
  readonly head?: readonly string[];
  readonly lines: readonly string[];
}

/** A file of one case; stated decisions unless the head says otherwise. */
function file({ profile = LEA, head = ['decisions: { rescue: cart-reminder }'], lines }: Setting) {
  return [
    'scenario: abandoned-cart',
    `profile: ${profile}`,
    ...head,
    'timeline:',
    ...lines.map((line) => `  - ${line}`),
  ].join('\n');
}

/** What the case failed to meet, as lines of the file. */
async function failedLines(setting: Setting): Promise<readonly number[]> {
  const { reports } = await runCart(file(setting));
  expect(reports).toHaveLength(1);
  return reports.flatMap(({ failures }) => failures.map(({ place }) => place.line));
}

async function traceOf(setting: Setting) {
  const { reports } = await runCart(file(setting));
  return reports.flatMap(({ trace }) => trace);
}

describe('a person of a test', () => {
  it('has aggregates on top of which events count', async () => {
    const profile = `${LEA.slice(0, -2)}, aggregates: { orders_365d: 2 } }`;
    const lines = [
      '{ at: 2026-05-01T10:00, event: order_completed, properties: { order_id: o1, total: 9.0 } }',
      START,
      '{ after: 33h, expect: { delivered: cart-reminder } }',
      '{ after: 4d, expect: { task: [] } }',
    ];
    // Two stated and one that happened: the split asks for three.
    const withOrder = await traceOf({ profile, lines });
    const without = await traceOf({ profile, lines: lines.slice(1) });
    const branchOf = (trace: typeof withOrder) =>
      trace.flatMap((one) =>
        one.kind === 'step' && one.stepId.endsWith('split-1') ? [one.branch] : [],
      );
    expect(branchOf(withOrder)).not.toEqual(branchOf(without));
  });

  it('is in the stated segments whatever happens, and so on hold', async () => {
    const profile = `${LEA.slice(0, -2)}, segments: [complaint_open] }`;
    const lines = [
      START,
      '{ after: 33h, expect: { withheld: { action: cart-reminder, reason: held, stage: holds } } }',
    ];
    expect(await failedLines({ profile, lines })).toEqual([]);
  });

  it('belongs to no account unless one is stated: nobody owns the task', async () => {
    const profile = `${LEA.slice(0, -2)}, aggregates: { orders_365d: 3 } }`;
    const lines = [
      START,
      '{ after: 33h, expect: { delivered: cart-reminder } }',
      '{ after: 3d, expect: { task: [], withheld: { reason: no_owner, channel: task } } }',
    ];
    expect(await failedLines({ profile, lines })).toEqual([]);
  });

  it('may learn and unlearn: traits and consents change on the way', async () => {
    const lines = [
      START,
      '{ after: 1h, event: consent_changed, properties: { channel: email, purpose: marketing, status: denied } }',
      '{ after: 32h, expect: { withheld: { reason: consent_denied } } }',
    ];
    expect(await failedLines({ lines })).toEqual([]);
    const moved = [
      '{ at: 2026-05-04T10:00, traits: { timezone: America/New_York } }',
      `{ after: 1h, ${CART} }`,
      '{ at: 2026-05-06T12:00, expect: { delivered: { at: 2026-05-05T18:30:00-04:00 } } }',
    ];
    expect(await failedLines({ lines: moved })).toEqual([]);
  });
});

describe('the gate', () => {
  it('lets one e-mail a day through, as policies.yaml says', async () => {
    const lines = [
      START,
      '{ after: 1h, event: cart_updated, properties: { cart_id: c2, total: 90.0 } }',
      '{ at: 2026-05-05T18:30, expect: { delivered: cart-reminder, withheld: { reason: cap, stage: caps, at: 2026-05-05T18:30 } } }',
    ];
    expect(await failedLines({ lines })).toEqual([]);
  });

  it('keeps an SMS out of the night and of Sunday', async () => {
    const profile =
      "{ traits: { mobile: '+33612345678', country: FR }, consents: { sms.marketing: granted } }";
    const head = ['decisions: { rescue: cart-offer-10/sms }'];
    // The scenario sends at 18:30; a person far to the east has night by then.
    const lines = [
      '{ at: 2026-05-07T10:00, traits: { timezone: Indian/Reunion } }',
      `{ after: 1m, ${CART} }`,
      '{ at: 2026-05-12T12:00, expect: { delivered: { channel: sms } } }',
    ];
    expect(await failedLines({ profile, head, lines })).toEqual([]);
  });
});

describe('decisions', () => {
  it('are the engine’s own where nothing is stated, and the same each time', async () => {
    const lines = [START, '{ after: 33h, expect: { nothing: true } }'];
    const live = await traceOf({ head: [], lines });
    expect(await traceOf({ head: ['decisions: live'], lines })).toEqual(live);
    const decided = live.filter(({ kind }) => kind === 'decided');
    expect(decided).toHaveLength(1);
    // Without an account nobody can be called.
    const refused = expect.arrayContaining([{ action: 'call-from-rep', reason: 'not_eligible' }]);
    expect(decided[0]).toMatchObject({ refused });
  });

  it('at random come out otherwise for some', async () => {
    const lines = (cart: string) => [
      `{ at: 2026-05-04T10:00, event: cart_updated, properties: { cart_id: ${cart}, total: 80.0 } }`,
      '{ after: 33h, expect: { nothing: true } }',
    ];
    const chosen = new Set<string>();
    for (let index = 0; index < 12; index += 1) {
      const trace = await traceOf({ head: ['decisions: random'], lines: lines(`c${index}`) });
      for (const one of trace) if (one.kind === 'decided') chosen.add(one.action);
    }
    expect(chosen.size).toBeGreaterThan(2);
  });
});

describe('an expectation', () => {
  const after = (expectation: string) => [START, `{ after: 33h, expect: ${expectation} }`];
  const fails: readonly (readonly [string, string])[] = [
    ['of another action', '{ delivered: cart-offer-10 }'],
    ['of another minute', '{ delivered: { at: 2026-05-05T18:29 } }'],
    ['of another channel', '{ delivered: { channel: sms } }'],
    ['of two where there is one', '{ delivered: [cart-reminder, cart-reminder] }'],
    ['of none where there is one', '{ delivered: [] }'],
    ['of nothing', '{ nothing: true }'],
    ['of an end', '{ ended: done }'],
    ['of another step', '{ waiting: came_back }'],
    [
      'of another instant to wait for',
      '{ waiting: { step: wait_for-2, until: 2026-05-08T18:31 } }',
    ],
    ['of another choice', '{ decided: nothing }'],
    ['of a reason', '{ withheld: { reason: cap } }'],
    ['of the held out', '{ entered: { group: holdout } }'],
    ['of a refusal', '{ not_entered: true }'],
    ['of a goal', '{ goal: true }'],
    ['of a task', '{ task: true }'],
    ['of a delay', '{ put_off: { action: cart-reminder } }'],
  ];
  for (const [what, expectation] of fails) {
    it(`${what} fails at its place`, async () => {
      expect(await failedLines({ lines: after(expectation) })).toEqual([6]);
    });
  }

  const holds: readonly string[] = [
    '{ delivered: cart-reminder, waiting: { step: wait_for-2, until: 2026-05-08T18:30 } }',
    '{ delivered: { step: deliver-1, treatment: email, channel: email }, entered: { group: policy } }',
    '{ decided: { step: rescue, action: cart-reminder }, withheld: [], task: [], put_off: [] }',
    '{ entered: true, decided: cart-reminder, delivered: cart-reminder, nothing: true }',
  ];
  for (const expectation of holds) {
    it(`${expectation} is met`, async () => {
      expect(await failedLines({ lines: after(expectation) })).toEqual([]);
    });
  }

  it('looks at what happened since it was last looked at', async () => {
    const lines = [
      START,
      '{ after: 33h, expect: { delivered: cart-reminder } }',
      '{ after: 1h, expect: { delivered: cart-reminder } }',
      '{ after: 1h, expect: { nothing: true } }',
    ];
    expect(await failedLines({ lines })).toEqual([7]);
  });
});
