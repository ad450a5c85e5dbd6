import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../problems/catalogue.js';
import { problemOf } from '../problems/problem.js';
import { EXPECTATIONS } from './expectations.js';
import { roleOf } from './kinds.js';
import { checkFile } from './validate.js';

const SCENARIO = `scenario: abandoned-cart
name: { fr: Relance panier, en: Abandoned cart }
purpose: marketing
entry:
  on: cart_updated
steps:
  - wait: 1h
  - split:
      - { when: event.total > 3.0, then: [ { exit: big } ] }
      - { otherwise: true }
  - decide: { id: rescue, actions: [a, nothing], fallback: a, timeout: 150ms }
  - exit: done
`;

/** Problems of the scenario with one text replaced, as `line:column code`. */
function problems(from: string, to: string): readonly string[] {
  expect(SCENARIO).toContain(from);
  const checked = checkFile('scenario', 'x.yaml', SCENARIO.replace(from, to));
  if (checked.ok) return [];
  return checked.error.map(({ code, place }) => `${place?.line}:${place?.column} ${code}`);
}

describe('the shape of a file', () => {
  it('is that of its kind, with defaults filled in', () => {
    const checked = checkFile('scenario', 'x.yaml', SCENARIO);
    expect(checked.ok && checked.value.value).toMatchObject({
      priority: 50,
      holdout: '0%',
      limits: { max_age: '90d' },
      on_change: 'pin',
      entry: { on: 'cart_updated' },
      exit: [],
    });
  });

  it('has problems at the place of each', () => {
    const tries: readonly [from: string, to: string, told: readonly string[]][] = [
      ['purpose: marketing\n', '', ['1:1 RLN-1102']],
      ['purpose: marketing', 'purpose: Marketing!', ['3:10 RLN-1103']],
      ['purpose:', 'purpos: x\npurpose:', ['3:1 RLN-1101']],
      ['wait: 1h', 'wait: 1 hour', ['7:11 RLN-1103']],
      ['wait: 1h', 'wait: { fro: 1h }', ['7:5 RLN-1102', '7:13 RLN-1101']],
      ['wait: 1h', 'wiat: 1h', ['7:5 RLN-1105']],
      ['wait: 1h', 'webhook: { url: x }', ['7:5 RLN-1102', '7:16 RLN-1101']],
      ['wait: 1h', 'parallel: { branches: [{ then: [] }] }', ['7:27 RLN-1103']],
      ['wait: 1h', 'repeat: { times: 0, then: [] }', ['7:22 RLN-1103']],
      ['on: cart_updated', 'schedule: { at: "08:00" }', ['5:3 RLN-1102']],
      ['otherwise: true', 'name: x', ['10:9 RLN-1103']],
      ['exit: big', 'exit: Big', ['9:52 RLN-1103']],
      ['150ms', '150', ['11:72 RLN-1103']],
      ['150ms', '11s', ['11:72 RLN-1103']],
      ['[a, nothing]', '[a, a]', ['11:36 RLN-1103']],
      ['[a, nothing]', '[]', ['11:36 RLN-1103']],
      ['fallback: a', 'fallbak: a', ['11:5 RLN-1102', '11:50 RLN-1101']],
    ];
    for (const [from, to, told] of tries) expect(problems(from, to)).toEqual(told);
  });

  it('suggests what may have been meant', () => {
    const checked = checkFile('scenario', 'x.yaml', SCENARIO.replace('timeout', 'time_out'));
    expect(checked.ok).toBe(false);
    if (checked.ok) return;
    expect(checked.error[0]?.hint?.['en']).toMatch(/^Possible keys: timeout, /);
    expect(checked.error[0]?.hint?.['fr']).toMatch(/^Clés possibles : timeout, /);
  });

  it('stays quick however steps nest', () => {
    const open = '[{split: [{otherwise: true, then: '.repeat(14);
    const nested = `${open}[{wait: 1x}]${'}]}]'.repeat(14)}`;
    const source = SCENARIO.replace(/steps:[^]*/, `steps: ${nested}\n`);
    const start = performance.now();
    expect(checkFile('scenario', 'x.yaml', source).ok).toBe(false);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('the catalogue of problems', () => {
  it('says everything in both languages', () => {
    for (const [code, { message, hint }] of Object.entries(CATALOGUE)) {
      expect(code).toMatch(/^RLN-1\d{3}$/);
      for (const { fr = '', en = '' } of [message, hint]) {
        expect(fr.length).toBeGreaterThan(1);
        expect(en.length).toBeGreaterThan(1);
        const names = (given: string): string[] =>
          (given.match(/(?<!\{)\{\w+\}(?!\})/g) ?? []).sort();
        expect(new Set(names(fr))).toEqual(new Set(names(en)));
      }
    }
    for (const text of Object.values(EXPECTATIONS)) expect(text.fr).not.toBe('');
  });

  it('fills in its texts, and leaves template signs alone', () => {
    const place = { file: 'x', line: 1, column: 1 };
    expect(problemOf('RLN-1402', place).hint?.['en']).toContain('{{unsubscribe_url}}');
    const problem = problemOf('RLN-1005', place, { key: 'a'.repeat(1_000) });
    expect(problem.message['en']?.length).toBeLessThan(260);
  });
});

describe('the role of a path', () => {
  it('is told by folder and name', () => {
    const roles: readonly [path: string, role: string][] = [
      ['relance.yaml', 'relance'],
      ['abandoned-cart.yaml', 'scenario'],
      ['abandoned-cart.json', 'scenario'],
      ['abandoned-cart.test.yaml', 'test'],
      ['actions/a.yml', 'action'],
      ['templates/x/template.yaml', 'template'],
      ['templates/x/body.fr.mjml', 'template_part'],
      ['templates/x/y/z', 'unknown'],
      ['stray/x.yaml', 'unknown'],
      ['README.md', 'other'],
      ['.git/config.yaml', 'other'],
    ];
    for (const [path, role] of roles) {
      const found = roleOf(path);
      expect(found.role === 'kind' ? found.kind : found.role).toBe(role);
    }
  });
});

describe('the dates of an action', () => {
  const action = (from: string): readonly string[] => {
    const text = `action: a
name: { en: A }
issue: i
treatments: [ { channel: sms, text: { en: x } } ]
valid: { from: ${from} }
`;
    const checked = checkFile('action', 'actions/a.yaml', text);
    if (checked.ok) return [];
    return checked.error.map(({ code, place }) => `${place?.line}:${place?.column} ${code}`);
  };

  it.each(['2026-02-28', '2028-02-29', '2000-02-29', '2026-04-30', '2026-12-31', '+0d', '+60d'])(
    '%s is one',
    (date) => expect(action(date)).toEqual([]),
  );

  it.each([
    '2026-02-29',
    '2026-02-30',
    '2100-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '-1d',
  ])('%s is none', (date) => expect(action(date)).toEqual(['5:16 RLN-1103']));
});
