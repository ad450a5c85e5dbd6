/**
 * For problems of files: a file that has the problem and the same put right, each as a whole, to be
 * read within the sample workspace. `tests/architecture/problem-examples.test.ts` lints them.
 */

const HEAD = `scenario: made
name: { fr: Essai, en: Trial }
purpose: marketing
`;

/** A scenario: what stands between its head and its steps, and the steps. */
const scenario = (steps, more = 'entry: { on: signed_up }') => `${HEAD}${more}
steps:
${steps}
  - exit: done
`;
const steps = (wrong, right, more) => ({
  file: 'made.yaml',
  wrong: scenario(wrong, more),
  right: scenario(right, more),
});
const head = (wrong, right) => ({
  file: 'made.yaml',
  wrong: scenario('  - wait: 1h', wrong),
  right: scenario('  - wait: 1h', right),
});

const action = (lines) => `action: made
name: { fr: Essai, en: Trial }
issue: retention
${lines}
`;
const EMAIL = 'treatments: [ { channel: email, template: cart-reminder, sender: shop } ]';
const actions = (wrong, right) => ({
  file: 'actions/made.yaml',
  wrong: action(wrong),
  right: action(right),
});
const segment = (wrong, right) => ({
  file: 'segments/made.yaml',
  wrong: `segment: made\n${wrong}\n`,
  right: `segment: made\n${right}\n`,
});

const POLICIES = `purposes:
  marketing: { basis: [opt_in] }
  transactional: { basis: [contract], ignores: [caps, quiet_hours] }
`;
const policies = (wrong, right) => ({
  file: 'policies.yaml',
  wrong: `${POLICIES}${wrong}\n`,
  right: `${POLICIES}${right}\n`,
});

const ASKS = '  - decide: { id: choice, actions: [welcome-story, nothing], fallback: nothing }';

const side = (count) =>
  `{ then: [ { parallel: { branches: [ ${Array(count).fill('{ then: [ { wait: 1d } ] }').join(', ')} ] } } ] }`;

