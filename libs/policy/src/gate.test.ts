import { describe, expect, it } from 'vitest';
import {
  gate,
  gateChecks,
  gateOf,
  GATE_STAGES,
  reasonText,
  stageOf,
  WITHHELD_REASONS,
  type GateRequest,
  type Suppression,
} from './index.js';

const HOUR_MS = 3_600_000;
const NOW_MS = 1_000 * HOUR_MS;

const CLEAR: GateRequest = {
  atMs: NOW_MS,
  profileId: 'p1',
  channel: 'email',
  purpose: { id: 'marketing', basis: ['opt_in', 'soft_opt_in', 'legitimate_interest_b2b'] },
  action: 'offer',
  group: 'policy',
  enrolmentEnded: false,
  address: 'valid',
  hasSender: true,
  suppressions: [],
  consents: [
    {
      channel: 'email',
      purpose: 'marketing',
      status: 'granted',
      basis: 'opt_in',
      source: 'form',
      proof: 'form-1',
      atMs: 1,
    },
  ],
  hasPurchased: false,
  professional: false,
  b2bRelevant: false,
  sector: null,
  holds: [
    { id: 'open-complaint', purpose: 'marketing', holds: false, ceasedAtMs: null, lastsMs: 0 },
  ],
  caps: [{ channel: 'email', purpose: 'marketing', per: '1d', max: 1 }],
  reservations: [],
  ownCommandIds: ['own'],
  today: 41,
  quietHours: { kind: 'answered', openAtMs: NOW_MS, openDay: 41, otherwise: 'wait' },
  firstPutOffAtMs: null,
};

const consent = (more: object) => ({ consents: [{ ...CLEAR.consents?.[0], ...more }] });
const suppressed = (reason: string) => ({
  suppressions: [
    { kind: 'address', key: 'k', reason, channel: null, purpose: null, sinceMs: 0, untilMs: null },
  ],
});
const hold = (more: object) => ({ holds: [{ ...CLEAR.holds?.[0], ...more }] });
const hours = (openAtMs: number | null, otherwise = 'wait', openDay: number | null = 42) => ({
  quietHours: { kind: 'answered', openAtMs, openDay, otherwise },
});
const place = {
  commandId: 'other',
  channel: 'email',
  purpose: 'marketing',
  day: 41,
  state: 'consumed',
  expiresAtMs: 0,
};

function answer(more: object): string {
  const verdict = gate({ ...CLEAR, ...more });
  if (verdict.kind === 'allow') return 'allow';
  if (verdict.kind === 'putOff') return `putOff ${(verdict.untilMs - NOW_MS) / HOUR_MS}`;
  expect(verdict.stage).toBe(stageOf(verdict.reason));
  return verdict.detail === '' ? verdict.reason : `${verdict.reason}: ${verdict.detail}`;
}

