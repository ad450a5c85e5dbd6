import { describe, expect, it } from 'vitest';
import { SAMPLE, type Changes } from '../testing/changed-sample.js';
import { problems, told, trial } from '../testing/linted-sample.js';

/** The sample's policies with other quiet hours. */
const hours = (rules: string): Changes => ({
  'policies.yaml': (SAMPLE.get('policies.yaml') ?? '').replace(
    /quiet_hours:[^]*?\nholds:/,
    `quiet_hours:\n${rules}\nholds:`,
  ),
});

describe('what files say of each other', () => {
  const sms = '  - { channel: sms, allow: ';
  const zone = ', zone: profile, otherwise: wait }';
  const noSms: Changes = {
    'relance.yaml': (SAMPLE.get('relance.yaml') ?? '').replace(/^ *sms: .*\n/m, ''),
    'actions/cart-free-delivery.yaml': ['    sender: sms\n', ''],
    'actions/cart-offer-10.yaml': ['    sender: sms\n', ''],
    'actions/winback-offer-15.yaml': ['    sender: sms\n', ''],
  };
  const tries: readonly (readonly [string, Changes, readonly string[]])[] = [
    [
      'a number that nobody supplies',
      { 'profile.yaml': ['  loyalty: ', '  points: { type: number }\n  loyalty: '] },
      ['profile.yaml:25:3 RLN-1310?'],
    ],
    [
      'a number whose master is no source',
      { 'profile.yaml': ['range: [0, 1], master: [crm] }', 'range: [0, 1], master: [cmr] }'] },
      ['profile.yaml:23:55 RLN-1301'],
    ],
    [
      'a date that a mapping supplies',
      {
        'profile.yaml': [
          'birthday:  { type: date, personal: true, master: [form, crm] }',
          'birthday: { type: date }',
        ],
        'mappings/profiles.yaml': ['traits:\n', 'traits:\n  birthday: row.Birthday\n'],
      },
      [],
    ],
    [
      'a trait called as a part of the profile',
      { 'profile.yaml': ['  loyalty: ', '  segments: { type: string }\n  loyalty: '] },
      ['profile.yaml:25:3 RLN-1316'],
    ],
    [
      'an event called as one of the engine',
      {
        'events/signed-up.yaml':
          'event: relance_signed_up\nproperties: { form: { type: string } }\n',
        ...trial('  - emit: { event: relance_message_clicked }', 'entry: { api: true }'),
        'trial.yaml': null,
      },
      ['events/signed-up.yaml:1:8 RLN-1316', 'welcome.yaml:10:7 RLN-1302?'],
    ],
    [
      'an event of the engine that a scenario emits',
      trial('  - emit: { event: relance_message_clicked }'),
      ['trial.yaml:7:20 RLN-1316'],
    ],
    [
      'hours that never open',
      hours(`${sms}{ from: "08:00", to: "08:00" }${zone}`),
      ['policies.yaml:11:5 RLN-1311'],
    ],
    [
      'hours of two rules that never meet',
      hours(
        `${sms}{ from: "08:00", to: "12:00" }${zone}\n  - { channel: any, allow: { from: "12:00", to: "20:00" }${zone}`,
      ),
      ['policies.yaml:12:5 RLN-1311'],
    ],
    [
      'hours of two rules that meet at night',
      hours(
        `${sms}{ from: "22:00", to: "06:00" }${zone}\n  - { channel: any, allow: { from: "05:59", to: "22:00" }${zone}`,
      ),
      [],
    ],
    [
      'hours that open too seldom',
      hours(`${sms}{ days: [mon], from: "08:00", to: "20:00" }${zone}`),
      ['policies.yaml:11:5 RLN-1312?'],
    ],
    [
      'hours that open often enough',
      hours(`${sms}{ days: [mon, thu, sat], from: "08:00", to: "20:00" }${zone}`),
      [],
    ],
    [
      'caps that let nothing through',
      {
        'policies.yaml': [
          'channel: email, purpose: marketing, per: 1d, max: 1',
          'channel: email, purpose: marketing, per: 1d, max: 0',
        ],
      },
      [
        'abandoned-cart.yaml:41:17 RLN-1313',
        'b2b-reorder.yaml:29:17 RLN-1313',
        'welcome.yaml:28:17 RLN-1313',
        'welcome.yaml:28:32 RLN-1313',
        'welcome.yaml:43:24 RLN-1313',
        'win-back.yaml:30:17 RLN-1313',
        'win-back.yaml:30:53 RLN-1313',
        'win-back.yaml:46:35 RLN-1313',
      ],
    ],
    [
      'an aggregate of a property that is not there',
      { 'profile.yaml': ['sum: order_completed.total', 'sum: order_completed.totl'] },
      ['profile.yaml:31:24 RLN-1318?'],
    ],
    [
      'groups of more people than there are',
      { 'relance.yaml': ['holdout: { share: 5%', 'holdout: { share: 97%'] },
      ['relance.yaml:13:10 RLN-1319'],
    ],
    [
      'groups of all people there are',
      { 'relance.yaml': ['holdout: { share: 5%', 'holdout: { share: 96%'] },
      [],
    ],
    [
      'a country that does not exist',
      { 'relance.yaml': ['country: FR', 'country: ZZ'] },
      ['relance.yaml:7:10 RLN-1321'],
    ],
    [
      'a country by another code than its own',
      { 'relance.yaml': ['country: FR', 'country: UK'] },
      ['relance.yaml:7:10 RLN-1321'],
    ],
    ['a country of its own code', { 'relance.yaml': ['country: FR', 'country: GB'] }, []],
    [
      'zones that do not exist',
      {
        'relance.yaml': ['timezone: Europe/Paris', 'timezone: Europe/Pariss'],
        'policies.yaml': [
          'from: "07:00", to: "21:00" }, zone: profile',
          'from: "07:00", to: "21:00" }, zone: Mars/Base',
        ],
        'mappings/online-retail.yaml': ['timezone: Europe/London', 'timezone: Europe/Londres'],
        'win-back.yaml': ['zone: profile', 'zone: Europe/Lisboa'],
        'b2b-reorder.yaml': ['zone: account', 'zone: Europe/Lisbon'],
      },
      [
        'mappings/online-retail.yaml:4:65 RLN-1317',
        'policies.yaml:12:68 RLN-1317',
        'relance.yaml:4:11 RLN-1317',
        'win-back.yaml:27:63 RLN-1317',
      ],
    ],
    [
      'SMS without a sender',
      noSms,
      [
        'actions/cart-free-delivery.yaml:13:5 RLN-1314',
        'actions/cart-offer-10.yaml:16:5 RLN-1314',
        'actions/winback-offer-15.yaml:13:5 RLN-1314',
      ],
    ],
    [
      'what no file uses',
      {
        'segments/forgotten.yaml': 'segment: forgotten\nwhen: profile.country == "FR"\n',
        'actions/lost.yaml': (SAMPLE.get('actions/winback-reminder.yaml') ?? '').replace(
          'action: winback-reminder',
          'action: lost',
        ),
        'actions/winback-reminder.yaml': [
          'template: winback-reminder',
          'template: winback-offer-15',
        ],
        'actions/lost2.yaml': null,
      },
      ['actions/lost.yaml:2:9 RLN-1315?', 'segments/forgotten.yaml:1:10 RLN-1315?'],
    ],
    [
      'a template no action uses',
      {
        'actions/winback-reminder.yaml': [
          'template: winback-reminder',
          'template: winback-offer-15',
        ],
      },
      ['templates/winback-reminder/template.yaml:2:11 RLN-1315?'],
    ],
  ];
  for (const [name, changes, expected] of tries) {
    it(`tells of ${name}`, () => expect(told(changes)).toEqual(expected));
  }
});

