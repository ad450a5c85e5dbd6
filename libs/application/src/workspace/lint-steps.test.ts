import { describe, expect, it } from 'vitest';
import { CART, changed, type Changes } from '../testing/changed-sample.js';
import { lintWorkspace } from './lint-workspace.js';

const told = (changes: Changes): readonly string[] =>
  lintWorkspace(changed(changes)).problems.map(
    ({ code, place }) => `${place?.file}:${place?.line}:${place?.column} ${code}`,
  );

/** The cart's scenario with steps in place of its first one, which stands on line 29. */
const cart = (...steps: readonly string[]): Changes => ({
  [CART]: ['- wait: 1h', steps.map((step) => `- ${step}`).join('\n  ')],
  // Its tests name the step that is gone.
  'abandoned-cart.test.yaml': null,
});

const ENDPOINT: Changes = {
  'relance.yaml': ['senders:', 'webhooks: { erp: { url: "https://erp.example/in" } }\nsenders:'],
};
const BY_API = `scenario: after
name: { fr: Suite, en: After }
purpose: marketing
entry: { api: true, when: "event.why == 'cart'", reentry: always }
goal: { on: order_completed, within: 7d }
steps: [ { exit: done } ]
`;

const branches = (count: number, then: string): string =>
  `[ ${Array.from({ length: count }, () => `{ then: [ ${then} ] }`).join(', ')} ]`;

describe('lint of steps', () => {
  const right: readonly (readonly [string, Changes])[] = [
    [
      'a call whose answer is read',
      {
        ...ENDPOINT,
        ...cart(
          'webhook: { id: score, to: erp, body: { cart: { cel: entry.cart_id } }, timeout: 5s }',
          'split: [ { when: vars.score.ok && vars.score.body.risk > 0.5, then: [ { exit: risky } ] }, { otherwise: true } ]',
        ),
      },
    ],
    [
      'points',
      cart(
        'points: { add: 50, reason: welcome }',
        'points: { take: "entry.total", reason: spent }',
      ),
    ],
    [
      'branches side by side, one within another',
      cart(
        `parallel: { join: any, branches: ${branches(2, `{ parallel: { branches: ${branches(8, '{ wait: 1h }')} } }`)} }`,
      ),
    ],
    [
      'a loop whose round is read',
      cart('repeat: { id: tries, times: 3, until: vars.tries.round > 2, then: [ { wait: 1h } ] }'),
    ],
    [
      'a scenario entered by another',
      { ...cart('enrol: { scenario: after, properties: { why: cart } }'), 'after.yaml': BY_API },
    ],
    [
      'a decision that every way through has made',
      cart(
        `parallel: { branches: [ { then: [ { decide: { id: early, actions: [cart-reminder], fallback: cart-reminder } } ] }, { then: [ { wait: 1h } ] } ] }`,
        'deliver: { decision: early }',
      ),
    ],
  ];
  it.each(right)('takes %s', (_, changes) => expect(told(changes)).toEqual([]));

  const wrong: readonly (readonly [string, Changes, readonly string[]])[] = [
    [
      'an endpoint that relance.yaml does not name',
      { ...ENDPOINT, ...cart('webhook: { to: epr }') },
      [`${CART}:29:20 RLN-1301`],
    ],
    [
      'an endpoint without TLS, or with a password in it',
      {
        'relance.yaml': [
          'senders:',
          'webhooks: { a: { url: "http://erp.example/" }, b: { url: "https://u:p@erp.example/" } }\nsenders:',
        ],
      },
      ['relance.yaml:8:23 RLN-1103', 'relance.yaml:8:58 RLN-1103'],
    ],
    [
      'points that are no number',
      cart('points: { add: "entry.cart_id", reason: x }'),
      [`${CART}:29:21 RLN-1501`],
    ],
    [
      'points that are not whole',
      cart('points: { add: 0.5, reason: x }'),
      [`${CART}:29:20 RLN-1271`],
    ],
    ['too many points', cart('points: { take: 1000001, reason: x }'), [`${CART}:29:21 RLN-1271`]],
    [
      'a scenario that another may not enter, and one that is none',
      cart('enrol: { scenario: win-back }', 'enrol: { scenario: winback }'),
      [`${CART}:29:24 RLN-1272`, `${CART}:30:24 RLN-1301`],
    ],
    [
      'too many branches side by side',
      cart(
        `parallel: { branches: ${branches(3, `{ parallel: { branches: ${branches(6, '{ wait: 1h }')} } }`)} }`,
      ),
      [`${CART}:29:5 RLN-1270`],
    ],
    [
      'steps after branches of which none goes on',
      cart(`parallel: { branches: ${branches(2, '{ exit: out }')} }`),
      [`${CART}:30:5 RLN-1202`],
    ],
    [
      'steps after a loop that always ends within',
      cart('repeat: { times: 2, then: [ { exit: out } ] }'),
      [`${CART}:30:5 RLN-1202`],
    ],
    [
      'a decision that only one branch of any has made',
      cart(
        `parallel: { join: any, branches: [ { then: [ { decide: { id: early, actions: [cart-reminder], fallback: cart-reminder } } ] }, { then: [ { wait: 1h } ] } ] }`,
        'deliver: { decision: early }',
      ),
      [`${CART}:30:5 RLN-1208`],
    ],
    [
      'a condition that is none',
      cart('repeat: { times: 3, until: entry.cart_id, then: [ { wait: 1h } ] }'),
      [`${CART}:29:32 RLN-1501`],
    ],
  ];
  it.each(wrong)('tells %s', (_, changes, problems) => expect(told(changes)).toEqual(problems));
});