const b2b = consent({ basis: 'legitimate_interest_b2b', proof: null });
const job = { professional: true, b2bRelevant: true };
const TABLE: [string, object, string][] = [
  ['everything in order', {}, 'allow'],
  ['no readable time', { atMs: NaN }, 'request_invalid'],
  ['no day', { today: undefined }, 'request_invalid'],
  ['a channel called any', { channel: 'any' }, 'request_invalid'],
  ['enrolment over', { enrolmentEnded: true }, 'enrolment_ended'],
  ['enrolment unread', { enrolmentEnded: undefined }, 'enrolment_ended'],
  ['no such purpose', { purpose: null }, 'purpose_unknown'],
  ['renovation', { sector: 'renovation' }, 'sector_forbidden: renovation'],
  ['holdout', { group: 'holdout' }, 'holdout'],
  ['group unread', { group: null }, 'group_unknown'],
  ['group of no list', { group: 'vip' }, 'group_unknown'],
  ['no address', { address: 'none' }, 'no_address'],
  ['address unread', { address: undefined }, 'no_address'],
  ['bad address', { address: 'invalid' }, 'address_invalid'],
  ['no sender', { hasSender: false }, 'no_sender'],
  ['suppressions unread', { suppressions: null }, 'suppression_unknown'],
  ['hard bounce', suppressed('hard_bounce'), 'suppressed_hard_bounce'],
  ['complaint', suppressed('complaint'), 'suppressed_complaint'],
  ['unsubscribed', suppressed('unsubscribed'), 'suppressed_unsubscribed'],
  ['suppressed for no listed reason', suppressed('mood'), 'suppression_unknown'],
  ['consents unread', { consents: null }, 'consent_unknown'],
  ['nothing said', { consents: [] }, 'consent_unknown'],
  ['refused', consent({ status: 'denied' }), 'consent_denied: form'],
  ['no proof', consent({ proof: null }), 'consent_proof_missing: opt_in'],
  ['no basis', consent({ basis: null }), 'consent_basis_not_allowed'],
  ['basis of no list', consent({ basis: 'friendship' }), 'consent_basis_not_allowed: friendship'],
  [
    'contract is no ground for marketing',
    consent({ basis: 'contract' }),
    'consent_basis_not_allowed: contract',
  ],
  [
    'soft opt-in without a purchase',
    consent({ basis: 'soft_opt_in' }),
    'consent_no_purchase: soft_opt_in',
  ],
  [
    'soft opt-in of a customer',
    { ...consent({ basis: 'soft_opt_in' }), hasPurchased: true },
    'allow',
  ],
  [
    'business interest, private person',
    { ...b2b, b2bRelevant: true },
    'consent_not_professional: legitimate_interest_b2b',
  ],
  [
    'business interest, other message',
    { ...b2b, professional: true },
    'consent_not_professional: legitimate_interest_b2b',
  ],
  ['business interest', { ...b2b, ...job }, 'allow'],
  ['holds unread', { holds: null }, 'hold_unknown'],
  ['held', hold({ holds: true }), 'held: open-complaint'],
  ['hold not evaluated', hold({ holds: null }), 'hold_unknown: open-complaint'],
  [
    'hold ceased a moment ago',
    hold({ ceasedAtMs: NOW_MS - 1, lastsMs: 2 }),
    'held: open-complaint',
  ],
  ['hold over', hold({ ceasedAtMs: NOW_MS - 2, lastsMs: 2 }), 'allow'],
  ['hold of another purpose', hold({ holds: true, purpose: 'survey' }), 'allow'],
  ['caps unread', { caps: null }, 'cap_invalid'],
  ['places unread', { reservations: null }, 'cap_unknown'],
  ['cap reached', { reservations: [place] }, 'cap: email 1/1, 1d'],
  ['own place', { reservations: [{ ...place, commandId: 'own' }] }, 'allow'],
  ['closed', hours(NOW_MS + 9 * HOUR_MS), 'putOff 9'],
  [
    'closed, today taken, room tomorrow',
    { reservations: [place], ...hours(NOW_MS + 9 * HOUR_MS) },
    'putOff 9',
  ],
  [
    'closed, tomorrow taken',
    { reservations: [{ ...place, day: 42 }], ...hours(NOW_MS + 9 * HOUR_MS) },
    'cap: email 1/1, 1d',
  ],
  [
    'tomorrow taken, but hours ignored',
    {
      purpose: { ...CLEAR.purpose, ignores: ['quiet_hours'] },
      reservations: [{ ...place, day: 42 }],
      ...hours(NOW_MS + 9 * HOUR_MS),
    },
    'allow',
  ],
  ['day of the opening unread', hours(NOW_MS + 9 * HOUR_MS, 'wait', null), 'cap_unknown'],
  ['closed, not to wait', hours(NOW_MS + 9 * HOUR_MS, 'withhold'), 'quiet_hours'],
  ['closed for 96 h', hours(NOW_MS + 96 * HOUR_MS), 'putOff 96'],
  ['closed for longer', hours(NOW_MS + 96 * HOUR_MS + 1), 'quiet_hours_too_far'],
  [
    'put off before',
    { ...hours(NOW_MS + 9 * HOUR_MS), firstPutOffAtMs: NOW_MS - 88 * HOUR_MS },
    'quiet_hours_too_far',
  ],
  ['never open', hours(null), 'quiet_hours_too_far'],
  ['an opening in the past', hours(NOW_MS - 1), 'quiet_hours_unknown'],
  ['an unreadable opening', hours(NaN), 'quiet_hours_unknown'],
  ['hours unread', { quietHours: null }, 'quiet_hours_unknown'],
  ['no zone', { quietHours: { kind: 'unknown', reason: 'zone_unknown' } }, 'zone_unknown'],
  ['no hours for the channel', { quietHours: { kind: 'unrestricted' } }, 'allow'],
];

