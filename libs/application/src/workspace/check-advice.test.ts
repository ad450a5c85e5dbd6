import { describe, expect, it } from 'vitest';
import type { Problem } from '#libs/kernel';
import { CART, changed, SAMPLE, type Changes } from '../testing/changed-sample.js';
import { lintWorkspace } from './lint-workspace.js';

function problems(changes: Changes): readonly Problem[] {
  return lintWorkspace(changed(changes)).problems;
}

function told(changes: Changes): readonly string[] {
  return problems(changes).map(
    ({ code, severity, place }) =>
      `${place?.file}:${place?.line}:${place?.column} ${code}${severity === 'error' ? '' : '?'}`,
  );
}

/** The sample's policies with other quiet hours. */
const hours = (rules: string): Changes => ({
  'policies.yaml': (SAMPLE.get('policies.yaml') ?? '').replace(
    /quiet_hours:[^]*?\nholds:/,
    `quiet_hours:\n${rules}\nholds:`,
  ),
});

/** A scenario of its own, so that places stay readable: steps begin at line 7. */
const trial = (steps: string, head = ''): Changes => ({
  'trial.yaml': `scenario: trial
name: { fr: Essai, en: Trial }
purpose: marketing
${head === '' ? 'entry: { on: signed_up }' : head}
limits: { max_age: 30d }
steps:
${steps}
  - exit: done
`,
});

describe('waits', () => {
  const tries: readonly (readonly [string, Changes, readonly string[]])[] = [
    ['as long as the greatest age', trial('  - wait: 30d'), []],
    ['longer than the greatest age', trial('  - wait: 31d'), ['trial.yaml:7:11 RLN-1240']],
    [
      'longer, written out',
      trial('  - wait: { for: 5w, on_resume: skip }'),
      ['trial.yaml:7:18 RLN-1240'],
    ],
    [
      'for an event, longer',
      trial('  - wait_for: { on: page_viewed, up_to: 31d, then: [ { exit: seen } ] }'),
      ['trial.yaml:7:41 RLN-1240'],
    ],
    ['that add up to the greatest age', trial('  - wait: 10d\n  - wait: 20d'), []],
    [
      'that add up to more',
      trial('  - wait: 10d\n  - wait: 20d\n  - wait: 1h\n  - wait: 1h'),
      ['trial.yaml:10:5 RLN-1241'],
    ],
    [
      'that add up to more on one branch only',
      trial(
        '  - split:\n      - { when: profile.country == "FR", then: [ { wait: 29d } ] }\n      - { otherwise: true }\n  - wait: 29d',
      ),
      [],
    ],
    [
      'whose event may come at once',
      trial('  - wait_for: { on: page_viewed, up_to: 20d }\n  - wait: 20d'),
      [],
    ],
    [
      'that end late where the event does not come',
      trial(
        '  - wait_for:\n      on: page_viewed\n      up_to: 20d\n      then: [ { exit: seen } ]\n      else: [ { wait: 20d }, { exit: late } ]',
      ),
      ['trial.yaml:11:30 RLN-1241', 'trial.yaml:12:5 RLN-1202'],
    ],
    ['without an end', trial('  - wait_for: { on: page_viewed }'), ['trial.yaml:7:5 RLN-1242?']],
    [
      'without an end, and with an else',
      trial('  - wait_for: { on: page_viewed, else: [ { exit: never } ] }'),
      ['trial.yaml:7:34 RLN-1243'],
    ],
  ];
  for (const [name, changes, expected] of tries) {
    it(`tells of those ${name}`, () => expect(told(changes)).toEqual(expected));
  }

  it('proposes a greatest age that is enough', () => {
    const [problem] = problems(trial('  - wait: 31d'));
    expect(problem?.hint?.['en']).toBe('Shorten it, or write "limits: { max_age: 32d }".');
    const enough = trial('  - wait: 31d');
    const text = String(enough['trial.yaml']).replace('max_age: 30d', 'max_age: 32d');
    expect(told({ 'trial.yaml': text })).toEqual([]);
  });
});