describe('variables that some people lack', () => {
  const subject = 'templates/cart-reminder/subject.fr.hbs';
  const tries: readonly (readonly [string, string, readonly string[]])[] = [
    ['written bare', 'Bonjour {{profile.firstName}}', [`${subject}:1:11 RLN-1411?`]],
    ['formatted', 'Score {{number profile.churnScore}}', [`${subject}:1:16 RLN-1411?`]],
    ['of an account', '{{account.name}}, bonjour', [`${subject}:1:3 RLN-1411?`]],
    ['asked for', '{{#if profile.firstName}}{{profile.firstName}}{{else}}vous{{/if}}', []],
    [
      'asked for the other way round',
      '{{#unless profile.firstName}}vous{{else}}{{profile.firstName}}{{/unless}}',
      [],
    ],
    [
      'written where they lack',
      '{{#if profile.firstName}}vous{{else}}{{profile.firstName}}{{/if}}',
      [`${subject}:1:40 RLN-1411?`],
    ],
    [
      'asked for with others',
      '{{#if (and profile.firstName profile.lastName)}}{{profile.firstName}} {{profile.lastName}}{{/if}}',
      [],
    ],
    [
      'one of several asked for',
      '{{#if (or profile.firstName profile.lastName)}}{{profile.lastName}}{{/if}}',
      [`${subject}:1:50 RLN-1411?`],
    ],
    ['with a default', 'Bonjour {{default profile.firstName "vous"}}', []],
    ['that are the address', 'Pour {{profile.email}}', []],
    ['that everybody has', '{{profile.aggregates.orders_365d}} commandes', []],
    ['in a comment', 'Bonjour {{! profile.firstName }}', []],
  ];
  for (const [name, text, expected] of tries) {
    it(`tells of those ${name}`, () => expect(told({ [subject]: text })).toEqual(expected));
  }

  it('takes the defaults of the template, and looks into SMS, not into tasks', () => {
    const text = 'Bonjour {{profile.firstName}}';
    const template = 'templates/cart-reminder/template.yaml';
    const given: Changes = {
      [subject]: text,
      [template]: [
        'profile.firstName: Camille',
        'profile.firstName: { example: Camille, default: vous }',
      ],
    };
    expect(told(given)).toEqual([]);
    const action = 'actions/winback-offer-15.yaml';
    const sms: Changes = {
      [action]: ['fr: "Maison Lumen', 'fr: "{{profile.firstName}} Maison Lumen'],
    };
    expect(told(sms)).toEqual([`${action}:16:14 RLN-1411?`]);
    const [problem] = problems(sms);
    expect(problem?.hint?.['fr']).toBe(
      'Prévoyez son absence : {{#if profile.firstName}}{{profile.firstName}}{{/if}}.',
    );
  });
});
