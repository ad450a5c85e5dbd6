import { describe, expect, it } from 'vitest';
import { changed } from '../testing/changed-sample.js';
import { lintWorkspace } from './lint-workspace.js';

const FILE = 'abandoned-cart.test.yaml';
const START = '{ at: 2026-05-04T10:00, event: cart_updated }';

/** The sample with one file of tests in place of its own. */
function linted(source: string) {
  const files = new Map(changed({}));
  for (const path of files.keys()) if (path.endsWith('.test.yaml')) files.delete(path);
  return lintWorkspace(files.set(FILE, source));
}

const told = (source: string): readonly string[] =>
  linted(source).problems.map(
    ({ code, place }) => `${place?.file}:${place?.line}:${place?.column} ${code}`,
  );

const withTimeline = (...lines: readonly string[]): string =>
  ['scenario: abandoned-cart', 'timeline:', ...lines.map((line) => `  - ${line}`)].join('\n');

const withHead = (head: string): string => `${withTimeline(START)}\n${head}`;

describe('a file of tests', () => {
  const tries: readonly (readonly [string, string, readonly string[]])[] = [
    ['without a case', 'scenario: abandoned-cart', ['1:1 RLN-1801']],
    [
      'with a timeline and a list of cases',
      `${withTimeline(START)}\ntests:\n  - { name: a, timeline: [${START}] }`,
      ['1:1 RLN-1801'],
    ],
    ['of no scenario there is', 'scenario: cart\ntimeline: []', ['2:11 RLN-1103']],
    ['of an unknown scenario', `scenario: cart\ntimeline: [${START}]`, ['1:11 RLN-1301']],
    ['beside an unknown scenario', withHead('with: [welcom]'), ['4:8 RLN-1301']],
    ['that does not say when it begins', withTimeline('{ event: cart_updated }'), ['3:5 RLN-1802']],
    [
      'with two times in one line',
      withTimeline('{ at: 2026-05-04T10:00, after: 1h, event: cart_updated }'),
      ['3:29 RLN-1803'],
    ],
    ['with a line that does nothing', withTimeline(START, '{ after: 1h }'), ['4:5 RLN-1804']],
    [
      'whose time goes back',
      withTimeline(START, '{ at: 2026-05-04T09:59, event: cart_viewed }'),
      ['4:11 RLN-1805'],
    ],
    [
      'on a day there is not',
      withTimeline('{ at: 2026-02-30T10:00, event: cart_updated }'),
      ['3:11 RLN-1806'],
    ],
    [
      'with an event that no file describes',
      withTimeline('{ at: 2026-05-04T10:00, event: cart_update }'),
      ['3:36 RLN-1302'],
    ],
    [
      'with an unknown trait, aggregate, segment and purpose',
      withHead(
        'profile: { traits: { nam: a }, aggregates: { orders: 1 }, segments: [vips], consents: { email.spam: granted } }',
      ),
      ['4:22 RLN-1301', '4:46 RLN-1301', '4:70 RLN-1301', '4:89 RLN-1301'],
    ],
    [
      'with an unknown decision, action and treatment',
      withHead('decisions: { rescu: nothing }'),
      ['4:14 RLN-1303'],
    ],
    [
      'with an action that the decision does not have',
      withHead('decisions: { rescue: welcome-offer }'),
      ['4:14 RLN-1207'],
    ],
    [
      'with a treatment that the action does not have',
      withHead('decisions: { rescue: cart-offer-10/long }'),
      ['4:14 RLN-1301'],
    ],
    ['with an experiment there is not', withHead('experiments: { a: b }'), ['4:16 RLN-1301']],
    [
      'that expects an unknown step and action',
      withTimeline(
        START,
        '{ after: 1h, expect: { waiting: came_bak } }',
        '{ after: 1h, expect: { delivered: cart-remind } }',
      ),
      ['4:26 RLN-1301', '5:39 RLN-1301'],
    ],
    [
      'that expects what no test can',
      withTimeline(START, '{ after: 1h, expect: { deliverd: cart-reminder } }'),
      ['4:28 RLN-1101'],
    ],
  ];

  for (const [what, source, expected] of tries) {
    it(`${what} is told at its place`, () => {
      expect(told(source)).toEqual(expected.map((each) => `${FILE}:${each}`));
    });
  }

  it('says each of its problems in both languages', () => {
    for (const { message, hint } of linted(withTimeline('{ after: 1h }')).problems) {
      expect(Object.keys(message)).toEqual(['fr', 'en']);
      expect(Object.keys(hint ?? {})).toEqual(['fr', 'en']);
    }
  });

  it('lends its person and decisions to the cases that have none of their own', () => {
    const cases = linted(
      [
        'scenario: abandoned-cart',
        'group: holdout',
        'decisions: { rescue: nothing }',
        'tests:',
        `  - { name: one, timeline: [${START}] }`,
        `  - { name: other, group: rules, decisions: live, timeline: [${START}] }`,
      ].join('\n'),
    ).tests;
    expect(cases?.map(({ name, group, decisions }) => [name, group, decisions])).toEqual([
      ['one', 'holdout', { rescue: 'nothing' }],
      ['other', 'rules', 'live'],
    ]);
  });

  it('that is wrong keeps nothing from being published', () => {
    for (const source of ['scenario: gone\ntimeline: []', withTimeline('{ after: 1h }')]) {
      const { workspace, problems } = linted(source);
      expect(problems.map(({ severity }) => severity)).toContain('error');
      expect(workspace).toBeDefined();
    }
  });

  it('is no part of what is published', () => {
    const published = linted(withTimeline(START)).workspace?.hash;
    expect(linted(withHead('group: holdout')).workspace?.hash).toBe(published);
  });
});