describe('triggers', () => {
  const tries: readonly (readonly [string, Changes, readonly string[]])[] = [
    [
      'an experiment without a goal',
      trial('  - experiment: { id: try, arms: [ { name: a }, { name: b } ] }'),
      ['trial.yaml:7:5 RLN-1244?'],
    ],
    [
      'an experiment with one',
      trial(
        '  - experiment: { id: try, arms: [ { name: a }, { name: b } ] }',
        'entry: { on: signed_up }\ngoal: { on: order_completed, within: 7d }',
      ),
      [],
    ],
    [
      'an exit on the entry event',
      trial('  - wait: 1h', 'entry: { on: signed_up }\nexit: [ { on: signed_up, as: again } ]'),
      ['trial.yaml:5:9 RLN-1245?'],
    ],
    [
      'an exit on the segment that enters',
      trial(
        '  - wait: 1h',
        'entry: { segment: { enters: vip } }\nexit: [ { segment: { enters: vip }, as: again }, { segment: { leaves: vip }, as: gone } ]',
      ),
      ['trial.yaml:5:9 RLN-1245?'],
    ],
    [
      'a wait for what an exit takes',
      trial(
        '  - wait_for: { on: order_completed, up_to: 3d, then: [ { exit: bought } ] }',
        'entry: { on: signed_up }\nexit: [ { on: order_completed, as: converted } ]',
      ),
      ['trial.yaml:8:15 RLN-1246?'],
    ],
    [
      'a wait that an exit leaves something to do',
      trial(
        '  - wait_for: { on: order_completed, up_to: 3d }',
        'entry: { on: signed_up }\nexit: [ { on: order_completed, as: converted } ]',
      ),
      [],
    ],
    [
      'people who enter again at once',
      trial('  - wait: 1h', 'entry: { on: page_viewed, reentry: always }'),
      ['trial.yaml:4:36 RLN-1247?'],
    ],
    [
      'people who enter again by key',
      trial('  - wait: 1h', 'entry: { on: cart_updated, key: event.cart_id, reentry: always }'),
      [],
    ],
    [
      'people who enter again, seldom',
      trial('  - wait: 1h', 'entry: { on: signed_up, reentry: always }'),
      [],
    ],
    [
      'a goal longer than the memory',
      trial('  - wait: 1h', 'entry: { on: signed_up }\ngoal: { on: order_completed, within: 60w }'),
      ['trial.yaml:5:38 RLN-1248?'],
    ],
    [
      'an action made for another entry',
      trial('  - deliver: { action: cart-reminder }'),
      ['trial.yaml:7:24 RLN-1249?'],
    ],
    [
      'a property that the event does not declare',
      { [CART]: ['when: event.total >= 30.0', 'when: event.totl >= 30.0'] },
      [`${CART}:10:9 RLN-1502?`],
    ],
    [
      'a property that the entry does not carry',
      { 'win-back.yaml': ['as: converted', 'as: converted, when: event.total > entry.total'] },
      ['win-back.yaml:15:63 RLN-1502?'],
    ],
  ];
  for (const [name, changes, expected] of tries) {
    it(`tells of ${name}`, () => expect(told(changes)).toEqual(expected));
  }
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

it('every problem of these has both languages, filled in', () => {
  const some = [
    ...problems(trial('  - wait: 31d\n  - wait_for: { on: page_viewed }')),
    ...problems(trial('  - deliver: { action: cart-reminder }')),
  ];
  expect(some.length).toBeGreaterThan(2);
  for (const { message, hint } of some) {
    for (const locale of ['fr', 'en']) {
      expect(`${message[locale]} ${hint?.[locale]}`).not.toMatch(/undefined|\[object|\{\w+\}| {2}/);
    }
  }
});
