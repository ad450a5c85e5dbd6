import { FRANCE_DEFAULTS, gate } from '#libs/policy';
import { describe, expect, it } from 'vitest';
import { oracle } from './policy-oracle.js';
import { answerOf, calendar, requestOf } from './under-test.js';
import type { ConsentRow, World } from './world.js';

/** The rules of France that bear on a send, one table: rule, case, answer. */

const at = (text: string): number => Date.parse(text);
const MONDAY_MS = at('2026-11-23T12:00:00+01:00');

const GRANT: ConsentRow = {
  channel: 'email',
  purpose: 'marketing',
  status: 'granted',
  basis: 'opt_in',
  source: 'form',
  proof: 'form-1',
  atMs: at('2026-01-01T00:00:00Z'),
  bulk: false,
};

const BASE: World = {
  atMs: MONDAY_MS,
  channel: 'email',
  purposeId: 'marketing',
  actionId: 'offer',
  purposes: FRANCE_DEFAULTS.purposes.map((one) => ({
    ...one,
    ignores: one.ignores ?? [],
    obeys: one.obeys ?? [],
  })),
  caps: FRANCE_DEFAULTS.caps,
  quietHours: FRANCE_DEFAULTS.quiet_hours.map((rule) => ({
    ...rule,
    allow: [rule.allow].flat() as World['quietHours'][number]['allow'],
    otherwise: rule.otherwise ?? 'wait',
  })),
  holds: [],
  suppress: { hard_bounces: 1, soft_bounces: { count: 3, per: '30d' }, complaints: 1 },
  profileZone: 'Europe/Paris',
  workspaceZone: 'Europe/Paris',
  profileCountry: null,
  workspaceCountry: 'FR',
  group: 'policy',
  enrolmentEnded: false,
  address: 'valid',
  hasSender: true,
  failures: [],
  suppressions: [],
  consents: [GRANT],
  hasPurchased: false,
  professional: false,
  b2bRelevant: false,
  sector: null,
  reservations: [],
  ownCommandIds: ['own'],
  firstPutOffAtMs: null,
};

const said = (...rows: Partial<ConsentRow>[]): Partial<World> => ({
  consents: rows.map((row) => ({ ...GRANT, ...row })),
});
const refusal = { status: 'denied', basis: null, proof: null, source: 'sms_reply' } as const;
const on = (channel: string, text: string, more: Partial<World> = {}): Partial<World> => ({
  channel,
  atMs: at(text),
  ...said({ channel }),
  ...more,
});
const today = calendar.localDay(MONDAY_MS, 'Europe/Paris');
const sent = (...contacts: [string, number][]): Partial<World> => ({
  reservations: contacts.map(([channel, daysAgo], index) => ({
    commandId: `c${index}`,
    channel,
    purpose: 'marketing',
    day: today - daysAgo,
    state: 'consumed',
    expiresAtMs: 0,
  })),
});
const b2b = said({ basis: 'legitimate_interest_b2b', proof: null });
const suppression = {
  kind: 'address',
  key: 'hash',
  reason: 'unsubscribed',
  channel: 'email',
  purpose: 'marketing',
  sinceMs: MONDAY_MS - 1,
  untilMs: null,
} as const;
const complaint = (more: object): Partial<World> => ({
  holds: [
    {
      id: 'open-complaint',
      purpose: 'marketing',
      lasts: '7d',
      holds: false,
      ceasedAtMs: null,
      ...more,
    },
  ],
});
const DAY_MS = 86_400_000;

