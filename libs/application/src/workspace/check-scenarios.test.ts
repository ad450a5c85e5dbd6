import { describe, expect, it } from 'vitest';
import { CART, type Changes } from '../testing/changed-sample.js';
import { problems, told, trial } from '../testing/linted-sample.js';

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
      'arms of one name',
      trial(
        '  - experiment: { id: try, arms: [ { name: a }, { name: a } ] }',
        'entry: { on: signed_up }\ngoal: { on: order_completed, within: 7d }',
      ),
      ['trial.yaml:8:5 RLN-1250'],
    ],
    [
      'branches of one name',
      trial(
        '  - split:\n      - { name: a, when: profile.country == "FR" }\n      - { name: a, otherwise: true }',
      ),
      ['trial.yaml:7:5 RLN-1250'],
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