export const EXAMPLES = {
  'RLN-1005': head(
    'entry: { on: signed_up }\npriority: 10\npriority: 20',
    'entry: { on: signed_up }\npriority: 20',
  ),
  'RLN-1006': head('entry: &first { on: signed_up }', 'entry: { on: signed_up }'),
  'RLN-1007': {
    file: 'segments/made.yaml',
    wrong: '# nothing yet\n',
    right: 'segment: made\nwhen: profile.country == "FR"\n',
  },
  'RLN-1009': segment(
    'when: profile.country == "FR"\n---\nsegment: other',
    'when: profile.country == "FR"',
  ),
  'RLN-1101': head(
    'entry: { on: signed_up, reentri: always }',
    'entry: { on: signed_up, reentry: always }',
  ),
  'RLN-1102': {
    file: 'segments/made.yaml',
    wrong: 'segment: made\n',
    right: 'segment: made\nwhen: profile.country == "FR"\n',
  },
  'RLN-1103': steps('  - wait: 3 days', '  - wait: 3d'),
  'RLN-1105': steps('  - sleep: 1h', '  - wait: 1h'),
  'RLN-1202': steps('  - exit: early\n  - wait: 1h', '  - wait: 1h'),
  'RLN-1203': {
    file: 'made.yaml',
    wrong: `${HEAD}entry: { on: signed_up }\nsteps:\n  - wait: 1h\n`,
    right: `${HEAD}entry: { on: signed_up }\nsteps:\n  - wait: 1h\n  - exit: done\n`,
  },
  'RLN-1204': steps(
    '  - wait: { id: pause, for: 1h }\n  - wait: { id: pause, for: 2h }',
    '  - wait: { id: pause, for: 1h }\n  - wait: { id: second_pause, for: 2h }',
  ),
  'RLN-1206': steps(
    '  - decide: { id: choice, actions: [welcome-story, nothing], fallback: nothing, reward: { on: order_completed, within: 60d } }',
    '  - decide: { id: choice, actions: [welcome-story, nothing], fallback: nothing, reward: { on: order_completed, within: 14d } }',
    'entry: { on: signed_up }\nlimits: { max_age: 30d }',
  ),
  'RLN-1207': steps(
    '  - decide: { id: choice, actions: [welcome-story, nothing], fallback: welcome-offer }',
    '  - decide: { id: choice, actions: [welcome-story, nothing], fallback: welcome-story }',
  ),
  'RLN-1208': steps(
    `  - deliver: { decision: choice }\n${ASKS}`,
    `${ASKS}\n  - deliver: { decision: choice }`,
  ),
  'RLN-1209': steps(
    '  - split:\n      - { when: profile.country == "FR", then: [ { wait: 1h } ] }',
    '  - split:\n      - { when: profile.country == "FR", then: [ { wait: 1h } ] }\n      - { otherwise: true }',
  ),
  'RLN-1210': head(
    'entry: { on: signed_up, segment: { enters: vip } }',
    'entry: { segment: { enters: vip } }',
  ),
  'RLN-1214': head(
    'entry: { on: signed_up, existing: enter }',
    'entry: { segment: { enters: vip }, existing: enter }',
  ),
  'RLN-1240': steps(
    '  - wait: 45d',
    '  - wait: 14d',
    'entry: { on: signed_up }\nlimits: { max_age: 30d }',
  ),
  'RLN-1241': steps(
    '  - wait: 20d\n  - wait: 20d\n  - wait_until: { time: "18:30" }',
    '  - wait: 10d\n  - wait: 10d\n  - wait_until: { time: "18:30" }',
    'entry: { on: signed_up }\nlimits: { max_age: 30d }',
  ),
  'RLN-1242': steps(
    '  - wait_for: { on: page_viewed }',
    '  - wait_for: { on: page_viewed, up_to: 3d }',
  ),
  'RLN-1243': steps(
    '  - wait_for: { on: page_viewed, else: [ { exit: silent } ] }',
    '  - wait_for: { on: page_viewed, up_to: 3d, else: [ { exit: silent } ] }',
  ),
  'RLN-1244': {
    file: 'made.yaml',
    wrong: scenario('  - experiment: { id: try, arms: [ { name: a }, { name: b } ] }'),
    right: scenario(
      '  - experiment: { id: try, arms: [ { name: a }, { name: b } ] }',
      'entry: { on: signed_up }\ngoal: { on: order_completed, within: 14d, value: event.total }',
    ),
  },
  'RLN-1245': head(
    'entry: { on: cart_updated }\nexit: [ { on: cart_updated, as: again } ]',
    'entry: { on: cart_updated }\nexit: [ { on: cart_updated, when: event.cart_id != entry.cart_id, as: again } ]',
  ),
  'RLN-1246': {
    file: 'made.yaml',
    wrong: scenario(
      '  - wait_for: { on: order_completed, up_to: 3d, then: [ { exit: bought } ] }',
      'entry: { on: signed_up }\nexit: [ { on: order_completed, as: converted } ]',
    ),
    right: scenario(
      '  - wait_for: { on: order_completed, up_to: 3d, then: [ { exit: bought } ] }',
      'entry: { on: signed_up }\nexit: [ { on: order_completed, when: event.total > 500.0, as: converted } ]',
    ),
  },
  'RLN-1247': head(
    'entry: { on: page_viewed, reentry: always }',
    'entry: { on: page_viewed, reentry: { after: 7d } }',
  ),
  'RLN-1248': head(
    'entry: { on: signed_up }\ngoal: { on: order_completed, within: 90w }',
    'entry: { on: signed_up }\ngoal: { on: order_completed, within: 30d }',
  ),
  'RLN-1249': steps(
    '  - deliver: { action: cart-reminder }',
    '  - deliver: { action: welcome-story }',
  ),
  'RLN-1250': steps(
    '  - experiment: { id: try, arms: [ { name: a }, { name: a } ] }',
    '  - experiment: { id: try, arms: [ { name: a }, { name: b } ] }',
    'entry: { on: signed_up }\ngoal: { on: order_completed, within: 14d }',
  ),
  'RLN-1270': steps(
    `  - parallel: { branches: [ ${side(8)}, ${side(8)}, ${side(8)} ] }`,
    `  - parallel: { branches: [ ${side(4)}, ${side(4)}, ${side(4)} ] }`,
  ),
  'RLN-1271': steps(
    '  - points: { add: 12.5, reason: welcome }',
    '  - points: { add: 12, reason: welcome }',
  ),
  'RLN-1272': steps(
    '  - enrol: { scenario: win-back }',
    '  - emit: { event: win_back_wanted, properties: { from: made } }',
  ),
  'RLN-1301': steps(
    '  - deliver: { action: welcome-stori }',
    '  - deliver: { action: welcome-story }',
  ),
  'RLN-1302': head('entry: { on: signed_upp }', 'entry: { on: signed_up }'),
  'RLN-1303': steps(
    `${ASKS}\n  - deliver: { decision: chioce }`,
    `${ASKS}\n  - deliver: { decision: choice }`,
  ),
  'RLN-1304': actions(
    'treatments: [ { channel: email, template: cart-reminder, sender: sms } ]',
    EMAIL,
  ),
  'RLN-1311': policies(
    'quiet_hours:\n  - { channel: sms, allow: { from: "08:00", to: "08:00" } }',
    'quiet_hours:\n  - { channel: sms, allow: { from: "08:00", to: "20:00" } }',
  ),
  'RLN-1312': policies(
    'quiet_hours:\n  - { channel: sms, allow: { days: [mon], from: "08:00", to: "20:00" } }',
    'quiet_hours:\n  - { channel: sms, allow: { days: [mon, wed, fri], from: "08:00", to: "20:00" } }',
  ),
  'RLN-1313': policies(
    'caps:\n  - { channel: email, purpose: marketing, per: 1d, max: 0 }',
    'caps:\n  - { channel: email, purpose: marketing, per: 1d, max: 1 }',
  ),
  'RLN-1316': steps(
    '  - emit: { event: relance_message_clicked }',
    '  - emit: { event: complaint_opened }',
  ),
  'RLN-1317': steps(
    '  - wait_until: { time: "18:30", zone: Europe/Pariss }',
    '  - wait_until: { time: "18:30", zone: Europe/Paris }',
  ),
  'RLN-1403': actions(
    'treatments: [ { channel: sms, text: { fr: Bonjour, en: Hello } } ]',
    'treatments: [ { channel: sms, text: { fr: Bonjour. STOP au 36105, en: Hello. STOP to 36105 } } ]',
  ),
  'RLN-1404': actions(
    'treatments: [ { channel: sms, text: { fr: Bonjour. STOP au 36105 } } ]',
    'treatments: [ { channel: sms, text: { fr: Bonjour. STOP au 36105, en: Hello. STOP to 36105 } } ]',
  ),
  'RLN-1405': {
    file: 'templates/cart-reminder/subject.fr.hbs',
    wrong: 'Votre panier, {{prenom}}\n',
    right: 'Votre panier{{#if profile.firstName}}, {{profile.firstName}}{{/if}}\n',
  },
  'RLN-1411': {
    file: 'templates/cart-reminder/subject.fr.hbs',
    wrong: 'Votre panier, {{profile.firstName}}\n',
    right: 'Votre panier, {{default profile.firstName "à bientôt"}}\n',
  },
  'RLN-1412': steps(
    '  - task: { for: owner, due: 2d, title: "Call {{#if profile.firstName}}" }',
    '  - task: { for: owner, due: 2d, title: "Call {{profile.firstName}}" }',
  ),
  'RLN-1501': head(
    'entry: { on: signed_up, when: profile.contry == "FR" }',
    'entry: { on: signed_up, when: profile.country == "FR" }',
  ),
  'RLN-1502': head(
    'entry: { on: cart_updated, when: event.total >= 30 }',
    'entry: { on: cart_updated, when: event.total >= 30.0 }',
  ),
  'RLN-1601': actions(
    `limits: { per_profile: { 30d: 0 } }\n${EMAIL}`,
    `limits: { per_profile: { 30d: 1 } }\n${EMAIL}`,
  ),
  'RLN-1602': actions(
    'treatments:\n  - { channel: email, template: cart-reminder, sender: shop }\n  - { channel: email, template: cart-offer-10, sender: shop }',
    'treatments:\n  - { channel: email, template: cart-reminder, sender: shop }\n  - { id: offer, channel: email, template: cart-offer-10, sender: shop }',
  ),
  'RLN-1604': {
    file: 'actions/nothing.yaml',
    wrong: action(EMAIL).replace('action: made', 'action: nothing'),
    right: action(EMAIL).replace('action: made', 'action: say-hello'),
  },
  'RLN-1605': segment("when: inSegment('made')", "when: inSegment('vip')"),
};