const TABLE: [number, string, Partial<World>, string][] = [
  [1, 'opt-in with proof', {}, 'allow'],
  [1, 'nothing said', said(), 'consent_unknown'],
  [1, 'opt-in without proof', said({ proof: null }), 'consent_proof_missing'],
  [1, 'opt-in of another channel', said({ channel: 'sms' }), 'consent_unknown'],
  [1, 'opt-in of another purpose', said({ purpose: 'survey' }), 'consent_unknown'],
  [
    2,
    'customer who was offered to refuse',
    { ...said({ basis: 'soft_opt_in' }), hasPurchased: true },
    'allow',
  ],
  [2, 'no customer', said({ basis: 'soft_opt_in' }), 'consent_no_purchase'],
  [
    2,
    'no trace of the offer',
    { ...said({ basis: 'soft_opt_in', proof: '' }), hasPurchased: true },
    'consent_proof_missing',
  ],
  [3, 'professional, about the job', { ...b2b, professional: true, b2bRelevant: true }, 'allow'],
  [
    3,
    'professional, about something else',
    { ...b2b, professional: true },
    'consent_not_professional',
  ],
  [3, 'private person', { ...b2b, b2bRelevant: true }, 'consent_not_professional'],
  [
    3,
    'professional who objected',
    {
      ...said({ basis: 'legitimate_interest_b2b' }, refusal),
      professional: true,
      b2bRelevant: true,
    },
    'consent_denied',
  ],
  [5, 'unsubscribed a moment ago', { suppressions: [suppression] }, 'suppressed_unsubscribed'],
  [
    5,
    'an order confirmation after that',
    { suppressions: [suppression], purposeId: 'transactional' },
    'allow',
  ],
  [
    5,
    'an order confirmation to a dead address',
    { failures: [{ kind: 'hard_bounce', atMs: 1 }], purposeId: 'transactional' },
    'suppressed_hard_bounce',
  ],
  [7, 'SMS at 8', on('sms', '2026-11-23T08:00:00+01:00'), 'allow'],
  [7, 'SMS at 19:59', on('sms', '2026-11-23T19:59:59+01:00'), 'allow'],
  [7, 'SMS at 20', on('sms', '2026-11-23T20:00:00+01:00'), 'putOff 2026-11-24T07:00:00.000Z'],
  [7, 'SMS on a Sunday', on('sms', '2026-11-22T12:00:00+01:00'), 'putOff 2026-11-23T07:00:00.000Z'],
  [7, 'SMS on 14 July', on('sms', '2026-07-14T12:00:00+02:00'), 'putOff 2026-07-15T06:00:00.000Z'],
  [
    7,
    'SMS on Easter Saturday night',
    on('sms', '2026-04-04T21:00:00+02:00'),
    'putOff 2026-04-07T06:00:00.000Z',
  ],
  [
    7,
    'SMS at noon in Paris, 15 h in Reunion',
    on('sms', '2026-11-23T12:00:00+01:00', { profileZone: 'Indian/Reunion' }),
    'allow',
  ],
  [
    7,
    'SMS at 18 in Paris, 21 h in Reunion',
    on('sms', '2026-11-23T18:00:00+01:00', { profileZone: 'Indian/Reunion' }),
    'putOff 2026-11-24T04:00:00.000Z',
  ],
  [
    7,
    "SMS on Reunion's own holiday",
    on('sms', '2027-12-20T12:00:00+04:00', { profileZone: 'Indian/Reunion' }),
    'putOff 2027-12-21T04:00:00.000Z',
  ],
  [
    7,
    'SMS to a person whose zone is no zone',
    on('sms', '2026-11-23T12:00:00+01:00', { profileZone: 'Mars/Base' }),
    'allow',
  ],
  [8, 'call with opt-in at 10', on('call', '2026-11-23T10:00:00+01:00'), 'allow'],
  [8, 'call at lunch', on('call', '2026-11-23T13:30:00+01:00'), 'putOff 2026-11-23T13:00:00.000Z'],
  [
    8,
    'call on a Saturday',
    on('call', '2026-11-21T11:00:00+01:00'),
    'putOff 2026-11-23T09:00:00.000Z',
  ],
  [8, 'call without opt-in', on('call', '2026-11-23T10:00:00+01:00', said()), 'consent_unknown'],
  [
    8,
    'fifth call of 30 days',
    on(
      'call',
      '2026-11-23T12:00:00+01:00',
      sent(['call', 29], ['call', 20], ['call', 15], ['call', 10]),
    ),
    'cap',
  ],
  [
    8,
    'fifth call of 31 days',
    on(
      'call',
      '2026-11-23T12:00:00+01:00',
      sent(['call', 30], ['call', 20], ['call', 15], ['call', 10]),
    ),
    'allow',
  ],
  [9, 'renovation prospects', { sector: 'renovation' }, 'sector_forbidden'],
  [
    9,
    'renovation confirms an order',
    { sector: 'renovation', purposeId: 'transactional' },
    'allow',
  ],
  [12, 'second e-mail of the day', sent(['email', 0]), 'cap'],
  [12, 'e-mail of yesterday', sent(['email', 1]), 'allow'],
  [12, 'fourth e-mail of 7 days', sent(['email', 6], ['email', 4], ['email', 2]), 'cap'],
  [12, 'fourth e-mail of 8 days', sent(['email', 7], ['email', 4], ['email', 2]), 'allow'],
  [12, 'second SMS of 7 days', on('sms', '2026-11-23T12:00:00+01:00', sent(['sms', 6])), 'cap'],
  [
    12,
    'fifth contact of 7 days over all channels',
    on(
      'sms',
      '2026-11-23T12:00:00+01:00',
      sent(['email', 6], ['email', 5], ['email', 4], ['call', 3]),
    ),
    'cap',
  ],
  [
    13,
    'e-mail at 22',
    { atMs: at('2026-11-23T22:00:00+01:00') },
    'putOff 2026-11-24T06:00:00.000Z',
  ],
  [13, 'e-mail on a Sunday', { atMs: at('2026-11-22T12:00:00+01:00') }, 'allow'],
  [14, 'complaint open', complaint({ holds: true }), 'held'],
  [14, 'complaint closed six days ago', complaint({ ceasedAtMs: MONDAY_MS - 6 * DAY_MS }), 'held'],
  [
    14,
    'complaint closed seven days ago',
    complaint({ ceasedAtMs: MONDAY_MS - 7 * DAY_MS }),
    'allow',
  ],
  [
    14,
    'complaint open, order confirmation',
    { ...complaint({ holds: true }), purposeId: 'transactional' },
    'allow',
  ],
  [15, 'opt-in renewed with proof after STOP', said({ ...refusal, atMs: 1 }, {}), 'allow'],
  [
    15,
    'opt-in from a bulk sync after STOP',
    said({ ...refusal, atMs: 1 }, { source: 'crm', bulk: true }),
    'consent_denied',
  ],
  [15, 'opt-in before STOP', said({ ...refusal, atMs: GRANT.atMs + 1 }, {}), 'consent_denied'],
];

describe('the rules of France', () => {
  it.each(TABLE)('rule %i: %s', (_rule, _name, more, expected) => {
    const world = { ...BASE, ...more };
    for (const answer of [answerOf(gate(requestOf(world))), oracle(world)]) {
      const until =
        answer.untilMs === undefined ? '' : ` ${new Date(answer.untilMs).toISOString()}`;
      expect(answer.reason ?? `${answer.kind}${until}`).toBe(expected);
    }
  });
});
