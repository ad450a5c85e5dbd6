import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CART, changed, SAMPLE, type Changes } from '../testing/changed-sample.js';
import { lintWorkspace } from './lint-workspace.js';

function told(changes: Changes): readonly string[] {
  return lintWorkspace(changed(changes)).problems.map(
    ({ code, place }) => `${place?.file}:${place?.line}:${place?.column} ${code}`,
  );
}

/** Four branches of a hundred steps, as many as a list may have. */
const LONG_BRANCHES = ['1', '2', '3', null]
  .map((total) => (total === null ? 'otherwise: true' : `when: event.total > ${total}.0`))
  .map((reason) => `      - { ${reason}, then: [${'{ wait: 1h }, '.repeat(100)}] }\n`)
  .join('');

describe('lint', () => {
  const tries: readonly (readonly [string, Changes, readonly string[]])[] = [
    ['a missing relance.yaml', { 'relance.yaml': null }, ['relance.yaml:1:1 RLN-1106']],
    [
      'a step that can never be reached',
      { [CART]: ['  - exit: done', '  - exit: done\n  - wait: 1h\n  - wait: 2h\n  - exit: later'] },
      [`${CART}:55:5 RLN-1202`],
    ],
    ['a scenario without an end', { [CART]: ['  - exit: done\n', ''] }, [`${CART}:47:5 RLN-1203`]],
    [
      'an unknown action',
      { [CART]: ['cart-free-delivery, ', 'cart-fre-delivery, '] },
      [`${CART}:41:32 RLN-1301`],
    ],
    [
      'an unknown segment of a trigger',
      { [CART]: ['enters: complaint_open', 'enters: complaints'] },
      [`${CART}:16:26 RLN-1301`],
    ],
    [
      'an unknown segment within an expression',
      { 'actions/cart-offer-10.yaml': ["inSegment('never-discounts')", "inSegment('nobody')"] },
      ['actions/cart-offer-10.yaml:10:24 RLN-1301'],
    ],
    [
      'an unknown template',
      { 'actions/cart-reminder.yaml': ['template: cart-reminder', 'template: reminder'] },
      ['actions/cart-reminder.yaml:11:33 RLN-1301'],
    ],
    [
      'an unknown sender, and one of another channel',
      {
        'actions/cart-reminder.yaml': ['sender: shop', 'sender: shopp'],
        'actions/welcome-story.yaml': ['sender: shop', 'sender: sms'],
      },
      ['actions/cart-reminder.yaml:11:56 RLN-1301', 'actions/welcome-story.yaml:10:56 RLN-1304'],
    ],
    [
      'an unknown event',
      { [CART]: ['on: cart_viewed', 'on: cart_seen'] },
      [`${CART}:32:11 RLN-1302`],
    ],
    [
      'an unknown decision',
      { [CART]: ['deliver: { decision: rescue }', 'deliver: { decision: rescu }'] },
      [`${CART}:46:26 RLN-1303`],
    ],
    [
      'an unknown purpose',
      { [CART]: ['purpose: marketing', 'purpose: sales'] },
      [`${CART}:3:10 RLN-1301`],
    ],
    [
      'an unknown trait in an expression, placed inside it',
      { 'actions/cart-offer-10.yaml': ['profile.country == "FR"', 'profile.contry == "FR"'] },
      ['actions/cart-offer-10.yaml:8:19 RLN-1501'],
    ],
    [
      'a syntax error within a scalar',
      { [CART]: ['when: event.total >= 30.0', 'when: event.total >= '] },
      [`${CART}:10:23 RLN-1501`],
    ],
    [
      'a reward longer than the greatest age',
      { [CART]: ['within: 3d', 'within: 31d'] },
      [`${CART}:42:46 RLN-1206`],
    ],
    [
      'a fallback that is no candidate',
      { [CART]: ['fallback: cart-reminder', 'fallback: winback-reminder'] },
      [`${CART}:45:17 RLN-1207`],
    ],
    [
      'a delivery before its decision',
      { [CART]: ['steps:\n', 'steps:\n  - deliver: { decision: rescue }\n'] },
      [`${CART}:29:5 RLN-1208`],
    ],
    [
      'a split without otherwise',
      { [CART]: ['- { otherwise: true, then: [] }', "- { when: 'true' }"] },
      [`${CART}:52:13 RLN-1209`],
    ],
    [
      'two triggers in one',
      { [CART]: ['on: cart_updated', 'on: cart_updated\n  segment: { enters: vip }'] },
      [`${CART}:8:3 RLN-1210`],
    ],
    [
      'two steps of one name',
      { 'win-back.yaml': ['id: last_word', 'id: comeback'] },
      ['win-back.yaml:44:5 RLN-1204', 'win-back.yaml:49:26 RLN-1303'],
    ],
    [
      'existing without a segment',
      { [CART]: ['reentry: { after: 7d }', 'reentry: { after: 7d }\n  existing: enter'] },
      [`${CART}:13:13 RLN-1214`],
    ],
    [
      'redirects that lead nowhere',
      { [CART]: ['on_change: pin', 'redirects: { a: b } #'] },
      [`${CART}:26:1 RLN-1215`, `${CART}:26:17 RLN-1301`],
    ],
    [
      'a template without a declared locale',
      { 'templates/cart-reminder/body.en.mjml': null },
      ['templates/cart-reminder/template.yaml:2:11 RLN-1401'],
    ],
    [
      'a marketing e-mail without its unsubscribe link',
      {
        'templates/cart-reminder/body.en.mjml': ['{{unsubscribe_url}}', 'https://x.example'],
        'templates/cart-reminder/body.fr.txt.hbs': ['{{unsubscribe_url}}', ''],
      },
      [
        'templates/cart-reminder/body.en.mjml:1:1 RLN-1402',
        'templates/cart-reminder/body.fr.txt.hbs:1:1 RLN-1402',
      ],
    ],
    [
      'a marketing SMS without STOP',
      { 'actions/winback-offer-15.yaml': ['STOP to 36105', ''] },
      ['actions/winback-offer-15.yaml:17:11 RLN-1403'],
    ],
    [
      'a text without a locale',
      { 'actions/welcome-story.yaml': ['fr: Bienvenue et histoire de la maison, ', ''] },
      ['actions/welcome-story.yaml:3:7 RLN-1404'],
    ],
    [
      'an unknown template variable',
      { 'templates/cart-reminder/subject.fr.hbs': 'Bonjour {{profile.prenom}} {{nom}}' },
      [
        'templates/cart-reminder/subject.fr.hbs:1:11 RLN-1405',
        'templates/cart-reminder/subject.fr.hbs:1:30 RLN-1405',
      ],
    ],
    [
      'a transactional template in a marketing scenario',
      { 'templates/cart-reminder/template.yaml': ['purpose: marketing', 'purpose: transactional'] },
      ['actions/cart-reminder.yaml:11:33 RLN-1407'],
    ],
    [
      'a file that has no place',
      { 'templates/cart-reminder/body.html': '<p>', 'stray/x.yaml': 'a: 1' },
      ['stray/x.yaml:1:1 RLN-1104', 'templates/cart-reminder/body.html:1:1 RLN-1409'],
    ],
    [
      'a limit that lets nobody through',
      { 'actions/cart-reminder.yaml': ['30d: 3', '30d: 0'] },
      ['actions/cart-reminder.yaml:8:31 RLN-1601'],
    ],
    [
      'two treatments of one name',
      { 'actions/cart-offer-10.yaml': ['id: short', 'id: with-photo'] },
      ['actions/cart-offer-10.yaml:15:5 RLN-1602'],
    ],
    [
      'a segment that asks about itself',
      { 'segments/vip.yaml': ['profile.aggregates.orders_365d >= 4', "inSegment('vip')"] },
      ['segments/vip.yaml:5:18 RLN-1605'],
    ],
    [
      'an unknown source and trait of a mapping',
      {
        'mappings/profiles.yaml': ['source: erp', 'source: sap'],
        'mappings/accounts.yaml': ['firstName:', 'prenom:'],
      },
      ['mappings/accounts.yaml:9:11 RLN-1301', 'mappings/profiles.yaml:4:9 RLN-1301'],
    ],
    [
      'what a CRM cannot be told of yet',
      { 'crm/file.yaml': ['push: [membership', 'push: [upsertContact, loyalty, membership'] },
      ['crm/file.yaml:32:8 RLN-1201', 'crm/file.yaml:32:23 RLN-1201'],
    ],
    [
      'one broken file, and no echo of it in others',
      { 'actions/cart-reminder.yaml': ['issue: retention\n', ''] },
      ['actions/cart-reminder.yaml:2:1 RLN-1102'],
    ],
    [
      'a scenario of more steps than it may have',
      { [CART]: ['  - exit: done\n', `  - split:\n${LONG_BRANCHES}  - exit: done\n`] },
      [`${CART}:28:1 RLN-1212`],
    ],
    [
      'a whole number compared with one that is not',
      { [CART]: ['event.total >= 30.0', 'event.total == 30'] },
      [`${CART}:10:9 RLN-1502`],
    ],
    [
      'a segment that compares them',
      { 'segments/vip.yaml': ['>= 600.0', '== 600'] },
      ['segments/vip.yaml:5:46 RLN-1502'],
    ],
    [
      'a picture without TLS',
      {
        'templates/cart-reminder/body.en.mjml': [
          '<mj-button href',
          '<mj-image src="http://x.example/a.png" />\n        <mj-button href',
        ],
      },
      ['templates/cart-reminder/body.en.mjml:27:19 RLN-1408'],
    ],
    [
      'a message so long that mailboxes cut it',
      {
        'templates/cart-reminder/body.en.mjml': [
          'We kept what you chose.',
          'We kept it. '.repeat(10_000),
        ],
      },
      ['templates/cart-reminder/body.en.mjml:1:1 RLN-1406'],
    ],
    [
      'an action called nothing',
      {
        'actions/nothing.yaml': (SAMPLE.get('actions/call-from-rep.yaml') ?? '').replace(
          'action: call-from-rep',
          'action: nothing',
        ),
      },
      ['actions/nothing.yaml:2:9 RLN-1604'],
    ],
    [
      'a template that is not called as its folder',
      { 'templates/cart-reminder/template.yaml': ['template: cart-reminder', 'template: cart'] },
      [
        'actions/cart-reminder.yaml:11:33 RLN-1301',
        'templates/cart-reminder/template.yaml:2:11 RLN-1606',
      ],
    ],
    [
      'twins',
      { 'segments/vip2.yaml': SAMPLE.get('segments/vip.yaml') ?? '' },
      ['segments/vip2.yaml:2:10 RLN-1107', 'segments/vip2.yaml:5:7 RLN-1605'],
    ],
  ];
  for (const [name, changes, problems] of tries) {
    it(`tells ${name}`, () => expect(told(changes)).toEqual(problems));
  }

  it('compiles nothing while there are errors, and something while there are warnings', () => {
    expect(lintWorkspace(changed({ 'relance.yaml': null })).workspace).toBeUndefined();
    const warned = lintWorkspace(changed({ [CART]: ['on: cart_viewed', 'on: cart_seen'] }));
    expect(warned.problems.every(({ severity }) => severity === 'warning')).toBe(true);
    expect(warned.workspace).toBeDefined();
  });

  it('never throws, whatever a file holds, and is quick', () => {
    const paths = [...SAMPLE.keys()];
    const bits = ['', ' ', '\n', ':', '- ', '{', '}', '[', '"', "'", '{{', '}}', '\u0000', '  '];
    const edit = fc.record({
      file: fc.nat(paths.length - 1),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(40),
      put: fc.oneof(fc.constantFrom(...bits), fc.string({ maxLength: 8 })),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const files = new Map(SAMPLE);
        for (const { file, at, cut, put } of edits) {
          const path = paths[file] ?? '';
          const text = files.get(path) ?? '';
          const start = Math.floor(at * text.length);
          files.set(path, text.slice(0, start) + put + text.slice(start + cut));
        }
        for (const { code, message, place } of lintWorkspace(files).problems) {
          expect(code).toMatch(/^RLN-\d{4}$/);
          expect(message['fr']).not.toMatch(/undefined|\[object/);
          expect(place?.line).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('the compiled abandoned cart', () => {
  const { workspace } = lintWorkspace(SAMPLE);
  const definition = workspace?.definitions.find(({ scenario }) => scenario === 'abandoned-cart');

  it('has the step ids of its branches', () => {
    expect(Object.keys(definition?.steps ?? {})).toEqual([
      'wait-1',
      'came_back',
      'came_back/then/exit-1',
      'wait_until-1',
      'rescue',
      'deliver-1',
      'wait_for-2',
      'wait_for-2/else/split-1',
      'wait_for-2/else/split-1/when-1/task-1',
      'exit-1',
    ]);
  });

  it('says everything the file says', () => {
    expect(definition).toMatchObject({
      start: 'wait-1',
      priority: 60,
      holdoutShare: 0.1,
      maxAgeMs: 30 * 86_400_000,
      entry: {
        on: ['cart_updated'],
        when: 'event.total >= 30.0',
        key: 'event.cart_id',
        reentry: { afterMs: 7 * 86_400_000 },
        existing: 'ignore',
      },
      exits: [
        { on: ['order_completed'], as: 'converted' },
        { on: ['relance_segment_entered'], segment: 'complaint_open', as: 'complaint' },
      ],
      goal: { on: ['order_completed'], withinMs: 14 * 86_400_000, value: 'event.total' },
      steps: {
        came_back: { lookback: 'entry', then: 'came_back/then/exit-1', else: 'wait_until-1' },
        rescue: { timeoutMs: 150, reward: { withinMs: 3 * 86_400_000 } },
        'wait_for-2': { then: 'exit-1', else: 'wait_for-2/else/split-1' },
      },
      questions: [{ kind: 'next_local_time', time: '18:30', zone: 'profile', onGap: 'later' }],
    });
    // What its actions and their templates read is kept as well.
    expect(definition?.reads.entry).toEqual(['cart_id', 'products', 'total']);
  });

  it('keeps its hash through edits elsewhere, and changes it with what it says', () => {
    const hashOf = (changes: Changes): string | undefined =>
      lintWorkspace(changed(changes)).workspace?.definitions.find(
        ({ scenario }) => scenario === 'abandoned-cart',
      )?.hash;
    expect(hashOf({})).toBe(definition?.hash);
    expect(hashOf({ [CART]: ['# an event', '# any event'] })).toBe(definition?.hash);
    expect(hashOf({ 'welcome.yaml': null })).toBe(definition?.hash);
    expect(hashOf({ [CART]: ['up_to: 20h', 'up_to: 21h'] })).not.toBe(definition?.hash);
  });

  it('is plain JSON, as the whole workspace is', () => {
    expect(JSON.parse(JSON.stringify(workspace))).toEqual(workspace);
  });
});