describe('gate', () => {
  it.each(TABLE)('%s', (_name, more, expected) => {
    expect(answer(more)).toBe(expected);
  });

  it('checks in the stated order', () => {
    expect(gateChecks.map((check) => check.stage)).toEqual(GATE_STAGES.slice(0, -1));
    const all = {
      group: 'holdout',
      address: 'none',
      ...suppressed('complaint'),
      consents: [],
      ...hold({ holds: true }),
      reservations: [place],
      ...hours(null),
    };
    const stages = gateChecks.slice(1).map((_, index) => {
      const rest = gateChecks.slice(index + 1);
      const verdict = gateOf(rest)({ ...CLEAR, ...all } as unknown as GateRequest);
      return verdict.kind === 'withhold' ? verdict.stage : verdict.kind;
    });
    expect(stages).toEqual(gateChecks.slice(1).map((check) => check.stage));
  });

  it('refuses when any field is missing but those that may be', () => {
    const mayMiss = [
      'action',
      'sector',
      'firstPutOffAtMs',
      'hasPurchased',
      'professional',
      'b2bRelevant',
    ];
    for (const field of Object.keys(CLEAR)) {
      for (const nothing of [null, undefined]) {
        const verdict = gate({ ...CLEAR, [field]: nothing });
        expect([field, verdict.kind]).toEqual([
          field,
          mayMiss.includes(field) ? 'allow' : 'withhold',
        ]);
      }
    }
  });
});

describe('a transactional purpose', () => {
  const purpose = {
    id: 'transactional',
    basis: ['contract'],
    ignores: ['holdout', 'caps', 'quiet_hours', 'suppression', 'consent', 'address'],
    obeys: ['suppression'],
  };
  const asks = (more: object): string => answer({ purpose, consents: [], ...more });
  it('needs no consent and leaves out what it may', () => {
    expect(asks({})).toBe('allow');
    expect(asks({ group: 'holdout', reservations: null, quietHours: null })).toBe('allow');
    expect(asks({ consents: [{ ...CLEAR.consents?.[0], status: 'denied' }] })).toBe('allow');
    expect(asks({ sector: 'renovation' })).toBe('allow');
  });
  it('honours suppressions, its own refusal, and an address', () => {
    expect(asks(suppressed('hard_bounce'))).toBe('suppressed_hard_bounce');
    expect(asks({ address: 'none' })).toBe('no_address');
    expect(asks({ consents: null })).toBe('consent_unknown');
    const refusal = { ...CLEAR.consents?.[0], purpose: 'transactional', status: 'denied' };
    expect(asks({ consents: [refusal] })).toBe('consent_denied: form');
  });
  it('is not suppressed by an unsubscription from marketing', () => {
    const [row] = suppressed('unsubscribed').suppressions as unknown as Suppression[];
    expect(asks({ suppressions: [{ ...row, purpose: 'marketing' }] })).toBe('allow');
  });
  it('obeys what it says it obeys', () => {
    const strict = { ...purpose, obeys: ['caps'] };
    expect(answer({ purpose: strict, consents: [], reservations: null })).toBe('cap_unknown');
  });
});

describe('reasons', () => {
  it('have a sentence in both languages', () => {
    for (const reason of WITHHELD_REASONS) {
      const [french, english] = [reasonText(reason, 'fr'), reasonText(reason, 'en')];
      expect(french.length * english.length).toBeGreaterThan(100);
      expect(french).not.toBe(english);
    }
    expect(reasonText('held', 'en', 'open-complaint')).toMatch(/ \(open-complaint\)$/);
  });
});
